import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { CompiledState, HostTensor, Tree } from '../contract.ts';
import { checkFilled, dtypeOfHost, roomFor } from '../host.ts';
import { checkLeaf, type LeafSpec } from '../leaf-spec.ts';
import * as tf from '../ops.ts';
import type { HostTrees } from '../programs/contract.ts';
import { countState, discountState, type SizedState } from '../states.ts';
import { leavesAlong, mapTree, treeLike, visitTree } from '../trees.ts';
import { download, upload } from './device.ts';

/** The state of a program on the device: kept tensors that a step reads and that its results replace. */
export class DeviceState implements CompiledState<HostTrees>, SizedState {
  readonly executor = undefined;
  readonly fetchedBytes = 0;
  readonly specs: readonly LeafSpec[];
  /** One tree a state entry, without values: the initial ones would be a second copy of the state. */
  readonly #form: Readonly<Record<string, Tree<number>>>;
  readonly #program: string;
  #leaves: readonly Tensor[] = [];
  #disposed = false;
  #trees: Record<string, Tree<Tensor>> | undefined;
  readonly #ranges = new Map<string, readonly [from: number, to: number]>();

  constructor(program: string, initial: HostTrees) {
    this.#program = program;
    this.#form = mapTree<unknown, number>(initial, () => 0) as Record<string, Tree<number>>;
    const specs: LeafSpec[] = [];
    for (const [entry, tree] of Object.entries(initial)) {
      const from = specs.length;
      visitTree<HostTensor>(
        tree,
        (leaf, path) => specs.push({ path, shape: [...leaf.shape], dtype: dtypeOfHost(leaf, path) }),
        `${program}: state.${entry}`,
      );
      this.#ranges.set(entry, [from, specs.length]);
    }
    this.specs = specs;
    this.set(initial);
    countState(this);
  }

  get bytes(): number {
    const sizes = new Map(
      this.#leaves.map(leaf => [leaf.dataId, leaf.size * (leaf.dtype === 'bool' ? 1 : 4)]),
    );
    return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  has(entry: string): boolean {
    return this.#ranges.has(entry);
  }

  /** The leaves on the device, in layout order. */
  get leaves(): readonly Tensor[] {
    return this.#leaves;
  }

  /** Trees for a step to read, made of some leaves (default: the current ones). */
  trees(leaves: readonly Tensor[] = this.#leaves): Record<string, Tree<Tensor>> {
    if (leaves === this.#leaves && this.#trees) return this.#trees;
    const trees = treeLike(this.#form, leaves) as Record<string, Tree<Tensor>>;
    if (leaves === this.#leaves) this.#trees = trees;
    return trees;
  }

  /**
   * The leaves after a step that returned `result`: kept, each a tensor of its own, checked against the layout. What
   * the step did not return stays.
   */
  next(before: readonly Tensor[], result: Record<string, unknown>): readonly Tensor[] {
    const changed: [at: number, leaf: Tensor][] = [];
    for (const [entry, [from]] of this.#ranges) {
      if (result[entry] === undefined) continue;
      const where = `${this.#program}: new state.${entry}`;
      leavesAlong<Tensor>(this.#form[entry], result[entry], where).forEach((leaf, i) => {
        const at = from + i;
        if (leaf === before[at]) return;
        checkLeaf(this.specs[at], leaf.shape, leaf.dtype, 'as in the initial state');
        changed.push([at, leaf]);
      });
    }
    if (changed.length === 0) return before;
    const after = [...before];
    const taken = new Set(before);
    for (const [at, leaf] of changed) {
      // The same tensor at two places, or an old leaf at a new place, needs a handle of its own.
      const own = tf.keep(taken.has(leaf) || leaf.kept ? leaf.clone() : leaf);
      taken.add(own);
      after[at] = own;
    }
    return after;
  }

  /** Makes `leaves` the state and frees those that are no longer part of it. */
  commit(leaves: readonly Tensor[]): void {
    const before = this.#leaves;
    if (leaves === before) return;
    this.#leaves = leaves;
    this.#trees = undefined;
    releaseAllBut(leaves, before);
  }

  get(): HostTrees {
    this.#checkAlive();
    return treeLike(
      this.#form,
      this.#leaves.map(leaf => download(leaf)),
    ) as HostTrees;
  }

  set(state: HostTrees): void {
    this.#checkAlive();
    const hosts = leavesAlong<HostTensor>(this.#form, state, `${this.#program}: state`);
    hosts.forEach((host, i) => {
      const spec = this.specs[i];
      checkFilled(host, spec.path);
      checkLeaf(spec, host.shape, dtypeOfHost(host, spec.path), 'as in the initial state');
    });
    this.commit(hosts.map(host => tf.keep(upload(host))));
  }

  flat(entry: string, into?: Float32Array): Float32Array {
    const [from, to] = this.#range(entry);
    const parts = this.#leaves.slice(from, to).filter(leaf => leaf.dtype === 'float32');
    const size = parts.reduce((sum, leaf) => sum + leaf.size, 0);
    const values = roomFor(size, into, `${this.#program}: state.${entry}`);
    let at = 0;
    for (const leaf of parts) {
      values.set(leaf.dataSync() as Float32Array, at);
      at += leaf.size;
    }
    return values;
  }

  setFlat(entry: string, values: Float32Array): void {
    const [from, to] = this.#range(entry);
    const floats = this.#leaves.slice(from, to).filter(leaf => leaf.dtype === 'float32');
    const size = floats.reduce((sum, leaf) => sum + leaf.size, 0);
    if (values.length !== size) {
      throw usageError(
        `${this.#program}: state.${entry}: expected ${size} float32 values, got ${values.length}`,
      );
    }
    let at = 0;
    const leaves = this.#leaves.map((leaf, i) => {
      if (i < from || i >= to || leaf.dtype !== 'float32') return leaf;
      const data = values.subarray(at, at + leaf.size);
      at += leaf.size;
      return tf.keep(upload({ shape: leaf.shape, data }));
    });
    this.commit(leaves);
  }

  /** Nothing to wait for: the host reads what it wants at any time. */
  async settle(): Promise<void> {}

  dispose(): void {
    this.#disposed = true;
    this.commit([]);
    discountState(this);
  }

  #checkAlive(): void {
    if (this.#disposed) throw usageError(`${this.#program}: state: read or written after dispose()`);
  }

  #range(entry: string): readonly [number, number] {
    this.#checkAlive();
    const range = this.#ranges.get(entry);
    if (range) return range;
    const names = [...this.#ranges.keys()].join(', ') || 'none';
    throw usageError(`${this.#program}: state: expected one of ${names}, got ${entry}`);
  }
}

/** Frees the tensors of `old` that are not among `kept`. */
export function releaseAllBut(kept: readonly Tensor[], old: readonly Tensor[]): void {
  const staying = new Set(kept);
  for (const leaf of old) if (!staying.has(leaf)) leaf.dispose();
}
