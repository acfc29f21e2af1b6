import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import * as tf from '../tfjs.ts';

/**
 * TensorFlow.js’s `logSumExp` with a gradient of its own, the softmax: through its operations it is the difference of
 * two gradients of the maximum, four times as many kernels for rounding errors.
 * @param axis default: all of them
 */
export function logSumExp<T extends Tensor>(
  x: Tensor | TensorLike,
  axis: number | readonly number[] | null = null,
  keepDims = false,
): T {
  const tensor = x instanceof tf.Tensor ? x : tf.tensor(x);
  const axes = tf.util.parseAxisParam(axis as number | number[], tensor.shape);
  const value = tf.customGrad((given, save) => {
    const logits = given as Tensor;
    const largest = tf.max(logits, axes, true);
    const sum = tf.sum(tf.exp(tf.sub(logits, largest)), axes, true);
    const value = tf.add(largest, tf.log(sum));
    (save as tf.GradSaveFunc)([logits, value]);
    return { value, gradFunc: (dy: Tensor, [from, to]: Tensor[]) => tf.mul(dy, tf.exp(tf.sub(from, to))) };
  })(tensor);
  const shape = keepDims ? value.shape : value.shape.filter((_, i) => !axes.includes(i));
  return tf.reshape(value, shape) as T;
}
