import { expect, it } from 'vitest';
import { startExecutor } from '../../../src/tensors/executors/choose.ts';
import { compile, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';
import { lease, sessionCount } from '../../../src/tensors/programs/sessions.ts';
import { fakeDevice } from '../fixtures/fake-device.ts';

const { graph: executor } = await startExecutor('onnx-cpu');

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
  expect(sessionCount(executor!)).toBe(0);

  const [one, two] = await Promise.all([learner(), learner('onnx-cpu')]);
  for (let i = 0; i < 3; i++) {
    expect(await Promise.all([one({ x }), two({ x })])).toEqual([expected[i], expected[i]]);
  }
  expect(sessionCount(executor!)).toBe(1);
  expect([one.state.get(), two.state.get()]).toEqual([after, after]);
  one.dispose();
  expect(sessionCount(executor!)).toBe(1);
  expect((await two({ x })).mean.data[0]).toBe(3.5);
  two.dispose();
  two.dispose();
  expect(sessionCount(executor!)).toBe(0);
});

it('a hundred programs come and go', async () => {
  for (let i = 0; i < 100; i++) {
    const program = await learner();
    await program({ x });
    await program.scan({ rows: { x } }, Int32Array.of(0, 1), 1);
    expect(sessionCount(executor!)).toBe(2);
    program.dispose();
  }
  expect(sessionCount(executor!)).toBe(0);
});

it('a session that two load at the same time is loaded for both once', async () => {
  const device = await fakeDevice({ sync: false });
  const { onnxModel } = await import('../../../src/tensors/onnx/model.ts');
  const { GraphBuilder } = await import('../../../src/tensors/graph/builder.ts');
  const g = new GraphBuilder();
  const input = g.input('x', { dtype: 'float32', shape: [1] });
  const model = onnxModel(g.graph({ y: g.node('Tanh', [input], input) }));
  const [a, b] = await Promise.all([lease(device.executor, model, {}), lease(device.executor, model, {})]);
  expect(a.session).toBe(b.session);
  expect(device.open.size).toBe(1);
  a.release();
  a.release();
  expect(device.open.size).toBe(1);
  b.release();
  expect(device.open.size).toBe(0);
  expect(sessionCount(device.executor)).toBe(0);
});
