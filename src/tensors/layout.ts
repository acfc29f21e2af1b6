import { sizeOf } from '../core/arrays.ts';
import { usageError } from '../core/errors.ts';
import type { HostTensor, Tree, TreeOf } from './contract.ts';
import { dtypeOfHost } from './host.ts';
import { leavesAlong, treeLike, visitTree } from './trees.ts';

/** Where the leaves of a tree lie in one flat vector. */
export interface TreeLayout {
  /** The number of elements in all. */
  readonly size: number;
  readonly leaves: readonly {
    /** E.g. `policy.0.weights`. */
    readonly path: string;
    readonly shape: readonly number[];
    readonly offset: number;
    readonly size: number;
  }[];
  /** A tree of the layout's form; its leaves are placeholders. */
  readonly form: Tree<number>;
}

/** The layout of a tree of float32 tensors: its leaves end to end, in the order in which the tree's keys were added. */
export function treeLayout<T>(tree: T & TreeOf<T, HostTensor>): TreeLayout {
  const leaves: { path: string; shape: readonly number[]; offset: number; size: number }[] = [];
  let offset = 0;
  visitTree<HostTensor>(tree, (leaf, path) => {
    const dtype = dtypeOfHost(leaf, path);
    if (dtype !== 'float32') throw usageError(`${path}: expected float32 to lay out flat, got ${dtype}`);
    const size = sizeOf(leaf.shape);
    leaves.push({ path, shape: [...leaf.shape], offset, size });
    offset += size;
  });
  return { size: offset, leaves, form: treeLike(tree, new Array(leaves.length).fill(0)) };
}

/** A tree's values as one vector. @param layout default: the tree's own */
export function flattenTree<T>(tree: T & TreeOf<T, HostTensor>, layout = treeLayout(tree)): Float32Array {
  const values = new Float32Array(layout.size);
  leavesAlong<HostTensor>(layout.form, tree, 'tree').forEach((leaf, i) => {
    const { path, offset, size, shape } = layout.leaves[i];
    if (leaf.data.length !== size) {
      throw usageError(`${path}: expected shape [${shape.join(', ')}], got [${leaf.shape.join(', ')}]`);
    }
    values.set(leaf.data, offset);
  });
  return values;
}

/** The tree whose values are given as one vector; the leaves are copies. */
export function unflattenTree(values: Float32Array, layout: TreeLayout): Tree<HostTensor> {
  if (values.length !== layout.size) {
    throw usageError(`tree: expected ${layout.size} values, got ${values.length}`);
  }
  const leaves = layout.leaves.map(({ shape, offset, size }) => ({
    shape,
    data: values.slice(offset, offset + size),
  }));
  return treeLike(layout.form, leaves);
}
