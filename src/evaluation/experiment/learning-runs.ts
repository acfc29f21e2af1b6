import { Random } from '../../core/random.ts';
import type { Estimate, LogRecord } from '../contract.ts';
import { iqmOf } from '../statistics/learning-runs/aggregates.ts';
import { stratifiedBootstrap } from '../statistics/learning-runs/bootstrap.ts';
import { probabilityOfImprovement } from '../statistics/learning-runs/improvement.ts';
import { gatherToEnd } from './analyse.ts';
import { sampleOf, valuesOf } from './sample.ts';

/** Of fewer runs an arm, their spread says nothing. */
const LEAST_RUNS = 3;
const RESAMPLES = 10_000;

/** What the field tells of learning runs, beside what decides the experiment. */
export interface LearningRuns {
  /** The baseline first. `iqm`: the interquartile mean of the metric over an arm's runs. */
  readonly arms: readonly { readonly arm: string; readonly runs: number; readonly iqm: Estimate }[];
  /** The chance that a run of the arm is better than one of the baseline: above 0.5 is an improvement, whichever way is better. */
  readonly improvements: readonly { readonly arm: string; readonly probability: Estimate }[];
  /** Of each bootstrap. */
  readonly resamples: number;
}

/**
 * The interquartile mean of each arm's runs, and each arm's probability of improvement over the baseline, with percentile
 * intervals from a bootstrap over runs (Agarwal et al., NeurIPS 2021), drawn from the experiment's seed. For an experiment
 * whose trials are training runs. A pure fold of the log, as `analyse`, over the same trials.
 *
 * Assumes: runs independent within an arm. Arms are drawn apart, also where they shared seeds. At the design's level, of
 * one look and one arm: not corrected for several. See `stratifiedBootstrap` for how far to trust few runs.
 * @returns undefined where an arm has fewer than 3 runs
 * @throws a usage error of one line where the log is no experiment's: see `gather`
 */
export function learningRunsOf(
  records: Iterable<LogRecord>,
  { resamples = RESAMPLES }: { readonly resamples?: number } = {},
): LearningRuns | undefined {
  const { design, seed, units } = gatherToEnd([...records]);
  const { level, metric } = design;
  const [baseline, ...others] = design.arms.map(({ name }) => name);
  const scores = new Map<string, readonly number[]>();
  for (const arm of others) {
    const [its, base] = valuesOf(sampleOf(units, design, arm, metric));
    scores.set(arm, its).set(baseline, base);
  }
  const of = (arm: string): readonly number[] => scores.get(arm) ?? [];
  if ([baseline, ...others].some(arm => of(arm).length < LEAST_RUNS)) return undefined;
  const random = Random.fromSeed(seed).split('learning-runs');
  const sign = metric.better === 'higher' ? 1 : -1;
  const goodness = (arm: string): number[][] => [of(arm).map(score => sign * score)];
  return {
    arms: [baseline, ...others].map(arm => ({
      arm,
      runs: of(arm).length,
      iqm: stratifiedBootstrap([of(arm)], iqmOf, { random: random.split(`iqm/${arm}`), resamples, level }),
    })),
    improvements: others.map(arm => ({
      arm,
      probability: probabilityOfImprovement(goodness(arm), goodness(baseline), {
        random: random.split(`improvement/${arm}`),
        resamples,
        level,
      }),
    })),
    resamples,
  };
}
