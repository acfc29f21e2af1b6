import { expect, it } from 'vitest';
import { compileOn } from '../../../src/tensors/compile.ts';
import { type HostTensor, hostScalar, hostTensor, type Tensor, tf } from '../../../src/tensors/index.ts';
import { GraphProgram } from '../../../src/tensors/programs/program.ts';
import { ProgramState } from '../../../src/tensors/programs/state.ts';
import { type FakeDevice, fakeDevice } from '../fixtures/fake-device.ts';

type Host = Record<string, HostTensor>;

const state = {
  a: hostTensor([2], [1, 2]),
  b: hostTensor([2], [3, 4]),
  n: { shape: [1], data: Int32Array.of(5) },
  idle: hostTensor([300], new Float32Array(300)),
};

const step = (({ a, b, n, x }: Record<'a' | 'b' | 'n' | 'x', Tensor>) => {
  const next = tf.add(b, x);
  return {
    a: next,
    b: next,
    n: tf.add(n, tf.scalar(1, 'int32')),
    was: a,
    sum: tf.sum(next),
    first: tf.slice(a, 0, 1),
  };
}) as never;

const make = (device: FakeDevice) =>
  compileOn<typeof state, Host, Host>(device.executor, step, { state, strict: true });

it.each([true, false])('state stays on the device, and is freed exactly once (sync: %s)', async sync => {
  const device = await fakeDevice({ sync });
  const program = make(device);
  expect(program.state.get()).toEqual(state);
  const x = hostTensor([2], [1, 1]);
  for (let i = 0; i < 5; i++) {
    await program({ x });
    // a, b and n; the rest was never written.
    expect(device.live.size).toBe(3);
  }
  const rows = { x: hostTensor([3, 2], [1, 1, 2, 2, 3, 3]) };
  const scanned = compileOn<typeof state, Host, Host>(
    device.executor,
    (({ a, x: y }: Record<'a' | 'x', Tensor>) => ({
      a: tf.add(a, tf.sum(y, 0)),
      sum: tf.sum(a),
      y,
    })) as never,
    { state, strict: true },
  );
  const out = await scanned.scan({ rows }, Int32Array.of(0, 1, 2), 1);
  expect(out.sum).toEqual(hostTensor([3], [3, 5, 9]));
  await scanned.scan({ rows }, Int32Array.of(0), 1);
  expect(device.live.size).toBe(4);
  scanned.dispose();

  expect(() => program.state.get()).toThrow('it lies on the device of fake-gpu: await state.settle() before');
  expect(() => program.state.flat('a')).toThrow('await state.settle()');
  // What was never written can be read at any time.
  expect(program.state.flat('idle')).toHaveLength(300);
  await program.state.settle();
  expect(program.state.get()).toMatchObject({
    a: hostTensor([2], [8, 9]),
    b: hostTensor([2], [8, 9]),
    n: { data: Int32Array.of(10) },
  });
  await program({ x });
  expect(() => program.state.get()).toThrow('await state.settle()');
  // A write brings it to the host, whole or in part.
  program.state.setFlat('a', Float32Array.of(7, 7));
  expect(program.state.flat('a')).toEqual(Float32Array.of(7, 7));
  expect(device.live.size).toBe(2);
  program.state.set(state);
  expect(device.live.size).toBe(0);
  expect(program.state.get()).toEqual(state);
  await program({ x });
  program.dispose();
  program.dispose();
  expect([...device.live]).toEqual([]);
  expect(device.mistakes).toEqual([]);
  expect(device.open.size).toBe(0);
});

it('.sync runs where the executor has it, whatever lies on the device', async () => {
  const device = await fakeDevice();
  const program = make(device);
  const x = hostTensor([2], [1, 1]);
  await program({ x });
  expect(program.sync({ x }).was).toEqual(hostTensor([2], [4, 5]));
  expect(device.live.size).toBe(3);
  program.dispose();
  const later = make(await fakeDevice({ sync: false }));
  expect(() => later.sync({ x })).toThrow('.sync: fake-gpu runs asynchronously only; await the call');
  later.dispose();
});

it('settle waits for the calls before it', async () => {
  const device = await fakeDevice({ sync: false });
  const program = make(device);
  const x = hostTensor([2], [1, 1]);
  const calls = [program({ x }), program({ x })];
  await program.state.settle();
  expect(program.state.get().n.data[0]).toBe(7);
  await Promise.all(calls);
  program.dispose();
  expect(device.mistakes).toEqual([]);
});

it('what is written while a step runs stays', async () => {
  const device = await fakeDevice({ sync: false });
  const program = make(device);
  await program({ x: hostTensor([2], [1, 1]) });
  let written = false;
  device.beforeRun = () => {
    program.state.setFlat('a', Float32Array.of(7, 7));
    written = true;
  };
  await program({ x: hostTensor([2], [1, 1]) });
  expect(written).toBe(true);
  await program.state.settle();
  expect(program.state.get()).toMatchObject({ a: hostTensor([2], [7, 7]), b: hostTensor([2], [5, 6]) });
  program.dispose();
  expect([...device.live]).toEqual([]);
});

it('a program that is disposed of while it loads or runs leaves nothing behind', async () => {
  for (const when of ['load', 'run']) {
    const device = await fakeDevice({ sync: false });
    const program = make(device);
    const call = program({ x: hostTensor([2], [1, 1]) });
    if (when === 'load') await Promise.resolve().then(() => program.dispose());
    else device.beforeRun = () => program.dispose();
    await call.catch(() => {});
    await expect(program({ x: hostTensor([2], [1, 1]) })).rejects.toThrow('called after dispose()');
    expect(device.open.size).toBe(0);
    expect([...device.live]).toEqual([]);
    expect(device.mistakes).toEqual([]);
  }
});

it('one tensor in two places is freed once', async () => {
  const device = await fakeDevice();
  const shared = new ProgramState('twice', { a: hostScalar(1), b: hostScalar(2) }, device.executor);
  const program = new GraphProgram(
    'twice',
    (({ a }: { a: Tensor }) => ({ a: tf.add(a, 1) })) as never,
    shared,
    true,
  );
  program.runSync({});
  const tensor = shared.tensor(0);
  shared.commit(new Map([[1, tensor]]));
  program.runSync({});
  expect(device.live.has(tensor)).toBe(true);
  shared.commit(new Map([[0, tensor]]));
  program.dispose();
  expect([...device.live]).toEqual([]);
  expect(device.mistakes).toEqual([]);
});
