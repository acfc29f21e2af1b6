import { expect, it } from 'vitest';
import { startExecutor } from '../../../src/tensors/executors/choose.ts';
import type { GraphExecutor } from '../../../src/tensors/executors/contract.ts';
import { compile, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';
import { lease, sessionCount } from '../../../src/tensors/programs/sessions.ts';
import { fakeDevice } from '../fixtures/fake-device.ts';

const { graph: cpu } = await startExecutor('onnx-cpu');

const step = ({ w, x }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, tf.sum(x, 0)), mean: tf.mean(x) });
const learner = (name?: string) =>
  compile(step, { state: { w: hostZeros([2]) }, strict: true, ...(name && { executor: name }) });
const x = hostTensor([3, 2], [1, 2, 3, 4, 5, 6]);

it('learners of one graph share one session, by whatever name they ask, with results as if alone', async () => {
  const alone = await learner();
  const expected = [];
  for (let i = 0; i < 3; i++) expected.push(await alone({ x }));
  const after = alone.state.get();
  alone.dispose();
  expect(sessionCount(cpu!)).toBe(0);

  const [one, two] = await Promise.all([learner(), learner('onnx-cpu')]);
  for (let i = 0; i < 3; i++) {
    expect(await Promise.all([one({ x }), two({ x })])).toEqual([expected[i], expected[i]]);
  }
  expect(sessionCount(cpu!)).toBe(1);
  expect([one.state.get(), two.state.get()]).toEqual([after, after]);
  one.dispose();
  expect(sessionCount(cpu!)).toBe(1);
  expect((await two({ x })).mean.data[0]).toBe(3.5);
  two.dispose();
  two.dispose();
  expect(sessionCount(cpu!)).toBe(0);
});

it('a hundred programs come and go', async () => {
  for (let i = 0; i < 100; i++) {
    const program = await learner();
    await program({ x });
    await program.scan({ rows: { x } }, Int32Array.of(0, 1), 1);
    expect(sessionCount(cpu!)).toBe(2);
    program.dispose();
  }
  expect(sessionCount(cpu!)).toBe(0);
});

it('a session that two load at the same time is loaded for both once', async () => {
  const device = await fakeDevice({ sync: false });
  const { onnxModel } = await import('../../../src/tensors/onnx/model.ts');
  const { GraphBuilder } = await import('../../../src/tensors/graph/builder.ts');
  const g = new GraphBuilder();
  const input = g.input('x', { dtype: 'float32', shape: [1] });
  const model = onnxModel(g.graph({ y: g.node('Tanh', [input], input) }));
  let loads = 0;
  const executor: GraphExecutor = {
    ...device.executor,
    load(...of) {
      loads++;
      return device.executor.load(...of);
    },
  };
  const [a, b] = await Promise.all([lease(executor, model, {}), lease(executor, model, {})]);
  expect(loads).toBe(1);
  expect(a.session).toBe(b.session);
  expect(device.open.size).toBe(1);
  a.release();
  a.release();
  expect(device.open.size).toBe(1);
  b.release();
  expect(device.open.size).toBe(0);
  expect(sessionCount(executor)).toBe(0);
});

it('a session that does not load fails all who wait for it, and is tried again', async () => {
  const { executor: device } = await fakeDevice({ sync: false });
  let loads = 0;
  const executor: GraphExecutor = {
    ...device,
    async load() {
      await new Promise(setImmediate);
      throw new Error(`attempt ${++loads}`);
    },
  };
  const model = new Uint8Array(1);
  const both = await Promise.allSettled([lease(executor, model, {}), lease(executor, model, {})]);
  expect(both).toMatchObject([1, 1].map(n => ({ reason: { message: `attempt ${n}` } })));
  await expect(lease(executor, model, {})).rejects.toThrow('attempt 2');
  expect(sessionCount(executor)).toBe(0);
});
