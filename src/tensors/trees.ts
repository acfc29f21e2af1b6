import type { Tensor } from '@tensorflow/tfjs';
import { usageError } from '../core/errors.ts';
import type { HostTensor, Tree } from './contract.ts';

export type Leaf = HostTensor | Tensor | number;
export type TensorDtype = 'float32' | 'int32' | 'bool';

/** Whether a node of a tree is a leaf: a number, a tensor, or a tensor on the host. */
export function isLeaf(node: unknown): node is Leaf {
  if (typeof node === 'number') return true;
  if (typeof node !== 'object' || node === null) return false;
  return 'dataId' in node || ('shape' in node && ArrayBuffer.isView((node as { data?: unknown }).data));
}

/** Calls `visit` for every leaf, in layout order, with its path such as `policy.0.weights`. */
export function visitTree<L>(tree: Tree<L>, visit: (leaf: L, path: string) => void, path = ''): void {
  if (isLeaf(tree)) {
    visit(tree as L, path);
    return;
  }
  if (typeof tree !== 'object' || tree === null) {
    throw usageError(`${path || 'tree'}: expected a tensor, got ${tree === null ? 'null' : typeof tree}`);
  }
  for (const [key, child] of Object.entries(tree as Record<string, Tree<L>>)) {
    visitTree(child, visit, path === '' ? key : `${path}.${key}`);
  }
}

/** The leaves in layout order. */
export function leavesOf<L>(tree: Tree<L>): L[] {
  const leaves: L[] = [];
  visitTree(tree, leaf => leaves.push(leaf));
  return leaves;
}

/** A tree of the same form with other leaves. */
export function mapTree<L, M>(tree: Tree<L>, map: (leaf: L, path: string) => M, path = ''): Tree<M> {
  if (isLeaf(tree)) return map(tree as L, path);
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(tree)) return tree.map((child, i) => mapTree<L, M>(child, map, at(i)));
  if (typeof tree !== 'object' || tree === null) {
    throw usageError(`${path || 'tree'}: expected a tensor, got ${tree === null ? 'null' : typeof tree}`);
  }
  return Object.fromEntries(
    Object.entries(tree as Record<string, Tree<L>>).map(([key, child]) => [
      key,
      mapTree<L, M>(child, map, at(key)),
    ]),
  );
}

/** A tree of the form of `like` whose leaves are taken in order. */
export function treeLike<L, M>(like: Tree<L>, leaves: readonly M[]): Tree<M> {
  let next = 0;
  return mapTree<L, M>(like, () => leaves[next++]);
}

/**
 * The leaves of `tree` at the places where `like` has its own, in that order, whatever the order of the keys.
 * @throws where a leaf is missing or there is one that `like` has not, with its path
 */
export function leavesAlong<L, M>(like: Tree<L>, tree: Tree<M>, where: string, into: M[] = []): M[] {
  if (isLeaf(like)) {
    if (!isLeaf(tree)) throw usageError(`${where}: expected a tensor, got ${describe(tree)}`);
    into.push(tree as M);
    return into;
  }
  if (typeof tree !== 'object' || tree === null || isLeaf(tree)) {
    throw usageError(`${where}: expected ${describe(like)}, got ${describe(tree)}`);
  }
  for (const key in like as object) {
    if (!(key in tree)) throw usageError(`${where}.${key}: missing`);
    leavesAlong(
      (like as Record<string, Tree<L>>)[key],
      (tree as Record<string, Tree<M>>)[key],
      `${where}.${key}`,
      into,
    );
  }
  for (const key in tree) {
    if (!(key in (like as object))) throw usageError(`${where}.${key}: not expected here`);
  }
  return into;
}

function describe(node: unknown): string {
  if (Array.isArray(node)) return `a list of ${node.length}`;
  if (isLeaf(node)) return 'a tensor';
  if (typeof node !== 'object' || node === null) return node === null ? 'null' : typeof node;
  return `a tree with ${Object.keys(node).join(', ') || 'nothing'}`;
}
