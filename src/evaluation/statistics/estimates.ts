import type { Estimate, NotEstimable, TestResult } from '../contract.ts';
import {
  chiSquareSurvival,
  normalQuantile,
  studentTQuantile,
  twoSidedP,
  twoSidedPT,
} from '../distributions.ts';
import { share } from '../inputs.ts';

/** @param reason one sentence without its full stop */
export const notEstimable = (reason: string): NotEstimable => ({ estimable: false, reason });

/**
 * @param level of a two-sided interval, in (0, 1)
 * @param degrees of Student's t; the normal distribution without
 */
export function quantileOf(level: number, degrees?: number): number {
  const below = (1 + share('level', level)) / 2;
  return degrees === undefined ? normalQuantile(below) : studentTQuantile(below, degrees);
}

/** value ± quantile · standardError, on the scale of the value. */
export function symmetric(value: number, standardError: number, level: number, degrees?: number): Estimate {
  const half = quantileOf(level, degrees) * standardError;
  return estimate(value, standardError, value - half, value + half, level, degrees);
}

/** exp(ln ± quantile · standardError), less `shift`: 0 for a ratio, 1 for a relative effect. */
export function ofLogarithm(
  ln: number,
  standardError: number,
  level: number,
  shift: 0 | 1,
  degrees?: number,
): Estimate {
  const back = shift === 0 ? Math.exp : Math.expm1;
  const half = quantileOf(level, degrees) * standardError;
  return estimate(back(ln), standardError, back(ln - half), back(ln + half), level, degrees);
}

/** An estimate, or why not: figures that are too large for a number never leave. */
export function estimate(
  value: number,
  standardError: number,
  low: number,
  high: number,
  level: number,
  degrees?: number,
): Estimate {
  if (![value, standardError, low, high].every(Number.isFinite))
    return notEstimable('the interval has no finite ends');
  const figures = { estimable: true as const, value, standardError, low, high, level };
  return degrees === undefined ? figures : { ...figures, degrees };
}

/** A z test, or a t test where it has degrees. */
export function tested(statistic: number, degrees?: number): TestResult {
  if (!Number.isFinite(statistic)) return notEstimable('the statistic is too large for a number');
  if (degrees === undefined) return { estimable: true, statistic, p: twoSidedP(statistic) };
  return { estimable: true, statistic, p: twoSidedPT(statistic, degrees), degrees };
}

/** A chi-square test. */
export function chiSquareTested(statistic: number, degrees: number): TestResult {
  if (!Number.isFinite(statistic)) return notEstimable('the statistic is too large for a number');
  return { estimable: true, statistic, p: pOf(chiSquareSurvival(statistic, degrees)), degrees };
}

/** A sum of probabilities as a p value: in (0, 1], whatever rounding and underflow made of it. */
export const pOf = (sum: number): number => Math.min(1, Math.max(Number.MIN_VALUE, sum));
