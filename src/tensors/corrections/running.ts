import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import * as tf from '../tfjs.ts';

const alongAnyAxis =
  (op: typeof tf.cumsum) =>
  <T extends Tensor>(x: Tensor | TensorLike, axis = 0, exclusive = false, reverse = false): T => {
    const tensor = x instanceof tf.Tensor ? x : tf.tensor(x);
    const [along] = tf.util.parseAxisParam(axis, tensor.shape);
    return op(tensor, along, exclusive, reverse);
  };

/** TensorFlow.js’s `cumsum`, whose kernels do not know axes that are counted from the end. */
export const cumsum: typeof tf.cumsum = alongAnyAxis(tf.cumsum);
/** TensorFlow.js’s `cumprod`, whose kernels do not know axes that are counted from the end. */
export const cumprod: typeof tf.cumprod = alongAnyAxis(tf.cumprod as typeof tf.cumsum);
