import { usageError } from '../../core/errors.ts';
import type { HostTensor, Tree } from '../contract.ts';
import { leavesOf, mapTree, treeLike } from '../trees.ts';

type HostTrees = Record<string, Tree<HostTensor>>;

/** The rows `indices` of every leaf, along its first axis. */
export function gatherRows(rows: HostTrees, indices: Int32Array, where: string): HostTrees {
  return mapTree<HostTensor, HostTensor>(
    rows,
    (leaf, path) => {
      const [count, ...rest] = leaf.shape ?? [];
      if (count === undefined)
        throw usageError(`${path}: expected a first axis to gather along, got a scalar`);
      const width = count === 0 ? 0 : leaf.data.length / count;
      const data = new (leaf.data.constructor as Float32ArrayConstructor)(indices.length * width);
      for (let i = 0; i < indices.length; i++) {
        const row = indices[i];
        if (row < 0 || row >= count) {
          throw usageError(`${path}: expected indices from 0 to ${count - 1}, got ${row}`);
        }
        for (let j = 0; j < width; j++) data[i * width + j] = leaf.data[row * width + j];
      }
      return { shape: [indices.length, ...rest], data };
    },
    where,
  ) as HostTrees;
}

/** Gathers the outputs of a number of steps along a new first axis. */
export class Stack {
  readonly #steps: number;
  #filled = 0;
  #trees: HostTrees = {};
  #leaves: HostTensor[] = [];

  constructor(steps: number) {
    this.#steps = steps;
  }

  push(outputs: HostTrees): void {
    const leaves = leavesOf<HostTensor>(outputs);
    if (this.#filled === 0) {
      this.#leaves = leaves.map(leaf => ({
        shape: [this.#steps, ...leaf.shape],
        data: new (leaf.data.constructor as Float32ArrayConstructor)(this.#steps * leaf.data.length),
      }));
      this.#trees = treeLike(outputs, this.#leaves) as HostTrees;
    }
    leaves.forEach((leaf, i) => {
      this.#leaves[i].data.set(leaf.data, this.#filled * leaf.data.length);
    });
    this.#filled++;
  }

  get trees(): HostTrees {
    return this.#trees;
  }
}
