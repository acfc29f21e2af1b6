import type { Tensor } from '@tensorflow/tfjs';
import type { Tree } from './contract.ts';
import * as tf from './ops.ts';
import { leavesOf, treeLike } from './trees.ts';

/** The leaves of a tree of float32 tensors as one vector, in layout order. */
export function toVector(tree: Tree<Tensor>): Tensor {
  const flat = leavesOf<Tensor>(tree).map(leaf => tf.reshape(leaf, [leaf.size]));
  return flat.length === 1 ? flat[0] : tf.concat(flat);
}

/** The tree of the form of `like` that a vector holds. */
export function fromVector<T extends Tree<Tensor>>(vector: Tensor, like: T): T {
  const leaves = leavesOf<Tensor>(like);
  const parts = tf.split(
    vector,
    leaves.map(leaf => leaf.size),
  );
  return treeLike<Tensor, Tensor>(
    like,
    parts.map((part, i) => tf.reshape(part, leaves[i].shape)),
  ) as T;
}
