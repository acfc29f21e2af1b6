import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../contract.ts';
import type { HostTrees } from '../programs/contract.ts';
import { leavesOf, mapTree, treeLike, visitTree } from '../trees.ts';

/** The number of steps of a scan. @throws where the indices are no whole batches, or no rows of some leaf */
export function checkScan(name: string, rows: HostTrees, indices: Int32Array, batch: number): number {
  const steps = indices.length / batch;
  if (!(Number.isInteger(batch) && batch > 0 && Number.isInteger(steps) && steps > 0)) {
    throw usageError(
      `${name}: scan: expected a multiple of the batch (${batch}) of indices, got ${indices.length}`,
    );
  }
  let [low, high] = [indices[0], indices[0]];
  for (const row of indices) {
    if (row < low) low = row;
    if (row > high) high = row;
  }
  visitTree<HostTensor>(
    rows,
    ({ shape }, path) => {
      const count = shape?.[0];
      if (count === undefined)
        throw usageError(`${path}: expected a first axis to gather along, got a scalar`);
      if (low >= 0 && high < count) return;
      throw usageError(`${path}: expected indices from 0 to ${count - 1}, got ${low < 0 ? low : high}`);
    },
    `${name}: scan rows`,
  );
  return steps;
}

/** The rows `indices` of every leaf, along its first axis; `checkScan` has seen them. */
export function gatherRows(rows: HostTrees, indices: Int32Array): HostTrees {
  return mapTree<HostTensor, HostTensor>(rows, ({ shape: [count, ...rest], data: from }) => {
    const width = from.length / count;
    const data = new (from.constructor as Float32ArrayConstructor)(indices.length * width);
    for (let i = 0; i < indices.length; i++) {
      for (let j = 0; j < width; j++) data[i * width + j] = from[indices[i] * width + j];
    }
    return { shape: [indices.length, ...rest], data };
  }) as HostTrees;
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
