import { concatenate } from '../../core/arrays.ts';
import {
  type Adam,
  adam,
  adamInit,
  type HostTensor,
  hostZeros,
  leavesOf,
  type Sgd,
  sgd,
  sgdInit,
  type Tensor,
  type Tree,
  tf,
  toVector,
  treeLayout,
  treeLike,
} from '../../tensors/index.ts';
import type { OptimizerSettings } from './config.ts';

/**
 * Leaves of so many elements are entries of the state by themselves. Leaves of one entry go in and out of a program as one vector, which
 * is put together and taken apart in every run: for small ones that is less than what each tensor costs, for large ones far more.
 */
const large = 16_384;

/** What a program sees of one kind of entries, by name. */
type Entries<L> = Readonly<Record<string, L>>;

/** The state of a compiled program, as far as it is needed here. */
interface FlatState {
  flat(entry: string, into?: Float32Array): Float32Array;
  setFlat(entry: string, values: Float32Array): void;
}

/** How the parameters of a stage lie in its programs' state: `params i`, `gradient i` and `optimizer i` for each group of leaves. */
export class LeafGroups {
  /** Of all parameters, end to end in layout order. */
  readonly size: number;
  readonly initial: Entries<unknown>;
  readonly #tree: readonly Tree<HostTensor>[];
  readonly #leaves: readonly { readonly offset: number; readonly size: number }[];
  /** Leaves of each group, by their numbers in layout order. */
  readonly #groups: readonly (readonly number[])[];
  readonly #settings: OptimizerSettings;
  readonly #optimizerSizes: readonly number[];

  constructor(tree: readonly Tree<HostTensor>[], optimizer: OptimizerSettings) {
    const layout = treeLayout(tree as never);
    const numbers = layout.leaves.map((_, i) => i);
    const small = numbers.filter(i => layout.leaves[i].size < large);
    const alone = numbers.filter(i => layout.leaves[i].size >= large);
    const leaves = leavesOf<HostTensor>(tree);
    this.size = layout.size;
    this.#tree = tree;
    this.#leaves = layout.leaves;
    this.#groups = [...(small.length > 0 ? [small] : []), ...alone.map(i => [i])];
    this.#settings = optimizer;
    const initial: Record<string, unknown> = {};
    const sizes: number[] = [];
    this.#groups.forEach((group, g) => {
      const params = group.map(i => leaves[i]);
      const state = optimizer.kind === 'adam' ? adamInit(params as never) : sgdInit(params as never);
      initial[`params ${g}`] = params;
      initial[`gradient ${g}`] = params.map(({ shape }) => hostZeros(shape));
      initial[`optimizer ${g}`] = state;
      sizes.push(leavesOf<HostTensor>(state).reduce((sum, { data }) => sum + data.length, 0));
    });
    // A state has at least one entry.
    this.initial = sizes.length > 0 ? initial : { none: hostZeros([1]) };
    this.#optimizerSizes = sizes;
  }

  /** The parameters as the layers take them. */
  params(entries: Entries<unknown>): readonly Tree<Tensor>[] {
    const leaves: Tensor[] = [];
    this.#groups.forEach((group, g) => {
      const own = entries[`params ${g}`] as readonly Tensor[];
      group.forEach((leaf, i) => {
        leaves[leaf] = own[i];
      });
    });
    return treeLike(this.#tree, leaves) as readonly Tree<Tensor>[];
  }

  /** The gradient so far and one more, given like the parameters. */
  added(entries: Entries<unknown>, slopes: readonly Tree<Tensor>[]): Entries<readonly Tensor[]> {
    const leaves = leavesOf<Tensor>(slopes);
    return Object.fromEntries(
      this.#groups.map((group, g) => {
        const sums = entries[`gradient ${g}`] as readonly Tensor[];
        return [`gradient ${g}`, group.map((leaf, i) => tf.add(sums[i], leaves[leaf]))];
      }),
    );
  }

  /** The update: each group by itself, which is the same, since optimisers go element by element. */
  updated(entries: Entries<unknown>, scale: Tensor, learningRate: Tensor): Entries<unknown> {
    const { kind, ...settings } = this.#settings;
    const options = { ...settings, learningRate };
    const after: Record<string, unknown> = {};
    this.#groups.forEach((_, g) => {
      const params = entries[`params ${g}`] as never;
      const gradient = tf.mul(toVector(entries[`gradient ${g}`] as never), scale);
      const state = entries[`optimizer ${g}`];
      const updated =
        kind === 'adam'
          ? adam(params, gradient, state as Adam<Tensor>, options)
          : sgd(params, gradient, state as Sgd<Tensor>, options);
      after[`params ${g}`] = updated.params;
      after[`optimizer ${g}`] = updated.optimizer;
    });
    return after;
  }

  /** Parameters or gradient, end to end in layout order. @param values where to */
  read(
    state: FlatState,
    kind: 'params' | 'gradient',
    values: Float32Array = new Float32Array(this.size),
  ): Float32Array {
    this.#groups.forEach((group, g) => {
      if (group.length === 1) {
        const { offset, size } = this.#leaves[group[0]];
        state.flat(`${kind} ${g}`, values.subarray(offset, offset + size));
        return;
      }
      const flat = state.flat(`${kind} ${g}`);
      let at = 0;
      for (const leaf of group) {
        const { offset, size } = this.#leaves[leaf];
        values.set(flat.subarray(at, at + size), offset);
        at += size;
      }
    });
    return values;
  }

  /** The same back. */
  write(state: FlatState, kind: 'params' | 'gradient', values: Float32Array): void {
    this.#groups.forEach((group, g) => {
      const parts = group.map(leaf => {
        const { offset, size } = this.#leaves[leaf];
        return values.subarray(offset, offset + size);
      });
      state.setFlat(`${kind} ${g}`, parts.length === 1 ? parts[0] : concatenate('float32', parts));
    });
  }

  /** Floats of the optimiser's state. */
  get optimizerSize(): number {
    return this.#optimizerSizes.reduce((sum, size) => sum + size, 0);
  }

  /** The optimiser's state, group by group. @param values where to */
  readOptimizer(state: FlatState, values: Float32Array = new Float32Array(this.optimizerSize)): Float32Array {
    let at = 0;
    this.#optimizerSizes.forEach((size, g) => {
      state.flat(`optimizer ${g}`, values.subarray(at, at + size));
      at += size;
    });
    return values;
  }

  /** The same back. */
  writeOptimizer(state: FlatState, values: Float32Array): void {
    let at = 0;
    this.#optimizerSizes.forEach((size, g) => {
      state.setFlat(`optimizer ${g}`, values.subarray(at, at + size));
      at += size;
    });
  }
}
