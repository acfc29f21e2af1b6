import type { SequentialLayer } from './contract.ts';
import {
  addSums,
  type DeferredSums,
  deferredSums,
  initialStatistics,
  momentsOf,
  moveStatistics,
} from './statistics.ts';

/** The statistics of a stage's layers: running ones, and the sums of the mini-batch under way. */
export class GatheredStatistics {
  readonly running: Readonly<Record<string, Float32Array>>;
  readonly #layers: readonly {
    readonly name: string;
    readonly perRow: number;
    readonly sums: DeferredSums;
  }[];

  constructor(layers: readonly SequentialLayer[]) {
    this.#layers = layers.flatMap(({ name, statistics }) =>
      statistics ? [{ name, perRow: statistics.perRow, sums: deferredSums(statistics.channels) }] : [],
    );
    this.running = Object.fromEntries(
      this.#layers.map(({ name, sums }) => [name, initialStatistics(sums.sums.length / 2)]),
    );
  }

  clear(): void {
    for (const { sums } of this.#layers) {
      sums.n = 0;
      sums.sums.fill(0);
    }
  }

  /** Counts a micro-batch. */
  add(rows: number, given: Readonly<Record<string, { readonly data: ArrayLike<number> }>>): void {
    for (const { name, perRow, sums } of this.#layers) {
      const seen = given[name];
      if (seen) addSums(sums, rows * perRow, seen.data);
    }
  }

  /** All sums end to end, as they travel and are saved. */
  write(out: Float64Array): void {
    let at = 0;
    for (const { sums } of this.#layers) {
      out.set(sums.sums, at);
      at += sums.sums.length;
    }
  }

  /** The same back. @param rows of the mini-batch that they are of */
  read(from: Float64Array, rows: number): void {
    let at = 0;
    for (const { perRow, sums } of this.#layers) {
      sums.sums.set(from.subarray(at, at + sums.sums.length));
      sums.n = rows * perRow;
      at += sums.sums.length;
    }
  }

  /** Moves the running statistics by the mini-batch. */
  apply(momentum: number): void {
    for (const { name, sums } of this.#layers) {
      if (sums.n > 0) moveStatistics(this.running[name], momentsOf(sums), momentum);
    }
    this.clear();
  }
}
