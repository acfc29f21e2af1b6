import { usageError } from '../../core/errors.ts';
import type { Estimate, Moments, NotEstimable, Proportion, Stratum, TestResult } from '../contract.ts';
import { normalQuantile, studentTQuantile, twoSidedP, twoSidedPT } from '../distributions.ts';

/** The level of intervals where none is asked for. */
export const LEVEL = 0.95;

/** @param reason one sentence without its full stop */
export const notEstimable = (reason: string): NotEstimable => ({ estimable: false, reason });

/** @param level of a two-sided interval, in (0, 1) @param degrees of Student's t; the normal distribution without */
export function quantileOf(level: number, degrees?: number): number {
  if (!(level > 0 && level < 1)) throw usageError(`level: expected a number between 0 and 1, got ${level}`);
  return degrees === undefined ? normalQuantile((1 + level) / 2) : studentTQuantile((1 + level) / 2, degrees);
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

/** Throws where counts are not whole numbers or there are more successes than trials. @param name of the field */
export function checkProportion(name: string, { successes, n }: Proportion): void {
  if (!Number.isSafeInteger(n) || n < 0)
    throw usageError(`${name}.n: expected a whole number of at least 0, got ${n}`);
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > n)
    throw usageError(`${name}.successes: expected a whole number from 0 to ${n}, got ${successes}`);
}

/** Throws where a stratum's counts are not counts. */
export function checkStrata(strata: readonly Stratum[]): void {
  strata.forEach((stratum, i) => {
    const name = stratum.name ?? `stratum ${i}`;
    checkProportion(`${name}: arm`, stratum.arm);
    checkProportion(`${name}: baseline`, stratum.baseline);
  });
}

/** Throws where moments are none. @param name of the field */
export function checkMoments(name: string, { n, mean, variance }: Moments): void {
  if (!Number.isSafeInteger(n) || n < 0)
    throw usageError(`${name}.n: expected a whole number of at least 0, got ${n}`);
  if (!Number.isFinite(mean)) throw usageError(`${name}.mean: expected a finite number, got ${mean}`);
  if (!(Number.isFinite(variance) && variance >= 0))
    throw usageError(`${name}.variance: expected a finite number of at least 0, got ${variance}`);
}

/** Throws where a value is not a finite number. @param name of the field */
export function checkValues(name: string, values: readonly number[]): void {
  const at = values.findIndex(value => !Number.isFinite(value));
  if (at >= 0) throw usageError(`${name}[${at}]: expected a finite number, got ${values[at]}`);
}
