import { datum, wrong } from '../../inputs.ts';

/**
 * Scores as an aggregate sees them: those of each task, and all of them in ascending order. Both belong to
 * the bootstrap, which overwrites them with the next resample.
 */
export interface Sample {
  readonly tasks: readonly Float64Array[];
  readonly sorted: Float64Array;
}

/** One number of a sample: what an interval is made for. */
export type Aggregate = (sample: Sample) => number;

/**
 * Interquartile mean: the mean of what is left when the lowest and the highest quarter are cut off,
 * each rounded down to whole scores (as scipy's `trim_mean(x, 0.25)`). Agarwal et al.: "Deep
 * reinforcement learning at the edge of the statistical precipice" (NeurIPS 2021). Pools tasks:
 * normalise their scores first.
 */
export const iqmOf: Aggregate = ({ sorted }) => {
  const cut = Math.floor(sorted.length / 4);
  let sum = 0;
  for (let i = cut; i < sorted.length - cut; i++) sum += sorted[i];
  return sum / (sorted.length - 2 * cut);
};

/** Mean over tasks of the mean over seeds. */
export const meanOf: Aggregate = ({ tasks }) => {
  let sum = 0;
  for (const task of tasks) sum += average(task);
  return sum / tasks.length;
};

/** Median over tasks of the mean over seeds; of one task, the median over its seeds. */
export const medianOf: Aggregate = ({ tasks, sorted }) =>
  middle(tasks.length === 1 ? sorted : Float64Array.from(tasks, average).sort());

/**
 * Optimality gap: by how much the scores fall short of `target` on average, those above it counting as it.
 * Agarwal et al. 2021. Pools tasks.
 */
export const optimalityGapOf =
  (target = 1): Aggregate =>
  ({ sorted }) => {
    datum('target', target);
    let sum = 0;
    for (const score of sorted) sum += Math.min(score, target);
    return target - sum / sorted.length;
  };

/**
 * The interquartile mean of these scores: see `iqmOf`. @throws a usage error where there are none or
 * one is not finite
 */
export function iqm(scores: readonly number[]): number {
  if (scores.length === 0) throw wrong('scores', scores, 'at least one');
  scores.forEach((score, at) => {
    datum(`scores[${at}]`, score);
  });
  return iqmOf({ tasks: [], sorted: Float64Array.from(scores).sort() });
}

function average(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function middle(sorted: Float64Array): number {
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}
