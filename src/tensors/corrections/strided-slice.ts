import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import * as tf from '../tfjs.ts';

/**
 * TensorFlow.js’s `stridedSlice`, whose kernels read from elsewhere where an axis is dropped and another has a stride:
 * here they slice with all axes in place, and the shape is changed afterwards.
 */
export function stridedSlice(
  x: Tensor | TensorLike,
  begin: number[],
  end: number[],
  strides: number[] = begin.map(() => 1),
  beginMask = 0,
  endMask = 0,
  ellipsisMask = 0,
  newAxisMask = 0,
  shrinkAxisMask = 0,
): Tensor {
  const tensor: Tensor = x instanceof tf.Tensor ? x : tf.tensor(x);
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
  const info = tf.slice_util.sliceInfo(tensor.shape, begin, end, strides, ...masks);
  const sizes = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  if (sizes.some(size => size <= 0)) return tf.zeros(info.finalShape, tensor.dtype as 'float32');
  if (info.strides.every(stride => stride === 1)) {
    return tf.reshape(tf.slice(tensor, info.begin, sizes), info.finalShape);
  }
  // Where a step goes back beyond the first element, the end is −1, which would be taken for the last one.
  const open = info.end.reduce((mask, to, axis) => (to < 0 ? mask | (1 << axis) : mask), 0);
  const slice = tf.stridedSlice(tensor, info.begin, info.end, info.strides, 0, open);
  return tf.util.arraysEqual(slice.shape, info.finalShape) ? slice : tf.reshape(slice, info.finalShape);
}
