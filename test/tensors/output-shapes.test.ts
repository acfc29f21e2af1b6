import { expect, it } from 'vitest';
import { hostZeros, outputShapes, type Tensor, tf } from '../../src/tensors/index.ts';

it('tells what a step returns, by tracing it', () => {
  const step = ({ x, w }: { x: Tensor; w: Tensor }) => {
    const y = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);
    return { y, more: { best: tf.argMax(y, 1) } };
  };
  const { y, more } = outputShapes('step', step, { x: hostZeros([5, 3]), w: hostZeros([3, 2]) });
  expect(y).toEqual({ shape: [5, 2], dtype: 'float32' });
  expect(more).toEqual({ best: { shape: [5], dtype: 'int32' } });
});

it('names the step whose shapes do not fit', () => {
  const step = ({ x }: { x: Tensor }) => ({ y: tf.reshape(x, [4]) });
  expect(() => outputShapes('misfit', step, { x: hostZeros([3]) })).toThrow('misfit: ');
});
