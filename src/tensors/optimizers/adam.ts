import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor, TreeOf } from '../contract.ts';
import { hostScalar, hostZeros } from '../host.ts';
import { treeLayout } from '../layout.ts';
import * as tf from '../ops.ts';
import { fromVector, toVector } from '../vectors.ts';

/** Adam's state: the number of updates so far (float32) and both moments as vectors in layout order. */
export interface Adam<T> {
  readonly step: T;
  readonly m: T;
  readonly v: T;
}

/** The settings of an Adam update. */
export interface AdamOptions {
  /** A scalar tensor (an input, so that a schedule can move it) or a number. */
  readonly learningRate: Tensor | number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment, as in PyTorch. Default 1e-8; PPO's reference uses 1e-5. */
  readonly epsilon?: number;
  /**
   * AdamW (Loshchilov & Hutter, 2019): each update also takes rate · weightDecay · p away, past the moments. A vector in layout order
   * (see `leafVector`) gives each parameter its own, 0 for biases say. Default 0.
   */
  readonly weightDecay?: Tensor | number;
}

/** Adam before its first update: step 0, both moments zero. */
export function adamInit<P>(params: P & TreeOf<P, HostTensor>): Adam<HostTensor> {
  const { size } = treeLayout(params);
  return { step: hostScalar(0), m: hostZeros([size]), v: hostZeros([size]) };
}

/**
 * One update of Adam (Kingma & Ba, 2015) in PyTorch's form, on all parameters as one vector:
 * p ← p − rate · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
 * @param gradient a vector in the layout order of `params`, from `valueAndGrad`
 */
export function adam<P>(
  params: P & TreeOf<P, Tensor>,
  gradient: Tensor,
  state: Adam<Tensor>,
  options: AdamOptions,
): { readonly params: P; readonly optimizer: Adam<Tensor> } {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const step = tf.add(state.step, 1);
  const m = tf.add(tf.mul(state.m, beta1), tf.mul(gradient, 1 - beta1));
  const v = tf.add(tf.mul(state.v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  // −expm1(t · ln β) is 1 − βᵗ without the digits that the difference would lose in float32. Both corrections are moved
  // to the scalars: rate · √c₂ / c₁ · m / (√v + ε · √c₂) is the same with fewer vector operations.
  const root = tf.sqrt(tf.neg(tf.expm1(tf.mul(step, Math.log(beta2)))));
  const rate = tf.div(tf.mul(learningRate, root), tf.expm1(tf.mul(step, Math.log(beta1))));
  const change = tf.mul(rate, tf.div(m, tf.add(tf.sqrt(v), tf.mul(root, epsilon))));
  const before = toVector(params);
  const decayed = weightDecay === 0 ? before : tf.mul(before, tf.sub(1, tf.mul(learningRate, weightDecay)));
  return {
    params: fromVector(tf.add(decayed, change), params),
    optimizer: { step, m, v },
  };
}
