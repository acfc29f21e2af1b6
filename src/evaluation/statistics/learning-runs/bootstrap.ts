import type { Random } from '../../../core/random.ts';
import type { Estimate } from '../../contract.ts';
import { LEVEL, share, whole } from '../../inputs.ts';
import type { Aggregate, Sample } from './aggregates.ts';
import { checkedScores, type RunScores, tooFewSeeds } from './scores.ts';

/** How a bootstrap is made. */
export interface BootstrapOptions {
  /** Its own stream: the same one gives the same interval. */
  readonly random: Random;
  /** Default 50,000. */
  readonly resamples?: number | undefined;
  /** Of the interval. Default 0.95. */
  readonly level?: number | undefined;
}

/**
 * An aggregate of learning runs with its percentile interval from a bootstrap that draws seeds within each
 * task, with replacement (Agarwal et al. 2021; Efron and Tibshirani, "An Introduction to the Bootstrap",
 * chapter 13). The units are seeds: tasks are taken as they are.
 *
 * Assumes: seeds drawn independently. Too narrow with few seeds: of normal scores of one task, 75 % of the
 * intervals of three seeds hold the mean, 86 % of five, 90 % of ten (IQM: 75, 91, 94). Where all seeds agree
 * it has no width.
 * @returns no estimate where a task has one seed
 */
export function stratifiedBootstrap(
  scores: RunScores,
  aggregate: Aggregate,
  options: BootstrapOptions,
): Estimate {
  checkedScores('scores', scores);
  const few = tooFewSeeds(scores);
  if (few) return few;
  const draw = resampler(scores, options.random);
  const value = aggregate(sampleOf(scores));
  return percentileEstimate(value, options, () => aggregate(draw()));
}

/** The sample that the scores are. */
export const sampleOf = (scores: RunScores): Sample => ({
  tasks: scores.map(task => Float64Array.from(task)),
  sorted: Float64Array.from(scores.flat()).sort(),
});

/** Draws one resample after another into the same arrays. */
export function resampler(scores: RunScores, random: Random): () => Sample {
  const original = sampleOf(scores);
  const sample = sampleOf(scores);
  const { sorted } = original;
  // What was drawn is counted by its place in the sorted scores, so that no resample is sorted.
  const places = original.tasks.map(task => Uint32Array.from(task, score => lowerBound(sorted, score)));
  const counts = new Uint32Array(sorted.length);
  return () => {
    counts.fill(0);
    for (let at = 0; at < places.length; at++) {
      const from = original.tasks[at];
      const into = sample.tasks[at];
      for (let i = 0; i < into.length; i++) {
        const seed = random.integer(from.length);
        into[i] = from[seed];
        counts[places[at][seed]]++;
      }
    }
    let next = 0;
    for (let place = 0; place < counts.length; place++) {
      for (let left = counts[place]; left > 0; left--) sample.sorted[next++] = sorted[place];
    }
    return sample;
  };
}

/** The percentile interval of what `resample` gives, time after time, about `value`. */
export function percentileEstimate(
  value: number,
  options: BootstrapOptions,
  resample: () => number,
): Estimate {
  const level = share('level', options.level ?? LEVEL);
  const values = new Float64Array(whole('resamples', options.resamples ?? 50_000, 2));
  for (let i = 0; i < values.length; i++) values[i] = resample();
  values.sort();
  return {
    estimable: true,
    value,
    standardError: deviation(values),
    low: percentile(values, (1 - level) / 2),
    high: percentile(values, (1 + level) / 2),
    level,
  };
}

/** The value below which a share of the sorted values lies, between two of them in proportion. */
export function percentile(sorted: Float64Array, below: number): number {
  const at = below * (sorted.length - 1);
  const floor = Math.floor(at);
  const next = sorted[Math.min(floor + 1, sorted.length - 1)];
  return sorted[floor] + (at - floor) * (next - sorted[floor]);
}

function deviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** How many of the sorted values are below this one. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
