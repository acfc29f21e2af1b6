import { expect, it } from 'vitest';
import { compileOn } from '../../../src/tensors/compile.ts';
import { startExecutor } from '../../../src/tensors/executors/choose.ts';
import type { Feeds, GraphExecutor, Session } from '../../../src/tensors/executors/contract.ts';
import { type HostTensor, hostTensor, type Tensor, tf } from '../../../src/tensors/index.ts';
import { GraphProgram } from '../../../src/tensors/programs/program.ts';
import { ProgramState } from '../../../src/tensors/programs/state.ts';
import { fakeDevice } from '../fixtures/fake-device.ts';

type Host = Record<string, HostTensor>;

const state = { w: hostTensor([2], [1, 2]), idle: hostTensor([1], [7]) };
const x = hostTensor([2], [10, 20]);
const step = (({ w, x: y }: Record<'w' | 'x', Tensor>) => ({ w: tf.add(w, y), was: w })) as never;

const clock = { time: 0 };
/** An executor on which a run takes so long, on the clock of this file, with all that is loaded on it. */
function timed(executor: GraphExecutor, cost: number) {
  const seen = { loads: 0, runs: 0 };
  const costly = (session: Session): Session => {
    seen.loads++;
    const ticking = <T>(run: (feeds: Feeds) => T) => {
      return (feeds: Feeds): T => {
        seen.runs++;
        clock.time += cost;
        return run(feeds);
      };
    };
    const { runSync } = session;
    return {
      ...(runSync && { runSync: ticking(runSync) }),
      run: ticking(session.run),
      release: () => session.release(),
    };
  };
  const { loadSync } = executor;
  const made: GraphExecutor = {
    ...executor,
    load: async (...of) => costly(await executor.load(...of)),
    ...(loadSync && { loadSync: (...of) => costly(loadSync(...of)) }),
  };
  return { executor: made, seen };
}

/** onnx-cpu, a GPU that is faster or slower than it, and a program that may choose. */
async function stage(cpuCost: number, gpuCost: number) {
  const device = await fakeDevice({ sync: false });
  const cpu = timed((await startExecutor('onnx-cpu')).graph!, cpuCost);
  const gpu = timed(device.executor, gpuCost);
  const seen = { asked: 0 };
  const rivals = {
    start: async () => {
      seen.asked++;
      return [gpu.executor];
    },
    now: () => clock.time,
  };
  const make = (of = step) =>
    compileOn<typeof state, Host, Host>(cpu.executor, of, { state, strict: true, rivals });
  return { device, cpu, gpu, seen, rivals, make };
}

it('the first call finds the faster executor, and goes on there with the same state', async () => {
  const { device, cpu, gpu, make } = await stage(4.8, 1.2);
  const program = make();
  expect(program.executor).toEqual({ name: 'onnx-cpu', reason: 'onnxruntime, native, one thread' });
  program.state.setFlat('w', Float32Array.of(5, 6));
  expect((await program({ x })).was).toEqual(hostTensor([2], [5, 6]));
  expect(program.executor).toEqual({
    name: 'fake-gpu',
    reason: 'fake-gpu 1.2 ms a step, onnx-cpu 4.8 ms a step',
    measured: true,
  });
  const { runs } = cpu.seen;
  const { runs: first, loads } = gpu.seen;
  expect((await program({ x })).was).toEqual(hostTensor([2], [15, 26]));
  expect([cpu.seen.runs, gpu.seen.runs]).toEqual([runs, first + 1]);
  // What was loaded there for the first call serves the second.
  expect(gpu.seen.loads).toBe(loads);
  await program.state.settle();
  expect(program.state.get()).toEqual({ ...state, w: hostTensor([2], [25, 46]) });
  expect(() => program.sync({ x })).toThrow(
    '.sync: fake-gpu runs asynchronously only; await the call, or name another executor: auto chose it (fake-gpu 1.2 ms',
  );
  program.dispose();
  expect([...device.live]).toEqual([]);
  expect(device.mistakes).toEqual([]);
  expect(device.open.size).toBe(0);
});

it('it stays where the others are slower, and is not timed a second time', async () => {
  const { gpu, seen, make } = await stage(1.2, 4.8);
  const programs = [make(), make()];
  for (const program of programs) {
    expect((await program({ x })).was).toEqual(state.w);
    expect(program.executor).toEqual({
      name: 'onnx-cpu',
      reason: 'onnx-cpu 1.2 ms a step, fake-gpu 4.8 ms a step',
      measured: true,
    });
    await program({ x: hostTensor([1], [1]) });
    expect(program.sync({ x }).was).toEqual(hostTensor([2], [12, 23]));
  }
  expect([seen.asked, gpu.seen.loads]).toEqual([1, 1]);
  const other = make((({ w }: { w: Tensor }) => ({ w: tf.neg(w) })) as never);
  await other({});
  expect(seen.asked).toBe(2);
  for (const program of [...programs, other]) program.dispose();
});

it('the owner of a state decides where it lies, the others follow', async () => {
  const { device, cpu, gpu, rivals } = await stage(2, 1);
  const shared = new ProgramState('both', { w: state.w }, cpu.executor, rivals);
  const [owner, sharer] = [true, false].map(owns => new GraphProgram('p', step, shared, owns));
  await sharer.run({ x });
  expect([sharer.executor.name, gpu.seen.runs]).toEqual(['onnx-cpu', 0]);
  expect((await owner.run({ x })).was).toEqual(hostTensor([2], [11, 22]));
  const { runs } = cpu.seen;
  expect((await sharer.run({ x })).was).toEqual(hostTensor([2], [21, 42]));
  expect([sharer.executor.name, cpu.seen.runs]).toEqual(['fake-gpu', runs]);
  sharer.dispose();
  owner.dispose();
  expect([...device.live]).toEqual([]);
  expect(device.mistakes).toEqual([]);
  expect(device.open.size).toBe(0);
});

it('a program that is called at once stays where that is possible', async () => {
  const { gpu, make } = await stage(2, 1);
  const [before, amid] = [make(), make()];
  before.sync({ x });
  await before({ x });
  expect(before.executor).toEqual({ name: 'onnx-cpu', reason: 'onnxruntime, native, one thread' });
  expect(gpu.seen.loads).toBe(0);
  const call = amid({ x });
  await Promise.resolve();
  expect(amid.sync({ x }).was).toEqual(state.w);
  expect((await call).was).toEqual(hostTensor([2], [11, 22]));
  expect(amid.executor.name).toBe('onnx-cpu');
  for (const program of [before, amid]) program.dispose();
});

it('a scan is timed by its steps, and runs once', async () => {
  const { make } = await stage(32, 8);
  const sum = (({ w, x: y }: Record<'w' | 'x', Tensor>) => ({ w: tf.add(w, tf.sum(y, 0)), was: w })) as never;
  const program = make(sum);
  const rows = { x: hostTensor([2, 2], [1, 1, 2, 2]) };
  const { was } = await program.scan({ rows }, Int32Array.of(0, 1, 0, 1), 1);
  expect(was).toEqual(hostTensor([4, 2], [1, 2, 2, 3, 4, 5, 5, 6]));
  expect(program.executor.reason).toBe('fake-gpu 2.0 ms a step, onnx-cpu 8.0 ms a step');
  program.dispose();
});

it('onnx-cpu and onnx-wasm, in earnest', async () => {
  const [cpu, wasm] = await Promise.all(
    ['onnx-cpu', 'onnx-wasm'].map(async name => (await startExecutor(name)).graph!),
  );
  const weights = { w: hostTensor([256, 256], new Float32Array(65_536).fill(1 / 256)) };
  const heavy = (({ w, x: y }: Record<'w' | 'x', Tensor>) => {
    const out = tf.matMul(y, tf.matMul(w, w));
    return { w: tf.mul(w, 0.5), mean: tf.mean(out) };
  }) as never;
  const program = compileOn<typeof weights, Host, Host>(wasm, heavy, {
    state: weights,
    strict: true,
    rivals: { start: async () => [cpu], now: () => performance.now() },
  });
  const ones = hostTensor([256, 256], new Float32Array(65_536).fill(1));
  const { mean } = await program({ x: ones });
  expect(mean.data[0]).toBeCloseTo(1, 5);
  expect((await program({ x: ones })).mean.data[0]).toBeCloseTo(0.25, 5);
  expect(program.executor.measured).toBe(true);
  const [fast, slow] = [...program.executor.reason.matchAll(/(onnx-\w+) (\S+) ms a step/g)];
  expect([fast[1], slow[1]].sort()).toEqual(['onnx-cpu', 'onnx-wasm']);
  expect(program.executor.name).toBe(fast[1]);
  expect(Number(fast[2])).toBeLessThanOrEqual(Number(slow[2]));
  program.dispose();
});
