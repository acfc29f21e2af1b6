import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor, TreeOf } from '../contract.ts';
import { hostZeros } from '../host.ts';
import { treeLayout } from '../layout.ts';
import * as tf from '../ops.ts';
import { fromVector, toVector } from '../vectors.ts';

/** RMSProp's state: the mean square of the gradient and the velocity, vectors in layout order. */
export interface RmsProp<T> {
  readonly square: T;
  readonly velocity: T;
}

/** The settings of an RMSProp update. */
export interface RmsPropOptions {
  /** A scalar tensor (an input, so that a schedule can move it) or a number. */
  readonly learningRate: Tensor | number;
  /** How much of the mean square stays. Default 0.99, as in PyTorch; TensorFlow's is 0.9. */
  readonly decay?: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Default 1e-8, as in PyTorch; TensorFlow 1 has 1e-10. */
  readonly epsilon?: number;
  /**
   * Where ε stands: `outside` of the root, √s + ε, as in PyTorch (default), or `inside`, √(s + ε), as in TensorFlow 1, which A2C and
   * IMPALA were tuned with. The same number means another thing.
   */
  readonly epsilonPlace?: 'outside' | 'inside';
}

/** RMSProp before its first update: both vectors zero, as in PyTorch (TensorFlow 1 starts the mean square at one). */
export function rmsPropInit<P>(params: P & TreeOf<P, HostTensor>): RmsProp<HostTensor> {
  const { size } = treeLayout(params);
  return { square: hostZeros([size]), velocity: hostZeros([size]) };
}

/**
 * One update of RMSProp (Tieleman & Hinton, 2012) on all parameters as one vector: s ← d·s + (1 − d)·g², u ← μ·u + g / √s, p ← p − rate · u.
 * As in PyTorch the rate is not in the velocity; TensorFlow 1 puts it there, which differs only while the rate moves.
 * @param gradient a vector in the layout order of `params`, from `valueAndGrad`
 */
export function rmsProp<P>(
  params: P & TreeOf<P, Tensor>,
  gradient: Tensor,
  state: RmsProp<Tensor>,
  options: RmsPropOptions,
): { readonly params: P; readonly optimizer: RmsProp<Tensor> } {
  const { learningRate, decay = 0.99, momentum = 0, epsilon = 1e-8, epsilonPlace = 'outside' } = options;
  const square = tf.add(tf.mul(state.square, decay), tf.mul(tf.square(gradient), 1 - decay));
  const root =
    epsilonPlace === 'outside' ? tf.add(tf.sqrt(square), epsilon) : tf.sqrt(tf.add(square, epsilon));
  const step = tf.div(gradient, root);
  const velocity = momentum === 0 ? step : tf.add(tf.mul(state.velocity, momentum), step);
  return {
    params: fromVector(tf.sub(toVector(params), tf.mul(learningRate, velocity)), params),
    optimizer: { square, velocity },
  };
}
