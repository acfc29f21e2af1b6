import {
  adam,
  adamInit,
  type HostTensor,
  hostScalar,
  hostZeros,
  sgd,
  sgdInit,
  type Tensor,
  type TreeOf,
} from '../../tensors/index.ts';
import type { OptimizerConfig } from './config.ts';

/** The state of either optimiser: SGD's velocity (in `m`), or Adam's moments and count. */
export interface OptimizerState<T> {
  readonly step: T;
  readonly m: T;
  readonly v: T;
}

/** The state before the first step. */
export function optimizerInit<P>(
  params: P & TreeOf<P, HostTensor>,
  { kind }: OptimizerConfig,
): OptimizerState<HostTensor> {
  if (kind === 'adam') return adamInit(params);
  return { step: hostScalar(0), m: sgdInit(params).velocity, v: hostZeros([1]) };
}

/** One step of the optimiser. @param gradient a vector in the layout order of `params` */
export function optimizerStep<P>(
  params: P & TreeOf<P, Tensor>,
  gradient: Tensor,
  state: OptimizerState<Tensor>,
  learningRate: Tensor | number,
  config: OptimizerConfig,
): { readonly params: P; readonly optimizer: OptimizerState<Tensor> } {
  if (config.kind === 'adam') return adam(params, gradient, state, { learningRate });
  const next = sgd(params, gradient, { velocity: state.m }, { learningRate, momentum: config.momentum });
  return { params: next.params, optimizer: { ...state, m: next.optimizer.velocity } };
}

/**
 * θ|i: where the trunk would be after a step for task i alone. It is the very step that training would take with g_i for its
 * gradient: the same rate, the momentum if there is one (θ + μv − ηg_i, in PyTorch's form with u = −v/η: θ − η(μu + g_i)), and
 * with Adam both moments brought up to date by g_i. The optimiser's new state is dropped; parameters and state are read only.
 * @param gradient g_i = ∂L_i/∂θ, a vector in the layout order of `params`
 */
export const lookahead = <P>(
  params: P & TreeOf<P, Tensor>,
  gradient: Tensor,
  state: OptimizerState<Tensor>,
  learningRate: Tensor | number,
  config: OptimizerConfig,
): P => optimizerStep(params, gradient, state, learningRate, config).params;
