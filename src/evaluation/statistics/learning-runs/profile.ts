import { datum, LEVEL, share, whole, wrong } from '../../inputs.ts';
import { type BootstrapOptions, lowerBound, percentile, resampler, sampleOf } from './bootstrap.ts';
import { checkedScores, type RunScores, tooFewSeeds } from './scores.ts';

/** A point of a performance profile. */
export interface ProfilePoint {
  readonly threshold: number;
  /** Share of the runs that score above the threshold. */
  readonly share: number;
  /** Of the band at this threshold alone; undefined where a task has one seed. */
  readonly band: { readonly low: number; readonly high: number } | undefined;
}

/**
 * Performance profile: the share of runs, over all tasks, that score above each threshold, with pointwise
 * percentile bands from the stratified bootstrap. Agarwal et al. 2021; Dolan and Moré, Mathematical
 * Programming 2002. One profile above another everywhere: better at every level.
 * @param scores normalised where there is more than one task
 * @param thresholds finite, in any order
 * @param options 2,000 resamples by default
 */
export function performanceProfile(
  scores: RunScores,
  thresholds: readonly number[],
  options: BootstrapOptions,
): ProfilePoint[] {
  checkedScores('scores', scores);
  if (thresholds.length === 0) throw wrong('thresholds', thresholds, 'at least one');
  thresholds.forEach((threshold, at) => {
    datum(`thresholds[${at}]`, threshold);
  });
  const level = share('level', options.level ?? LEVEL);
  const resamples = whole('resamples', options.resamples ?? 2000, 2);
  const shares = thresholds.map(threshold => shareAbove(sampleOf(scores).sorted, threshold));
  if (tooFewSeeds(scores)) {
    return thresholds.map((threshold, at) => ({ threshold, share: shares[at], band: undefined }));
  }
  const drawn = thresholds.map(() => new Float64Array(resamples));
  const draw = resampler(scores, options.random);
  for (let resample = 0; resample < resamples; resample++) {
    const { sorted } = draw();
    thresholds.forEach((threshold, at) => {
      drawn[at][resample] = shareAbove(sorted, threshold);
    });
  }
  return thresholds.map((threshold, at) => {
    const sorted = drawn[at].sort();
    const band = { low: percentile(sorted, (1 - level) / 2), high: percentile(sorted, (1 + level) / 2) };
    return { threshold, share: shares[at], band };
  });
}

function shareAbove(sorted: Float64Array, threshold: number): number {
  let above = sorted.length - lowerBound(sorted, threshold);
  for (let at = sorted.length - above; at < sorted.length && sorted[at] === threshold; at++) above--;
  return above / sorted.length;
}
