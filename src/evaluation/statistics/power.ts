import type { Random } from '../../core/random.ts';
import type { Estimated } from '../contract.ts';
import { normalCdf } from '../distributions.ts';
import { finite, fraction, LEVEL, positive, share, whole } from '../inputs.ts';
import { criticalOf, type PlanOptions } from './sample-size.ts';
import { wilson } from './wilson.ts';

/** How many trials each of two arms has. */
export interface ArmSizes {
  readonly baseline: number;
  readonly arm: number;
}

/**
 * Chance that the two-sided pooled z test finds the difference between two success rates with so many trials:
 * the formula of `trialsPerArm` solved for the power, for arms of any size. Both tails count: without a
 * difference it is 1 - level.
 */
export function powerOfRates(
  rates: { readonly baseline: number; readonly arm: number },
  sizes: ArmSizes,
  options: Omit<PlanOptions, 'power'> = {},
): number {
  const n0 = positive('sizes.baseline', sizes.baseline);
  const n1 = positive('sizes.arm', sizes.arm);
  const p0 = fraction('baseline', rates.baseline);
  const p1 = fraction('arm', rates.arm);
  const pooled = (n0 * p0 + n1 * p1) / (n0 + n1);
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1));
  const underEffect = Math.sqrt((p0 * (1 - p0)) / n0 + (p1 * (1 - p1)) / n1);
  return tails(p1 - p0, criticalOf(options) * underNone, underEffect);
}

/**
 * Chance that a two-sided z test finds a difference of means with so many trials: `trialsPerArmMeans` the
 * other way round.
 */
export function powerOfMeans(
  effect: { readonly difference: number; readonly sd: number; readonly armSd?: number | undefined },
  sizes: ArmSizes,
  options: Omit<PlanOptions, 'power'> = {},
): number {
  const baseline = positive('sd', effect.sd) ** 2 / positive('sizes.baseline', sizes.baseline);
  const arm = positive('armSd', effect.armSd ?? effect.sd) ** 2 / positive('sizes.arm', sizes.arm);
  const error = Math.sqrt(baseline + arm);
  return tails(finite('difference', effect.difference), criticalOf(options) * error, error);
}

/** Chance that a normal number about `difference` with this error lies beyond `bound` on either side. */
function tails(difference: number, bound: number, error: number): number {
  // Rates of 0 and 1 leave no error: the outcome is certain.
  if (error === 0) return Math.abs(difference) > bound ? 1 : 0;
  return normalCdf((difference - bound) / error) + normalCdf((-difference - bound) / error);
}

/** An experiment to be played many times. */
export interface PowerSimulation<T> {
  /** Makes trial number `index` of an experiment, its arm included, from the experiment's own stream. */
  readonly trial: (random: Random, index: number) => T;
  /** Trials in an experiment. */
  readonly trials: number;
  /**
   * Whether the analysis finds something in these trials, given in order. A sequential one stops
   * where it would.
   */
  readonly analyse: (trials: readonly T[]) => boolean;
  readonly experiments: number;
  /** Every experiment has its own child stream: more of them leave the first as they were. */
  readonly random: Random;
  /** Of the interval about the power. Default 0.95. */
  readonly level?: number | undefined;
}

/**
 * The power of any analysis of any trials, by simulation: the share of experiments in which it finds
 * something, with Wilson's interval for it. Where the trials hold no effect, that share is the
 * false-positive rate.
 */
export function simulatePower<T>(simulation: PowerSimulation<T>): Estimated & { readonly found: number } {
  const experiments = whole('experiments', simulation.experiments, 1);
  const count = whole('trials', simulation.trials, 1);
  const level = share('level', simulation.level ?? LEVEL);
  let found = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const random = simulation.random.split('experiment', experiment);
    const trials: T[] = [];
    for (let index = 0; index < count; index++) trials.push(simulation.trial(random, index));
    if (simulation.analyse(trials)) found++;
  }
  return { ...wilson({ successes: found, n: experiments }, level), found };
}
