import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { HostTensor, TreeOf } from '../contract.ts';
import { hostZeros } from '../host.ts';
import { treeLayout } from '../layout.ts';
import * as tf from '../ops.ts';
import { fromVector, toVector } from '../vectors.ts';

/** The settings of an SGD update. */
export interface SgdOptions {
  /** A scalar tensor (an input, so that a schedule can move it) or a number. */
  readonly learningRate: Tensor | number;
  /** Default 0. */
  readonly momentum?: number;
  /** Nesterov's momentum: the step looks ahead by one more velocity. Default false; wants a momentum. */
  readonly nesterov?: boolean;
  /**
   * Added to the gradient as weightDecay · p, as in PyTorch: a penalty on p², which the momentum sees. A number, or a vector in layout
   * order (see `leafVector`). Default 0.
   */
  readonly weightDecay?: Tensor | number;
}

/** The velocity of SGD with momentum, a vector in layout order. */
export interface Sgd<T> {
  readonly velocity: T;
}

/** SGD before its first update: no velocity. */
export function sgdInit<P>(params: P & TreeOf<P, HostTensor>): Sgd<HostTensor> {
  return { velocity: hostZeros([treeLayout(params).size]) };
}

/**
 * One update of gradient descent with momentum in PyTorch's form: u ← μ·u + g, p ← p − rate · u, or with Nesterov's momentum
 * p ← p − rate · (g + μ·u).
 * @param gradient a vector in the layout order of `params`, from `valueAndGrad`
 */
export function sgd<P>(
  params: P & TreeOf<P, Tensor>,
  gradient: Tensor,
  state: Sgd<Tensor>,
  options: SgdOptions,
): { readonly params: P; readonly optimizer: Sgd<Tensor> } {
  const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  if (nesterov && momentum === 0) throw usageError('sgd: nesterov: expected a momentum with it, got 0');
  const before = toVector(params);
  const slope = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(before, weightDecay));
  const velocity = momentum === 0 ? slope : tf.add(tf.mul(state.velocity, momentum), slope);
  const step = nesterov ? tf.add(slope, tf.mul(velocity, momentum)) : velocity;
  return {
    params: fromVector(tf.sub(before, tf.mul(learningRate, step)), params),
    optimizer: { velocity },
  };
}
