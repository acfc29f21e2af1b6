import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import * as tf from '../ops.ts';

/**
 * Sets a share of the elements to zero and divides the others by what is left, so that the mean stays (Srivastava et al., 2014).
 * @param noise uniform in [0, 1), of a shape that broadcasts to x: an input of the step, filled from the actor's random stream
 * @param rate the share, in [0, 1)
 */
export function dropout(x: Tensor, noise: Tensor, rate: number): Tensor {
  if (!(rate >= 0 && rate < 1)) throw usageError(`dropout: rate: expected a number in [0, 1), got ${rate}`);
  if (rate === 0) return x;
  const kept = tf.cast(tf.greaterEqual(noise, rate), 'float32');
  return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
}
