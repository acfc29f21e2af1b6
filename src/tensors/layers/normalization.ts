import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { withOwnGradient } from './own-gradient.ts';

/** The scale and shift of a normalisation, one of each a channel. */
export interface Affine<T> {
  /** [channels] */
  readonly scale: T;
  /** [channels] */
  readonly shift: T;
}

/** Scale one, shift zero. */
export const affineInit = (channels: number): Affine<HostTensor> => ({
  scale: { shape: [channels], data: new Float32Array(channels).fill(1) },
  shift: { shape: [channels], data: new Float32Array(channels) },
});

/**
 * Mean zero and variance one over the last axis, then scale and shift (Ba et al., 2016).
 * @param x [..., channels]
 * @param epsilon added to the variance, as everywhere
 * @returns the same shape
 */
export function layerNorm(params: Affine<Tensor>, x: Tensor, epsilon = 1e-5): Tensor {
  const [standard] = standardize(rowsOfChannels(x), [1], epsilon);
  return tf.reshape(affine(params, standard), x.shape);
}

/**
 * Mean zero and variance one over space and the channels of each group, then scale and shift a channel (Wu & He, 2018).
 * @param x [batch, ..., channels]
 * @param groups a divisor of the number of channels
 * @returns the same shape
 */
export function groupNorm(params: Affine<Tensor>, x: Tensor, groups: number, epsilon = 1e-5): Tensor {
  const channels = x.shape[x.rank - 1];
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw usageError(`groupNorm: groups: expected a divisor of ${channels} channels, got ${groups}`);
  }
  const [standard] = standardize(tf.reshape(x, [x.shape[0], -1, groups, channels / groups]), [1, 3], epsilon);
  return tf.reshape(affine(params, tf.reshape(standard, [-1, channels])), x.shape);
}

/**
 * x / √(mean(x²) + ε) · scale over the last axis: layer norm without the mean (Zhang & Sennrich, 2019).
 * @param params its scale, [channels]
 * @param x [..., channels]
 * @returns the same shape
 */
export function rmsNorm(params: { readonly scale: Tensor }, x: Tensor, epsilon = 1e-6): Tensor {
  const [unit] = withOwnGradient(
    { x: rowsOfChannels(x) },
    inputs => {
      const power = tf.mean(tf.square(inputs.x), 1, true);
      const scale = tf.rsqrt(tf.add(power, epsilon));
      const output = tf.mul(inputs.x, scale);
      return { output, saved: [output, scale] };
    },
    (dy, _inputs, [y, scale]) => ({
      x: () => tf.mul(scale, tf.sub(dy, tf.mul(y, tf.mean(tf.mul(dy, y), 1, true)))),
    }),
  );
  return tf.reshape(tf.mul(unit, params.scale), x.shape);
}

/**
 * (x − mean) / √(variance + ε) over some axes; the variance is the biased one (÷ n).
 * @returns the standardised tensor, and the mean and the variance with those axes of size one; no gradient passes through
 *   the latter two
 */
export function standardize(x: Tensor, axes: number[], epsilon: number): Tensor[] {
  return withOwnGradient(
    { x },
    inputs => {
      const mean = tf.mean(inputs.x, axes, true);
      const centred = tf.sub(inputs.x, mean);
      const variance = tf.mean(tf.square(centred), axes, true);
      const scale = tf.rsqrt(tf.add(variance, epsilon));
      const output = tf.mul(centred, scale);
      return { output, more: [mean, variance], saved: [output, scale] };
    },
    (dy, _inputs, [y, scale]) => ({
      // 1/σ · (dy − mean(dy) − y · mean(dy · y))
      x: () => {
        const along = tf.mul(y, tf.mean(tf.mul(dy, y), axes, true));
        return tf.mul(scale, tf.sub(tf.sub(dy, tf.mean(dy, axes, true)), along));
      },
    }),
  );
}

/** x · scale + shift. @param x [rows, channels] */
export function affine({ scale, shift }: Affine<Tensor>, x: Tensor): Tensor {
  const [y] = withOwnGradient(
    { x, scale, shift },
    inputs => ({ output: tf.add(tf.mul(inputs.x, inputs.scale), inputs.shift), saved: [] }),
    (dy, inputs) => ({
      x: () => tf.mul(dy, inputs.scale),
      scale: () => tf.sum(tf.mul(dy, inputs.x), 0),
      shift: () => tf.sum(dy, 0),
    }),
  );
  return y;
}

/** [..., channels] as [rows, channels] */
export const rowsOfChannels = (x: Tensor): Tensor => tf.reshape(x, [-1, x.shape[x.rank - 1]]);
