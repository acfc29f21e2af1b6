import type { Estimate } from '../contract.ts';
import { datum, finite, LEVEL, nonNegative, positive, share } from '../inputs.ts';
import { notEstimable } from './estimates.ts';

/**
 * An estimate as it stands at a look: its standard error now, and how many units of all arms are behind it.
 */
export interface EstimateSoFar {
  readonly value: number;
  readonly standardError: number;
  /** Units of both arms together. */
  readonly n: number;
}

/** How a confidence sequence is tuned, fixed before the first unit. */
export interface SequenceOptions {
  /**
   * N*: the number of units at which the interval is to be tightest. A change after a look voids
   * the guarantee.
   */
  readonly planned: number;
  /** Of the interval at all looks together. Default 0.95. */
  readonly level?: number | undefined;
}

/** An interval and a p value that hold at every look at once. */
export interface Sequence {
  readonly estimate: Estimate;
  /** In (0, 1], of no effect. Its smallest value over the looks so far holds too. */
  readonly p: number | undefined;
}

/**
 * The scale of the normal mixture that makes the sequence tightest about `planned` units: √((-2 ln α + ln(-2
 * ln α + 1)) / N*). Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas: "Time-uniform central limit theory and
 * asymptotic confidence sequences" (Annals of Statistics 2024).
 * @param planned N*, above 0
 * @param alpha between 0 and 1
 */
export function mixtureRho(planned: number, alpha: number): number {
  const twice = -2 * Math.log(share('alpha', alpha));
  return Math.sqrt((twice + Math.log(twice + 1)) / positive('planned', planned));
}

/** ln √(nρ² + 1): what the mixture costs at n. */
const mixtureCost = (n: number, rho: number): number => 0.5 * Math.log1p(n * rho * rho);

/**
 * Half the width of the sequence for a mean of `n` units of standard deviation 1:
 * √(2(nρ² + 1)/(n²ρ²) · ln(√(nρ² + 1)/α)).
 */
export function sequenceHalfWidth(n: number, options: SequenceOptions): number {
  const alpha = 1 - share('level', options.level ?? LEVEL);
  const rho = mixtureRho(options.planned, alpha);
  const spread = (2 * (positive('n', n) * rho * rho + 1)) / (n * n * rho * rho);
  return Math.sqrt(spread * (mixtureCost(n, rho) - Math.log(alpha)));
}

/**
 * Level 1 of the always-valid inference: an asymptotic confidence sequence about any estimate that is
 * close to normal with its standard error (Waudby-Smith et al., see `mixtureRho`): `value` ± SE √n times
 * the half-width for standard deviation 1. It may be read after every unit, and the experiment stopped
 * when it leaves 0 out.
 *
 * Assumes: units assigned at random one by one or in pairs; an effect that does not drift, or drifts
 * about the mean that is estimated; n large enough at the first look for the standard error to be near
 * its limit (dozens of units in each arm). Where the world drifts or looks begin at once, take
 * `CentredScores` or `EProcess`.
 * @returns no estimate where the standard error is 0: nothing has varied yet
 */
export function confidenceSequence(soFar: EstimateSoFar, options: SequenceOptions): Sequence {
  const { value, standardError, n } = soFar;
  datum('value', value);
  nonNegative('standardError', datum('standardError', standardError));
  const level = share('level', options.level ?? LEVEL);
  const rho = mixtureRho(options.planned, 1 - level);
  if (finite('n', n) <= 0) return none('there are no units');
  if (standardError === 0) return none('the standard error is 0');
  const half = standardError * Math.sqrt(n) * sequenceHalfWidth(n, options);
  // The largest ratio that a number holds would square to Infinity: its exponential is 0 either way.
  const ratio = Math.min(Math.abs(value / standardError), 1e150);
  const exponent = (-rho * rho * n * ratio * ratio) / (2 * (n * rho * rho + 1));
  const p = Math.exp(mixtureCost(n, rho) + exponent);
  return {
    estimate: { estimable: true, value, standardError, low: value - half, high: value + half, level },
    p: Math.min(1, Math.max(Number.MIN_VALUE, p)),
  };
}

const none = (reason: string): Sequence => ({ estimate: notEstimable(reason), p: undefined });
