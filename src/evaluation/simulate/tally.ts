import type { Random } from '../../core/random.ts';

/** What one kind of simulation measures in each experiment, and how. */
export interface Simulator {
  /** Names of what is measured. */
  readonly columns: readonly string[];
  /** Runs one experiment. @param row where its numbers go, by column; NaN where the data could not say */
  run(random: Random, row: Float64Array): void;
}

/** Sums over experiments, as they come from a worker: for each column its sum, its sum of squares and its gaps. */
export type Sums = Float64Array;

/** The mean of a column: a rate where it holds 0 and 1. */
export interface Tally {
  readonly mean: number;
  /** Half the width of its 95 % Monte-Carlo interval: 1.96 × standard deviation / √experiments. */
  readonly halfWidth: number;
  /** Experiments whose data could not say; they count as 0. */
  readonly notEstimable: number;
}

/** Experiments that are run in one go; sums are added in the order of the chunks, whoever ran them. */
export const chunkSize = 100;

/** Runs experiments `from … to` of a job. @param random its job's; experiment i has the stream `split(i)` */
export function sumExperiments(simulator: Simulator, random: Random, from: number, to: number): Sums {
  const { length } = simulator.columns;
  const row = new Float64Array(length);
  const sums = new Float64Array(3 * length);
  for (let i = from; i < to; i++) {
    simulator.run(random.split(i), row);
    for (let c = 0; c < length; c++) {
      const value = row[c];
      if (Number.isNaN(value)) sums[3 * c + 2] += 1;
      else {
        sums[3 * c] += value;
        sums[3 * c + 1] += value * value;
      }
    }
  }
  return sums;
}

/** The means of all columns. */
export function tallies(columns: readonly string[], sums: Sums, experiments: number): Record<string, Tally> {
  return Object.fromEntries(
    columns.map((column, c) => {
      const mean = sums[3 * c] / experiments;
      const variance = Math.max(0, sums[3 * c + 1] / experiments - mean * mean);
      return [
        column,
        { mean, halfWidth: 1.96 * Math.sqrt(variance / experiments), notEstimable: sums[3 * c + 2] },
      ];
    }),
  );
}
