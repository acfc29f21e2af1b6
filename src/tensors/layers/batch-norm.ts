import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { type Affine, affine, rowsOfChannels, standardize } from './normalization.ts';

/** What batch norm remembers of the batches it saw: state, not parameters. */
export interface RunningStatistics<T> {
  /** [channels] */
  readonly mean: T;
  /** [channels] */
  readonly variance: T;
}

/** Before the first batch: mean zero, variance one. */
export const runningStatisticsInit = (channels: number): RunningStatistics<HostTensor> => ({
  mean: { shape: [channels], data: new Float32Array(channels) },
  variance: { shape: [channels], data: new Float32Array(channels).fill(1) },
});

/** The settings of batch norm. */
export interface BatchNormOptions {
  /** Whether to standardise by the batch and to move the statistics, or to standardise by the statistics. */
  readonly training: boolean;
  /** The share of the new batch in the statistics, PyTorch's sense of the word. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/** What batch norm gives: the normalised tensor, and the statistics after this batch. */
export interface BatchNormResult {
  readonly y: Tensor;
  readonly statistics: RunningStatistics<Tensor>;
}

/**
 * Mean zero and variance one over all axes but the last, then scale and shift (Ioffe & Szegedy, 2015), in PyTorch's form: the batch is
 * divided by its biased variance, and the statistics take the unbiased one.
 * @param x [..., channels], at least two rows in training
 */
export function batchNorm(
  params: Affine<Tensor>,
  statistics: RunningStatistics<Tensor>,
  x: Tensor,
  options: BatchNormOptions,
): BatchNormResult {
  const { standard, after } = standardizeBatch(statistics, x, options);
  return { y: tf.reshape(affine(params, standard), x.shape), statistics: after };
}

/** The parameters of conditional batch norm: a scale and a shift a class. */
export interface ConditionalAffine<T> {
  /** [classes, channels] */
  readonly scale: T;
  /** [classes, channels] */
  readonly shift: T;
}

/** Scale one and shift zero for every class. */
export const conditionalAffineInit = (classes: number, channels: number): ConditionalAffine<HostTensor> => ({
  scale: { shape: [classes, channels], data: new Float32Array(classes * channels).fill(1) },
  shift: { shape: [classes, channels], data: new Float32Array(classes * channels) },
});

/**
 * Batch norm whose scale and shift depend on each example's class (Dumoulin et al., 2017; the generator of S3GAN).
 * @param x [batch, ..., channels]
 * @param classes [batch, classes], float32: one-hot, or the shares of a mixture
 */
export function conditionalBatchNorm(
  params: ConditionalAffine<Tensor>,
  statistics: RunningStatistics<Tensor>,
  x: Tensor,
  classes: Tensor,
  options: BatchNormOptions,
): BatchNormResult {
  const [batch, channels] = [x.shape[0], x.shape[x.rank - 1]];
  const { standard, after } = standardizeBatch(statistics, x, options);
  const ofExample = (table: Tensor) =>
    tf.reshape(tf.matMul(classes as tf.Tensor2D, table as tf.Tensor2D), [batch, 1, channels]);
  const scaled = tf.mul(tf.reshape(standard, [batch, -1, channels]), ofExample(params.scale));
  return { y: tf.reshape(tf.add(scaled, ofExample(params.shift)), x.shape), statistics: after };
}

function standardizeBatch(
  statistics: RunningStatistics<Tensor>,
  x: Tensor,
  { training, momentum = 0.1, epsilon = 1e-5 }: BatchNormOptions,
): { readonly standard: Tensor; readonly after: RunningStatistics<Tensor> } {
  const rows = rowsOfChannels(x);
  if (!training) {
    const scale = tf.rsqrt(tf.add(statistics.variance, epsilon));
    return { standard: tf.mul(tf.sub(rows, statistics.mean), scale), after: statistics };
  }
  const [standard, mean, variance] = standardize(rows, [0], epsilon);
  const count = rows.shape[0];
  const moved = (before: Tensor, batch: Tensor, share: number) =>
    tf.add(tf.mul(before, 1 - momentum), tf.mul(tf.reshape(batch, before.shape), share));
  return {
    standard,
    after: {
      mean: moved(statistics.mean, mean, momentum),
      variance: moved(statistics.variance, variance, (momentum * count) / (count - 1)),
    },
  };
}
