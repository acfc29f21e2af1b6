import type { Rank, ShapeMap, Tensor, TensorLike } from '@tensorflow/tfjs-core';
import * as tf from '../tfjs.ts';

/**
 * TensorFlow.js’s `tensorScatterUpdate`, made of other operations: the kernel of its `cpu` backend changes the tensor
 * that it is given, and there is no gradient. Indices are expected once each.
 */
export function tensorScatterUpdate<R extends Rank>(
  tensor: Tensor<R> | TensorLike,
  indices: Tensor | TensorLike,
  updates: Tensor | TensorLike,
): Tensor<R> {
  const [into, at, from]: Tensor[] = [
    tensor instanceof tf.Tensor ? tensor : tf.tensor(tensor),
    indices instanceof tf.Tensor ? indices : tf.tensor(indices, undefined, 'int32'),
    updates instanceof tf.Tensor ? updates : tf.tensor(updates),
  ];
  const shape = into.shape as ShapeMap[R];
  const hit = tf.scatterND(at, tf.fill(from.shape, 1, 'int32'), shape);
  return tf.where(tf.greater(hit, 0), tf.scatterND(at, from, shape), into) as Tensor<R>;
}
