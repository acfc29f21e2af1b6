import type { Estimate, TestResult } from '../contract.ts';
import { studentTQuantile, twoSidedPT } from '../distributions.ts';
import { notEstimable } from '../statistics/estimates.ts';

/** One arm beside the baseline, at a fixed horizon. */
export interface Effect {
  readonly difference: Estimate;
  /** (arm / baseline) - 1. */
  readonly relative: Estimate;
  readonly test: TestResult;
  /** In words. */
  readonly method: string;
}

/** An interval on the ln scale as one of the ratio less 1. */
export function ratioLessOne(log: number, standardError: number, degrees: number, level: number): Estimate {
  const half = studentTQuantile(1 - (1 - level) / 2, degrees) * standardError;
  const high = Math.expm1(log + half);
  if (!Number.isFinite(high)) return notEstimable('the interval has no upper end');
  return {
    estimable: true,
    value: Math.expm1(log),
    standardError,
    low: Math.expm1(log - half),
    high,
    level,
    degrees,
  };
}

export function testWithT(value: number, standardError: number, degrees: number): TestResult {
  if (standardError === 0) return notEstimable('the standard error is 0');
  const statistic = value / standardError;
  return { estimable: true, statistic, p: twoSidedPT(statistic, degrees), degrees };
}

export const nothing = (reason: string, method: string): Effect => ({
  difference: notEstimable(reason),
  relative: notEstimable(reason),
  test: notEstimable(reason),
  method,
});

export const NOT_POSITIVE = 'a ratio needs means above 0';
