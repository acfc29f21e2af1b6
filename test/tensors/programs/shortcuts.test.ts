import { expect, it } from 'vitest';
import {
  compile,
  type HostTensor,
  hostTensor,
  hostZeros,
  type Tensor,
  tf,
} from '../../../src/tensors/index.ts';

// Steps that a shortcut of the graph once took for something else.

const ramp = (...shape: number[]): HostTensor => {
  const size = shape.reduce((n, m) => n * m, 1);
  return hostTensor(
    shape,
    Array.from({ length: size }, (_, i) => ((i * 7) % 11) / 5 - 1),
  );
};

/** Runs a step op by op and compiled, which must agree, in shapes as well. `w` is written, so that a session is used. */
async function agrees(
  step: (x: Tensor, t: Tensor) => Tensor,
  x: HostTensor,
  t = hostZeros([1]),
): Promise<void> {
  const program = await compile(
    ({ w, a, b }: Record<'w' | 'a' | 'b', Tensor>) => ({ w: tf.add(w, 1), y: step(a, b) }),
    { state: { w: hostZeros([1]) }, executor: 'onnx-cpu', strict: true },
  );
  await program.verify(1, { a: x, b: t });
  program.dispose();
}

it('the gradient of a pool of single elements, with respect to a bias', () =>
  agrees(
    (x, bias) => tf.grad((b: Tensor) => tf.sum(tf.maxPool(tf.add(x, b) as tf.Tensor4D, 1, 1, 'valid')))(bias),
    ramp(2, 3, 3, 2),
    ramp(2),
  ));

it('a number for each image added to a depthwise convolution with as many channels', () =>
  agrees(
    (x, t) => tf.add(tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([3, 3, 2, 1]), 1, 'valid'), t),
    ramp(2, 3, 3, 2),
    ramp(2, 1, 1, 1),
  ));

it('a mask of few numbers against many zeros', () =>
  agrees(x => tf.cast(tf.greater(x, tf.zeros([4, 3])), 'float32'), ramp(1, 3)));

it('a product with one number, then with more elements', () =>
  agrees((x, s) => tf.mul(tf.mul(x, tf.sum(s)), tf.fill([2, 3], 0.5)), ramp(3), ramp(2)));

it('squares of what was scaled down from beyond their range', async () => {
  const step = ({ w, a, b }: Record<'w' | 'a' | 'b', Tensor>) => ({ w, y: tf.square(tf.mul(a, tf.sum(b))) });
  const program = await compile(step, { state: { w: hostZeros([1]) }, executor: 'onnx-cpu', strict: true });
  const { y } = await program({ a: hostTensor([2], [1e25, 1e24]), b: hostTensor([1], [1e-25]) });
  expect([...y.data]).toEqual([expect.closeTo(1, 5), expect.closeTo(0.01, 5)]);
  program.dispose();
});

it('a relu of whole numbers, in the thread itself', async () => {
  const program = await compile(({ x }: { x: Tensor }) => ({ y: tf.relu(x) }), {
    state: {},
    executor: 'onnx-cpu',
  });
  expect(program.sync({ x: { shape: [3], data: Int32Array.of(-5, 0, 3) } }).y.data).toEqual(
    Int32Array.of(0, 0, 3),
  );
  program.dispose();
});
