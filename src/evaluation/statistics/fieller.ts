import type { Estimate } from '../contract.ts';
import { estimate, notEstimable, quantileOf } from './estimates.ts';

/**
 * The interval of m1 / m0 - 1 from independent, normal estimates of both (Fieller, JRSS B 16, 1954). Not
 * estimable where the denominator is not clearly apart from 0, where the set of ratios that the data
 * allow has no ends.
 * @param m1, m0 the estimates @param v1, v0 their variances @param degrees of Student's t; the normal
 * distribution without
 */
export function fieller(
  m1: number,
  m0: number,
  v1: number,
  v0: number,
  level: number,
  degrees?: number,
): Estimate {
  const quantile = quantileOf(level, degrees);
  const ratio = m1 / m0;
  const g = (quantile ** 2 * v0) / m0 ** 2;
  if (!(g < 1))
    return notEstimable('the baseline is not clearly above 0, so the ratio has no finite interval');
  const half = (quantile / m0) * Math.sqrt(Math.max(0, v1 + ratio ** 2 * v0 - g * v1));
  const standardError = Math.sqrt(v1 + ratio ** 2 * v0) / m0;
  return estimate(
    ratio - 1,
    standardError,
    (ratio - half) / (1 - g) - 1,
    (ratio + half) / (1 - g) - 1,
    level,
    degrees,
  );
}
