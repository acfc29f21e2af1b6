import type { NotEstimable, Stratum, TestResult } from '../contract.ts';
import { checkStrata, finite, positive } from '../inputs.ts';
import { chiSquareTested, notEstimable } from './estimates.ts';

/** Whether strata have one odds ratio: two statistics of k - 1 degrees. */
export interface BreslowDay {
  readonly test: TestResult;
  /** With Tarone's correction, which is the one whose chi-square is exact in large samples. */
  readonly tarone: TestResult;
  /** Strata with successes and failures of trials of both arms; others say nothing of the odds ratio. */
  readonly used: number;
}

/**
 * Breslow and Day, Statistical Methods in Cancer Research I, 1980, section 4.4, with Tarone's correction
 * (Biometrika 72, 1985): each stratum's successes of the arm against what OR_MH makes of its margins. Few and
 * large strata: five or more expected in each cell.
 */
export function breslowDay(strata: readonly Stratum[]): BreslowDay {
  checkStrata(strata);
  const usable = strata.filter(informative);
  const without = (reason: NotEstimable): BreslowDay => ({
    test: reason,
    tarone: reason,
    used: usable.length,
  });
  if (usable.length < 2) return without(tooFew(usable.length, 'successes and failures of both arms'));
  let [r, s] = [0, 0];
  for (const { arm, baseline } of usable) {
    const total = arm.n + baseline.n;
    r += (arm.successes * (baseline.n - baseline.successes)) / total;
    s += ((arm.n - arm.successes) * baseline.successes) / total;
  }
  if (r === 0 || s === 0) return without(notEstimable('the strata have no common odds ratio'));
  let [statistic, excess, variances] = [0, 0, 0];
  for (const { arm, baseline } of usable) {
    const m1 = arm.successes + baseline.successes;
    const expected = expectedSuccesses(r / s, arm.n, baseline.n, m1);
    const cells = [expected, arm.n - expected, m1 - expected, baseline.n - m1 + expected];
    const variance = 1 / cells.reduce((sum, cell) => sum + 1 / cell, 0);
    statistic += (arm.successes - expected) ** 2 / variance;
    excess += arm.successes - expected;
    variances += variance;
  }
  return {
    test: chiSquareTested(statistic, usable.length - 1),
    tarone: chiSquareTested(Math.max(0, statistic - excess ** 2 / variances), usable.length - 1),
    used: usable.length,
  };
}

const informative = ({ arm, baseline }: Stratum): boolean => {
  const successes = arm.successes + baseline.successes;
  return arm.n > 0 && baseline.n > 0 && successes > 0 && successes < arm.n + baseline.n;
};

/**
 * The successes of the arm that give a table of these margins this odds ratio: the root inside the
 * table's range.
 */
function expectedSuccesses(ratio: number, n1: number, n0: number, m1: number): number {
  // (1 - ratio) e² + (ratio (n1 + m1) + n0 - m1) e - ratio n1 m1 = 0, by whichever form of its root
  // does not cancel.
  const a = 1 - ratio;
  const b = ratio * (n1 + m1) + n0 - m1;
  const c = -ratio * n1 * m1;
  const root = Math.sqrt(b * b - 4 * a * c);
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
}

/**
 * Whether strata have one relative effect: Cochran's Q (Biometrics 10, 1954) on their ln RR, weighted
 * by 1 / SE². Strata with no success of an arm, or without trials of both, have no ln RR and are left
 * out. Large strata.
 */
export function cochranQ(strata: readonly Stratum[]): TestResult {
  checkStrata(strata);
  const logs = strata.flatMap(({ arm: { successes: a, n: n1 }, baseline: { successes: c, n: n0 } }) => {
    if (a === 0 || c === 0) return [];
    const variance = (n1 - a) / (n1 * a) + (n0 - c) / (n0 * c);
    return variance === 0 ? [] : [{ value: Math.log(a / n1 / (c / n0)), standardError: Math.sqrt(variance) }];
  });
  if (logs.length < 2) return tooFew(logs.length, 'a relative effect');
  return cochranQEstimates(logs);
}

/**
 * Cochran's Q: Σ w (value - mean)², w = 1 / SE², chi-square with one degree fewer than estimates.
 * @param estimates at least two, independent, each value on the scale of its standard error: ln RR
 * rather than RR
 */
export function cochranQEstimates(
  estimates: readonly { readonly value: number; readonly standardError: number }[],
): TestResult {
  estimates.forEach(({ value, standardError }, i) => {
    finite(`estimates[${i}].value`, value);
    positive(`estimates[${i}].standardError`, standardError);
  });
  if (estimates.length < 2) return tooFew(estimates.length, 'an estimate');
  const weights = estimates.map(({ standardError }) => standardError ** -2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = estimates.reduce((sum, { value }, i) => sum + (weights[i] / total) * value, 0);
  const statistic = estimates.reduce((sum, { value }, i) => sum + weights[i] * (value - mean) ** 2, 0);
  return chiSquareTested(statistic, estimates.length - 1);
}

function tooFew(count: number, what: string): NotEstimable {
  return notEstimable(count === 0 ? `no stratum has ${what}` : `a single stratum has ${what}`);
}
