import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';

/**
 * Scales a gradient vector down to a length of `maxNorm` where it is longer, as PyTorch's `clip_grad_norm_`.
 * @returns the gradient and the length that it had before
 */
export function clipByGlobalNorm(
  gradient: Tensor,
  maxNorm: number,
): { readonly gradient: Tensor; readonly norm: Tensor } {
  const norm = tf.sqrt(tf.sum(tf.square(gradient)));
  const scale = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return { gradient: tf.mul(gradient, scale), norm };
}

/** Every element of a gradient vector within ±limit. */
export const clipByValue = (gradient: Tensor, limit: number): Tensor =>
  tf.clipByValue(gradient, -limit, limit);
