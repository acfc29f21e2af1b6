import { expect, it } from 'vitest';
import { compileOn } from '../../../src/tensors/compile.ts';
import { startExecutor } from '../../../src/tensors/executors/choose.ts';
import { type HostTensor, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';
import { sessionCount } from '../../../src/tensors/programs/sessions.ts';
import { fakeDevice, warningsOf } from '../fixtures/fake-device.ts';

const { graph: cpu } = await startExecutor('onnx-cpu');
type Host = Record<string, HostTensor>;

const add = (({ w, x }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, x), sum: tf.sum(w) })) as never;
const x = hostTensor([2], [1, 2]);
const state = { w: hostTensor([2], [10, 20]) };

it.each([true, false])(
  'a provider that fails in the first run: op by op, with a warning (sync: %s)',
  async sync => {
    const device = await fakeDevice({ sync });
    const program = compileOn<Host, Host, Host>(device.executor, add, { name: `first-${sync}`, state });
    const other = compileOn<Host, Host, Host>(device.executor, add, { name: `first-${sync}`, state });
    device.beforeRun = () => {
      throw new Error('no such kernel here');
    };
    const warnings = await warningsOf(async () => {
      // Not awaited one by one: their order holds all the same.
      const sums = await Promise.all([program({ x }), program({ x }), program({ x })]);
      expect(sums.map(({ sum }) => sum.data[0])).toEqual([30, 33, 36]);
      await other({ x });
    });
    expect(warnings).toEqual([
      `TROUPE_FALLBACK: first-${sync}: runs op by op on eager/wasm, which is slower: fake-gpu does not run its graph: no such kernel here; compile with { strict: true } to refuse instead`,
    ]);
    expect(program.executor).toEqual({
      name: 'eager/wasm',
      reason: 'fake-gpu cannot run it: fake-gpu does not run its graph: no such kernel here',
    });
    await program.state.settle();
    expect(program.state.get()).toEqual({ w: hostTensor([2], [13, 26]) });
    // Nothing is left of what did not run.
    expect(device.open.size).toBe(0);
    program.dispose();
    other.dispose();
    expect([...device.live]).toEqual([]);
    expect(device.mistakes).toEqual([]);
  },
);

it('a provider that fails later: an error that names the program, and the state is as before', async () => {
  const device = await fakeDevice();
  const program = compileOn<Host, Host, Host>(device.executor, add, { name: 'later', state });
  await program({ x });
  device.beforeRun = run => {
    if (run < 3) throw new Error('device lost');
  };
  await expect(program({ x })).rejects.toThrow('later: device lost; its state is as before');
  expect(() => program.sync({ x })).toThrow('later: device lost; its state is as before');
  await program.state.settle();
  expect(program.state.get()).toEqual({ w: hostTensor([2], [11, 22]) });
  expect((await program({ x })).sum.data[0]).toBe(33);
  expect(program.executor.name).toBe('fake-gpu');
  program.dispose();
  expect([...device.live]).toEqual([]);
});

it('a strict program refuses instead, by name', async () => {
  const device = await fakeDevice();
  const program = compileOn<Host, Host, Host>(device.executor, add, { name: 'strict', state, strict: true });
  device.beforeRun = () => {
    throw new Error('no such kernel here');
  };
  const said = 'strict: fake-gpu does not run its graph: no such kernel here';
  expect(await warningsOf(() => expect(program({ x })).rejects.toThrow(said))).toEqual([]);
  expect(() => program.sync({ x })).toThrow(said);
  program.dispose();
});

const sorted = (({ w, x: y }: { w: Tensor; x: Tensor }) => ({
  w: tf.add(w, tf.unique(y as tf.Tensor1D).values),
})) as never;

it('an unknown kernel is named by the one warning, also through .sync', async () => {
  const warnings = await warningsOf(async () => {
    for (let i = 0; i < 2; i++) {
      const program = compileOn<Host, Host, Host>(cpu!, sorted, { name: 'unknown', state });
      program.sync({ x });
      await program({ x });
      expect(program.state.get()).toEqual({ w: hostTensor([2], [12, 24]) });
      await expect(program.verify(1, { x })).rejects.toThrow('Unique');
      program.dispose();
    }
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /^TROUPE_FALLBACK: unknown: .* tfjs kernel Unique has no row in the lowering table/,
  );
  const strict = compileOn<Host, Host, Host>(cpu!, sorted, { name: 'refused', state, strict: true });
  const said = 'refused: tfjs kernel Unique has no row in the lowering table';
  expect(() => strict.sync({ x })).toThrow(said);
  await expect(strict({ x })).rejects.toThrow(said);
  strict.dispose();
  expect(sessionCount(cpu!)).toBe(0);
});

it.each([
  ['a constant', () => tf.fill([40_000, 40_000], 1), '5.96 GiB'],
  ['a sum', () => tf.add(tf.fill([30_000, 30_000], 1), tf.scalar(1)), '3.35 GiB'],
])('a graph that is too large is refused: %s', async (_, huge, size) => {
  const step = (({ x: y }: { x: Tensor }) => ({
    sum: tf.mul(tf.slice(huge(), [0, 0], [1, 2]), y),
    all: huge(),
  })) as never;
  const program = compileOn<Host, Host, Host>(cpu!, step, { name: 'huge', state: {}, strict: true });
  await expect(program({ x })).rejects.toThrow(
    `huge: its constants take ${size}; expected less than 2 GiB, which is all that a graph can hold: pass them as inputs or state`,
  );
  program.dispose();
});

it('a call that fails leaves the state and the next calls alone', async () => {
  const program = compileOn<Host, Host, Host>(cpu!, add, { name: 'fails', state });
  const calls = await Promise.allSettled([
    program({ x }),
    program({ x: hostZeros([3]) }),
    program({ y: x }),
    program({ x }),
    program.scan({ rows: { x: hostZeros([2, 2]) } }, Int32Array.of(0, 7), 1),
  ]);
  expect(calls.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
    'rejected',
  ]);
  expect(program.state.get()).toEqual({ w: hostTensor([2], [12, 24]) });
  program.dispose();
  await expect(program({ x })).rejects.toThrow('fails: called after dispose()');
});
