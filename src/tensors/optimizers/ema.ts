import type { Tensor } from '@tensorflow/tfjs-core';
import type { TreeOf } from '../contract.ts';
import * as tf from '../ops.ts';
import { fromVector, toVector } from '../vectors.ts';

/**
 * The moving average of parameters after an update: decay · average + (1 − decay) · params (Polyak & Juditsky, 1992). SAC's target
 * networks are one with a decay of 1 − τ.
 * @param average a tree of the form of `params`, at first equal to it
 * @param decay in [0, 1]: a number, or a scalar tensor, an input, where it is 0 until the averaging begins
 */
export function movingAverage<P>(
  average: P & TreeOf<P, Tensor>,
  params: P & TreeOf<P, Tensor>,
  decay: Tensor | number,
): P {
  const before = toVector(average);
  const towards = tf.mul(tf.sub(toVector(params), before), tf.sub(1, decay));
  return fromVector(tf.add(before, towards), average);
}
