import type { Rank, Tensor, Tensor1D, TensorLike } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import * as tf from '../tfjs.ts';

type Statistic<R extends Rank> = Tensor<R> | Tensor1D | TensorLike;

/**
 * TensorFlow.js’s `batchNorm`, (x − mean) · scale / √(variance + ε) + offset, made of its operations: its own kernel has
 * no gradient where scale or offset is left out. `mean`, `variance`, `offset` and `scale` broadcast against x.
 * @param varianceEpsilon ε. Default 0.001.
 */
export function batchNorm<R extends Rank>(
  x: Tensor<R> | TensorLike,
  mean: Statistic<R>,
  variance: Statistic<R>,
  offset?: Statistic<R> | null,
  scale?: Statistic<R> | null,
  varianceEpsilon = 0.001,
): Tensor<R> {
  const deviation: Tensor = tf.rsqrt(tf.add(variance, varianceEpsilon));
  const scaled: Tensor = tf.mul(tf.sub(x, mean), scale == null ? deviation : tf.mul(deviation, scale));
  return (offset == null ? scaled : tf.add(scaled, offset)) as Tensor<R>;
}

const ofRank = (rank: number): typeof batchNorm =>
  function batchNormOfRank(x, ...rest) {
    if (x instanceof tf.Tensor && x.rank !== rank) {
      throw usageError(`tf.batchNorm${rank}d: expected x of rank ${rank}, got shape [${x.shape.join(', ')}]`);
    }
    return batchNorm(x, ...rest);
  };

/** `batchNorm` of a matrix. */
export const batchNorm2d = ofRank(2) as typeof tf.batchNorm2d;
/** `batchNorm` of an image. */
export const batchNorm3d = ofRank(3) as typeof tf.batchNorm3d;
/** `batchNorm` of images. */
export const batchNorm4d = ofRank(4) as typeof tf.batchNorm4d;
