import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../core/errors.ts';
import type { TreeOf } from './contract.ts';
import { engineInternals, withLightClones } from './engine.ts';
import * as tf from './ops.ts';
import { leavesOf, treeLike } from './trees.ts';
import { concatenated } from './vectors.ts';

/**
 * The value of a loss, whatever else it computed, and its gradient with respect to parameters.
 * @param loss returns `{ loss, ...more }`: `loss` is a scalar, the rest are trees of tensors (metrics, for example)
 * @returns what `loss` returned, and `gradient`: one vector in the layout order of `params`, as the optimisers take it.
 *   Parameters that the loss does not depend on have zeros.
 */
export function valueAndGrad<P, R extends { readonly loss: Tensor }>(
  loss: (params: P) => R,
  params: P & TreeOf<P, Tensor>,
): NoInfer<R> & { readonly gradient: Tensor } {
  // NoInfer: the names that a caller takes out of the result would else become `any` in it.
  const { result, slopes } = differentiated('valueAndGrad', loss, params);
  return { ...result, gradient: concatenated(slopes) };
}

/**
 * As `valueAndGrad`, with the gradient as a tree like `params`: for large ones that are added up leaf by leaf, where putting a vector
 * together and taking it apart again would cost as much as the sums.
 */
export function valueAndGradTree<P, R extends { readonly loss: Tensor }>(
  loss: (params: P) => R,
  params: P & TreeOf<P, Tensor>,
): NoInfer<R> & { readonly gradient: P } {
  const { result, slopes } = differentiated('valueAndGradTree', loss, params);
  return { ...result, gradient: treeLike(params, slopes) as P };
}

/** What a loss returned, and its gradient with respect to each leaf. */
function differentiated<P, R extends { readonly loss: Tensor }>(
  name: string,
  loss: (params: P) => R,
  params: P & TreeOf<P, Tensor>,
): { readonly result: R; readonly slopes: readonly Tensor[] } {
  const leaves = leavesOf<Tensor>(params);
  const kept: Tensor[] = [];
  let result: R | undefined;
  const forward = (): Tensor => {
    result = loss(params);
    if (result.loss.size !== 1) {
      throw usageError(`${name}: expected a scalar loss, got shape [${result.loss.shape.join(', ')}]`);
    }
    // The tape's scope ends with the forward pass and would take everything but the loss with it.
    for (const tensor of leavesOf<Tensor>(result)) {
      if (!tensor.kept && tensor !== result.loss) kept.push(tf.keep(tensor));
    }
    return result.loss;
  };
  try {
    const { grads } = withLightClones(() => tf.engine().gradients(forward, leaves, undefined, true));
    return {
      result: result as unknown as R,
      slopes: grads.map((grad, i) => grad ?? tf.zerosLike(leaves[i])),
    };
  } finally {
    for (const tensor of kept) {
      tensor.kept = false;
      engineInternals().track(tensor);
    }
  }
}
