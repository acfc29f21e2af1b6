import type { Tensor } from '@tensorflow/tfjs-core';
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
export function visitTree<L>(tree: unknown, visit: (leaf: L, path: string) => void, path = ''): void {
  if (isLeaf(tree)) {
    visit(tree as L, path);
    return;
  }
  for (const [key, child] of entriesOf(tree, path)) {
    visitTree(child, visit, path === '' ? key : `${path}.${key}`);
  }
}

/** The leaves in layout order. */
export function leavesOf<L>(tree: unknown): L[] {
  const leaves: L[] = [];
  visitTree<L>(tree, leaf => leaves.push(leaf));
  return leaves;
}

/** A tree of the same form with other leaves. */
export function mapTree<L, M>(tree: unknown, map: (leaf: L, path: string) => M, path = ''): Tree<M> {
  if (isLeaf(tree)) return map(tree as L, path);
  const children = entriesOf(tree, path).map(
    ([key, child]) => [key, mapTree(child, map, path === '' ? key : `${path}.${key}`)] as const,
  );
  return Array.isArray(tree) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

/** A tree of the form of `like` whose leaves are taken in order. */
export function treeLike<M>(like: unknown, leaves: readonly M[]): Tree<M> {
  let next = 0;
  return mapTree<unknown, M>(like, () => leaves[next++]);
}

/**
 * The leaves of `tree` at the places where `like` has its own, in that order, whatever the order of the keys.
 * @throws where a leaf is missing or there is one that `like` has not, with its path
 */
export function leavesAlong<L>(like: unknown, tree: unknown, path: string, into: L[] = []): L[] {
  if (isLeaf(like)) {
    if (!isLeaf(tree)) throw usageError(`${path}: expected a tensor, got ${describe(tree)}`);
    into.push(tree as L);
    return into;
  }
  if (isLeaf(tree)) throw usageError(`${path}: expected ${describe(like)}, got a tensor`);
  if (typeof tree !== 'object' || tree === null) {
    throw usageError(`${path}: expected ${describe(like)}, got ${describe(tree)}`);
  }
  const [wanted, given] = [like, tree] as [Record<string, unknown>, Record<string, unknown>];
  for (const key in wanted) {
    if (wanted[key] === undefined) continue;
    if (given[key] === undefined) throw usageError(`${path}.${key}: missing`);
    leavesAlong(wanted[key], given[key], `${path}.${key}`, into);
  }
  for (const key in given) {
    if (given[key] !== undefined && wanted[key] === undefined) {
      throw usageError(`${path}.${key}: not expected here`);
    }
  }
  return into;
}

/** The children of a node; those that are undefined are absent. */
function entriesOf(node: unknown, path: string): [string, unknown][] {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) {
    throw usageError(`${path || 'tree'}: expected a tensor, got ${describe(node)}`);
  }
  return Object.entries(node).filter(([, child]) => child !== undefined);
}

function describe(node: unknown): string {
  if (Array.isArray(node)) return `a list of ${node.length}`;
  if (isLeaf(node)) return 'a tensor';
  if (typeof node !== 'object' || node === null) return node === null ? 'null' : typeof node;
  if (ArrayBuffer.isView(node)) return `a bare ${node.constructor.name} without a shape`;
  return `a tree with ${Object.keys(node).join(', ') || 'nothing'}`;
}
