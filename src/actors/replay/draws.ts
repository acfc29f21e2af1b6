import { TroupeError } from '../../core/errors.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ReplayConfig } from './config.ts';
import type { Store, StoreWatcher } from './store.ts';
import { SumTree } from './sum-tree.ts';

/** How the rows of batches are chosen. */
export interface Draws {
  /**
   * Fills one batch, with replacement.
   * @param from where it begins in the columns
   * @param drawn batches that were drawn before it, in all
   */
  draw(indices: Int32Array, weights: Float32Array, from: number, batch: number, drawn: number): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

/** Every drawable row alike. */
export function uniformDraws(store: Store, random: Random): Draws {
  return {
    draw(indices, weights, from, batch) {
      const { extent } = store;
      for (let b = from; b < from + batch; b++) {
        let row = random.integer(extent);
        while (!store.isDrawable(row)) row = random.integer(extent);
        indices[b] = row;
        weights[b] = 1;
      }
    },
    snapshot: () => ({ random: random.state }),
    restore(snapshot) {
      random.state = (snapshot as { random: RandomState }).random;
    },
  };
}

type Settings = NonNullable<ReplayConfig['prioritized']>;

/**
 * Rows by priority, in proportion (Schaul et al., 2016, section 3.3): P(i) = pᵢ^α / Σ pⱼ^α with pᵢ = |error| + ε, and for a row
 * that nobody has learned from the largest p so far, 1 at first. A batch takes one row from each of B equal parts of the sum.
 * Importance weights (N · P(i))^−β are divided by the largest of the batch; β rises to 1 in a straight line.
 */
export class PrioritizedDraws implements Draws, StoreWatcher {
  readonly #tree: SumTree;
  readonly #settings: Settings;
  readonly #random: Random;
  #largest = 1;

  constructor(rows: number, settings: Settings, random: Random) {
    this.#tree = new SumTree(rows);
    this.#settings = settings;
    this.#random = random;
  }

  ready(row: number): void {
    this.#tree.set(row, this.#largest ** this.#settings.alpha);
  }

  gone(row: number): void {
    this.#tree.set(row, 0);
  }

  draw(indices: Int32Array, weights: Float32Array, from: number, batch: number, drawn: number): void {
    const { beta, betaSteps } = this.#settings;
    const exponent = -(beta + (1 - beta) * Math.min(1, drawn / betaSteps));
    const part = this.#tree.total / batch;
    let smallest = Number.POSITIVE_INFINITY;
    for (let b = 0; b < batch; b++) {
      const row = this.#tree.find((b + this.#random.uniform()) * part);
      indices[from + b] = row;
      smallest = Math.min(smallest, this.#tree.get(row));
    }
    // N and the sum cancel: the weight of the row with the smallest priority is the largest, and becomes 1.
    for (let b = from; b < from + batch; b++)
      weights[b] = (this.#tree.get(indices[b]) / smallest) ** exponent;
  }

  /**
   * Takes what a learner thinks of rows that were drawn; the last word on a row that was drawn twice holds.
   * @param rows how many of them, from the first
   * @throws where an error is no number
   */
  update(indices: Int32Array, errors: Float32Array, rows: number): void {
    const { alpha, epsilon } = this.#settings;
    for (let k = 0; k < rows; k++) {
      const priority = Math.abs(errors[k]) + epsilon;
      if (!Number.isFinite(priority)) {
        throw new TroupeError(`priorities: errors[${k}] = ${errors[k]}: expected a finite number`);
      }
      if (priority > this.#largest) this.#largest = priority;
      this.#tree.set(indices[k], priority ** alpha);
    }
  }

  /** P(i) · Σ of a row, as it stands. */
  weightOf(row: number): number {
    return this.#tree.get(row);
  }

  snapshot() {
    return {
      random: this.#random.state,
      largest: this.#largest,
      leaves: this.#tree.leaves(this.#tree.size),
    } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const state = snapshot as unknown as ReturnType<PrioritizedDraws['snapshot']>;
    this.#random.state = state.random;
    this.#largest = state.largest;
    this.#tree.fill(state.leaves);
  }
}
