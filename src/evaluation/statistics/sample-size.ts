import { normalQuantile } from '../distributions.ts';
import { finite, fraction, LEVEL, positive, share, whole, wrong } from '../inputs.ts';

/** What a plan asks of its test. */
export interface PlanOptions {
  /** Of the two-sided test's interval. Default 0.95. */
  readonly level?: number | undefined;
  /** Chance of finding the effect where it is there. Default 0.8. */
  readonly power?: number | undefined;
  /**
   * The test's critical value where it is not the normal one: Dunnett's d_k where arms share their baseline.
   */
  readonly critical?: number | undefined;
}

/** The critical value that a plan's test uses: the one given, or z at (1 + level)/2. */
export const criticalOf = (options: Pick<PlanOptions, 'level' | 'critical'>): number =>
  options.critical === undefined
    ? normalQuantile((1 + share('level', options.level ?? LEVEL)) / 2)
    : positive('critical', options.critical);

/**
 * Trials in each of two equal arms to tell two success rates apart by the pooled z test: [z_{1-α/2} √(2 p̄
 * q̄) + z_{power} √(p0 q0 + p1 q1)]² / (p1 - p0)². Fleiss, Levin, Paik: "Statistical Methods for Rates and
 * Proportions", chapter 4, without the continuity correction. Not rounded.
 * @param rates those of the baseline and of the arm: in [0, 1], not the same, not 0 and 1
 */
export function trialsPerArm(
  rates: { readonly baseline: number; readonly arm: number },
  options: PlanOptions = {},
): number {
  const p0 = fraction('baseline', rates.baseline);
  const p1 = fraction('arm', rates.arm);
  if (p0 === p1) throw wrong('arm', p1, "a rate that differs from the baseline's");
  const mean = (p0 + p1) / 2;
  const underNone = criticalOf(options) * Math.sqrt(2 * mean * (1 - mean));
  const underEffect = powerQuantile(options) * Math.sqrt(p0 * (1 - p0) + p1 * (1 - p1));
  return squareOfSum(underNone, underEffect) / (p1 - p0) ** 2;
}

/**
 * Trials in each of two equal arms to find a difference of means: (z_{1-α/2} + z_{power})² (s0² +
 * s1²)/difference². The normal approximation to Welch's test: about one trial an arm too few for the t
 * test. Not rounded.
 * @param effect the difference, not 0, and the standard deviation of a trial (of the arm too,
 * where it differs)
 */
export function trialsPerArmMeans(
  effect: { readonly difference: number; readonly sd: number; readonly armSd?: number | undefined },
  options: PlanOptions = {},
): number {
  if (finite('difference', effect.difference) === 0) {
    throw wrong('difference', 0, 'a number other than 0');
  }
  const variance = positive('sd', effect.sd) ** 2 + positive('armSd', effect.armSd ?? effect.sd) ** 2;
  return (squareOfSum(criticalOf(options), powerQuantile(options)) * variance) / effect.difference ** 2;
}

/**
 * What the number of units is to be multiplied by where outcomes cluster in sessions and sessions are
 * assigned as one: 1 + (m - 1) icc. Kish, "Survey Sampling", 1965. 1 where every trial is assigned by itself.
 * @param sessionSize trials in a session, at least 1
 * @param icc correlation between two trials of a session, 0 to 1
 */
export function designEffect(sessionSize: number, icc: number): number {
  if (finite('sessionSize', sessionSize) < 1) {
    throw wrong('sessionSize', sessionSize, 'a number of at least 1');
  }
  return 1 + (sessionSize - 1) * fraction('icc', icc);
}

/** What unequal arms are worth: 1/(1/n0 + 1/n1). Two equal arms of n are worth n/2. */
export const effectiveSize = (baseline: number, arm: number): number =>
  1 / (1 / positive('baseline', baseline) + 1 / positive('arm', arm));

/** How many trials each arm gets, not rounded, and what that makes of a comparison's variance. */
export interface Allocation {
  readonly baseline: number;
  /** Of each arm that is compared with the baseline. */
  readonly arm: number;
  /** 1/n0 + 1/n1: times a trial's variance, that of the difference of means. */
  readonly varianceFactor: number;
}

/**
 * Trials of `arms` arms that share one baseline. `square-root` gives the baseline √arms times what an arm
 * gets, which is best for the comparisons' variance (Dunnett, JASA 1955).
 * @param total trials in all, above 0
 * @param arms how many are compared with the baseline, at least 1
 */
export function allocation(total: number, arms: number, kind: 'equal' | 'square-root'): Allocation {
  const ratio = kind === 'equal' ? 1 : Math.sqrt(whole('arms', arms, 1));
  const arm = positive('total', total) / (whole('arms', arms, 1) + ratio);
  const baseline = arm * ratio;
  return { baseline, arm, varianceFactor: 1 / baseline + 1 / arm };
}

/**
 * Trials in all with which each of `arms` arms is compared with the baseline as precisely as two arms of
 * n compare: in separate experiments 2 k n, with one equal baseline (k + 1) n, with one of √k times an
 * arm (1 + √k)² n/2.
 */
export function trialsAtEqualPrecision(
  arms: number,
  perArm: number,
): { readonly separate: number; readonly shared: number; readonly squareRoot: number } {
  whole('arms', arms, 1);
  positive('perArm', perArm);
  return {
    separate: 2 * arms * perArm,
    shared: (arms + 1) * perArm,
    squareRoot: ((1 + Math.sqrt(arms)) ** 2 * perArm) / 2,
  };
}

const powerQuantile = (options: PlanOptions): number => normalQuantile(share('power', options.power ?? 0.8));

/** A sum below 0 (a power under that of chance) needs no trials. */
const squareOfSum = (a: number, b: number): number => Math.max(0, a + b) ** 2;
