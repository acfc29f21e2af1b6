import { usageError } from '../../core/errors.ts';
import { sampleRatio } from '../statistics/guards.ts';
import type { Simulator } from './tally.ts';

/**
 * How often the sample-ratio guard speaks up where an arm's failures go missing. Trials are assigned at random, half to
 * each of two arms; each is a failure by chance `failure`; of arm 1's failures the share `dropped` never reaches the log.
 */
export interface SampleRatioJob {
  readonly kind: 'sample ratio';
  readonly name: string;
  readonly experiments: number;
  readonly trials: number;
  /** Chance of failing, in [0, 1]. */
  readonly failure: number;
  /** Shares of arm 1's failing trials that are lost, each measured on the same trials; 0 is a clean log. */
  readonly dropped: readonly number[];
  /** The guard speaks up at a p below this. */
  readonly threshold: number;
}

/** 33,000 trials, 15 % failing; a clean log, one that lost 35 % of an arm's failures, and one that lost 1 % of the arm. */
export const lostFailures = {
  kind: 'sample ratio',
  name: 'sample ratio',
  experiments: 2000,
  trials: 33_000,
  failure: 0.15,
  dropped: [0, 0.35, 0.01 / 0.15],
  threshold: 0.001,
} as const satisfies SampleRatioJob;

/** Rates at which the guard speaks up, one for each share. */
export function sampleRatioSimulator(job: SampleRatioJob): Simulator {
  const { trials, failure, dropped, threshold } = job;
  if (!(Number.isSafeInteger(trials) && trials >= 1))
    throw usageError(`sample ratio: trials = ${trials}: expected 1 or more`);
  for (const chance of [failure, threshold, ...dropped]) {
    if (!(chance >= 0 && chance <= 1))
      throw usageError(`sample ratio: ${chance}: expected a chance from 0 to 1`);
  }
  const arms = new Uint32Array(trials);
  const fates = new Uint32Array(trials);
  return {
    columns: dropped.map(lossName),
    run(random, row) {
      random.split('arms').fillUint32(arms);
      random.split('fates').fillUint32(fates);
      let treated = 0;
      for (let t = 0; t < trials; t++) treated += arms[t] >>> 31;
      for (let d = 0; d < dropped.length; d++) {
        // One number tells both: below `failure` the trial fails, and below that share of it, it is lost.
        const lostBelow = failure * dropped[d] * 2 ** 32;
        let lost = 0;
        for (let t = 0; t < trials; t++) if (fates[t] < lostBelow) lost += arms[t] >>> 31;
        const test = sampleRatio([trials - treated, treated - lost], [1, 1]);
        row[d] = test.estimable ? Number(test.p < threshold) : NaN;
      }
    },
  };
}

/** The column of a share: `0 % of failures lost`. */
export const lossName = (share: number): string => `${Number((100 * share).toFixed(2))} % of failures lost`;
