import type { Tensor } from '@tensorflow/tfjs-core';
import type { TreeOf } from './contract.ts';
import * as tf from './ops.ts';
import { leavesOf, treeLike } from './trees.ts';

/** The leaves of a tree of float32 tensors as one vector, in layout order. */
export const toVector = <T>(tree: T & TreeOf<T, Tensor>): Tensor => concatenated(leavesOf<Tensor>(tree));

export function concatenated(leaves: readonly Tensor[]): Tensor {
  const flat = leaves.map(leaf => tf.reshape(leaf, [leaf.size]));
  return flat.length === 1 ? flat[0] : tf.concat(flat);
}

/** The tree of the form of `like` that a vector holds. */
export function fromVector<T>(vector: Tensor, like: T & TreeOf<T, Tensor>): T {
  const leaves = leavesOf<Tensor>(like);
  const sizes = leaves.map(leaf => leaf.size);
  const parts = tf.split(vector, sizes);
  return treeLike(
    like,
    parts.map((part, i) => tf.reshape(part, leaves[i].shape)),
  ) as T;
}
