import { usageError } from '../../core/errors.ts';
import type { Estimate, Moments, NotEstimable, TestResult } from '../contract.ts';
import { checkMoments, checkValues, LEVEL, share } from '../inputs.ts';
import { notEstimable, ofLogarithm, symmetric, tested } from './estimates.ts';
import { fieller } from './fieller.ts';
import type { RelativeMethod } from './two-arm.ts';

/** A test and the interval that goes with it. */
export interface MeansCompared {
  readonly test: TestResult;
  readonly difference: Estimate;
}

/** What values come to, in two passes. The variance of fewer than two is 0. @param values finite numbers */
export function momentsOf(values: readonly number[]): Moments {
  checkValues('values', values);
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (values[i] - mean) / (i + 1);
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    rest += value - mean;
  }
  if (n > 0) mean += rest / n;
  const variance = n < 2 ? 0 : Math.max(0, (squares - rest ** 2 / n) / (n - 1));
  if (!Number.isFinite(mean) || !Number.isFinite(variance))
    throw usageError('values: too large for their mean and variance to be numbers');
  return { n, mean, variance };
}

/** A mean with Student's interval. Independent values, their mean about normal. */
export function meanEstimate(moments: Moments, level = LEVEL): Estimate {
  checkMoments('moments', moments);
  share('level', level);
  const { n, mean, variance } = moments;
  if (n < 2) return notEstimable(n === 0 ? 'there are no values' : 'there is a single value');
  if (variance === 0) return notEstimable(`all ${n} values are ${mean}`);
  return symmetric(mean, Math.sqrt(variance / n), level, n - 1);
}

/**
 * The arm's mean less the baseline's (Welch, Biometrika 34, 1947): t with (a + b)² / (a²/(n1 - 1) + b²/(n0 -
 * 1)) degrees, a = s1²/n1, b = s0²/n0. Independent values, variances of any size, means about normal.
 */
export function welch(arm: Moments, baseline: Moments, level = LEVEL): MeansCompared {
  share('level', level);
  const missing = unusable(arm, baseline);
  if (missing) return { test: missing, difference: missing };
  const [a, b] = [arm.variance / arm.n, baseline.variance / baseline.n];
  const degrees = degreesOf(a, b, arm.n, baseline.n);
  const value = arm.mean - baseline.mean;
  const standardError = Math.sqrt(a + b);
  return {
    test: tested(value / standardError, degrees),
    difference: symmetric(value, standardError, level, degrees),
  };
}

/**
 * The arm's mean over the baseline's, less 1. Independent values, means about normal, the baseline's above 0:
 * a relative effect has no meaning beside a mean of 0 or below. The methods are those of `relativeEffect`,
 * with Student's t: Welch's degrees, for variances a = s1²/n1 and b = (m1/m0)² s0²/n0.
 */
export function relativeMeans(
  arm: Moments,
  baseline: Moments,
  { method = 'log', level = LEVEL }: { method?: RelativeMethod | undefined; level?: number | undefined } = {},
): Estimate {
  share('level', level);
  const missing = unusable(arm, baseline);
  if (missing) return missing;
  if (baseline.mean <= 0) return notEstimable("the baseline's mean is not above 0");
  if (arm.mean <= 0 && method === 'log') return notEstimable("the arm's mean is not above 0");
  const [v1, v0] = [arm.variance / arm.n, baseline.variance / baseline.n];
  const ratio = arm.mean / baseline.mean;
  if (!Number.isFinite(v1 + ratio ** 2 * v0)) return notEstimable('the ratio is too large for a number');
  const degrees = degreesOf(v1, ratio ** 2 * v0, arm.n, baseline.n);
  // An arm whose mean is 0 and whose values do not vary.
  if (degrees === undefined) return notEstimable('the ratio does not vary');
  if (method === 'fieller') return fieller(arm.mean, baseline.mean, v1, v0, level, degrees);
  const standardError = Math.sqrt(v1 + ratio ** 2 * v0) / baseline.mean;
  return method === 'log'
    ? ofLogarithm(Math.log(ratio), standardError / ratio, level, 1, degrees)
    : symmetric(ratio - 1, standardError, level, degrees);
}

/**
 * The mean of differences within pairs, tested against 0 (Student's t with n - 1 degrees). Pairs independent
 * of each other, the mean about normal. @param differences arm - baseline, one a pair
 */
export function pairedMeans(differences: readonly number[], level = LEVEL): MeansCompared {
  checkValues('differences', differences);
  share('level', level);
  const { n, mean, variance } = momentsOf(differences);
  if (n < 2) {
    const reason = notEstimable(n === 0 ? 'there are no pairs' : 'there is a single pair');
    return { test: reason, difference: reason };
  }
  if (variance === 0) {
    const reason = notEstimable(`the difference is ${mean} in all ${n} pairs`);
    return { test: reason, difference: reason };
  }
  const standardError = Math.sqrt(variance / n);
  return {
    test: tested(mean / standardError, n - 1),
    difference: symmetric(mean, standardError, level, n - 1),
  };
}

/**
 * Welch's and Satterthwaite's degrees of freedom of a sum of two estimated variances; undefined
 * where both are 0.
 */
function degreesOf(a: number, b: number, n1: number, n0: number): number | undefined {
  if (a + b === 0) return undefined;
  // By shares, so that variances of any size can be squared.
  const share = a / (a + b);
  return 1 / (share ** 2 / (n1 - 1) + (1 - share) ** 2 / (n0 - 1));
}

function unusable(arm: Moments, baseline: Moments): NotEstimable | undefined {
  checkMoments('arm', arm);
  checkMoments('baseline', baseline);
  for (const [name, { n }] of [['arm', arm] as const, ['baseline', baseline] as const]) {
    if (n < 2) return notEstimable(`the ${name} has ${n === 0 ? 'no value' : 'a single value'}`);
  }
  if (arm.variance === 0 && baseline.variance === 0)
    return notEstimable(
      arm.mean === baseline.mean
        ? `all values of both arms are ${arm.mean}`
        : `neither arm's values vary: all are ${arm.mean} and ${baseline.mean}`,
    );
  return undefined;
}
