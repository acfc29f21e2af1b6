import type { Proportion, TestResult } from '../contract.ts';
import { lnGamma } from '../distributions.ts';
import { checkProportion, wrong } from '../inputs.ts';
import { notEstimable, pOf } from './estimates.ts';
import { hypergeometricP } from './exact-counts.ts';

/** Trials of both arms that Boschloo's test is still quick for. */
const MOST_TRIALS = 5000;

/**
 * Tests equal rates of any two samples, however small; two-sided. Independent trials.
 *
 * `boschloo` (default; Biometrika 24, 1970): over every table that Fisher's one-sided test finds no likelier
 * than the one seen, the largest probability that any common rate gives them, doubled for the likelier side.
 * Rejects whenever Fisher's doubled one-sided test does, and more often; up to 5000 trials. Its statistic is
 * Fisher's one-sided p.
 *
 * `fisher` (1935): the tables with the same successes in all that are no likelier than the one seen. Its
 * statistic is the arm's successes.
 */
export function exactTest(
  arm: Proportion,
  baseline: Proportion,
  { method = 'boschloo' }: { method?: 'boschloo' | 'fisher' | undefined } = {},
): TestResult {
  checkProportion('arm', arm);
  checkProportion('baseline', baseline);
  if (arm.n === 0) return notEstimable('the arm has no trials');
  if (baseline.n === 0) return notEstimable('the baseline has no trials');
  return method === 'fisher' ? fisher(arm, baseline) : boschloo(arm, baseline);
}

function fisher(arm: Proportion, baseline: Proportion): TestResult {
  const p = hypergeometricP([arm.successes, baseline.successes], [arm.n, baseline.n]);
  return { estimable: true, statistic: arm.successes, p };
}

function boschloo(arm: Proportion, baseline: Proportion): TestResult {
  if (arm.n + baseline.n > MOST_TRIALS)
    throw wrong(
      'arm.n + baseline.n',
      arm.n + baseline.n,
      `at most ${MOST_TRIALS} trials; such numbers need no exact test`,
    );
  const [above, below] = [oneSided(arm, baseline), oneSided(baseline, arm)];
  const { statistic, p } = above.p <= below.p ? above : below;
  return { estimable: true, statistic, p: pOf(2 * p) };
}

/** Of the arm's rate being above the baseline's. */
function oneSided(arm: Proportion, baseline: Proportion): { statistic: number; p: number } {
  const statistic = upperTail(arm.n, baseline.n, arm.successes, baseline.successes);
  const limit = statistic * (1 + 1e-10);
  // The tables no likelier than the one seen: with x successes of the arm, up to so many of the
  // baseline, ever more.
  const most = new Array<number>(arm.n + 1).fill(-1);
  let y = -1;
  for (let x = 0; x <= arm.n; x++) {
    while (y < baseline.n && upperTail(arm.n, baseline.n, x, y + 1) <= limit) y++;
    most[x] = y;
  }
  const [armWays, baselineWays] = [lnWays(arm.n), lnWays(baseline.n)];
  const probability = (rate: number): number => {
    const ofArm = binomial(armWays, rate);
    const ofBaseline = binomial(baselineWays, rate);
    let [sum, upTo, next] = [0, 0, 0];
    for (let x = 0; x <= arm.n; x++) {
      while (next <= most[x]) upTo += ofBaseline[next++];
      sum += ofArm[x] * upTo;
    }
    return sum;
  };
  return {
    statistic,
    p: Math.min(1, largest(probability, 64 + 4 * Math.ceil(Math.sqrt(arm.n + baseline.n)))),
  };
}

/**
 * The largest value over rates in (0, 1): the highest of a grid, each of its three best peaks
 * searched to its top.
 */
function largest(f: (rate: number) => number, points: number): number {
  // Even in the arcsine of the rate's root, on which binomial features are about equally wide.
  const at = (angle: number) => f(Math.sin(angle) ** 2);
  const width = Math.PI / 2 / points;
  const values = Array.from({ length: points + 1 }, (_, i) => at(i * width));
  const peaks = values
    .map((_, i) => i)
    .filter(i => values[i] >= (values[i - 1] ?? 0) && values[i] >= (values[i + 1] ?? 0))
    .sort((i, j) => values[j] - values[i])
    .slice(0, 3);
  return Math.max(
    ...peaks.map(i => top(at, Math.max(0, i - 1) * width, Math.min(points, i + 1) * width)),
    ...peaks.map(i => values[i]),
  );
}

/** The top of a single peak, by golden section. */
function top(f: (x: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let i = 0; i < 40; i++) {
    if (fa > fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = f(b);
    }
  }
  return Math.max(fa, fb);
}

/** ln of the ways to choose 0 … n of n. */
function lnWays(n: number): number[] {
  return Array.from({ length: n + 1 }, (_, x) => lnGamma(n + 1) - lnGamma(x + 1) - lnGamma(n - x + 1));
}

/** Probabilities of 0 … n successes. */
function binomial(ways: readonly number[], rate: number): number[] {
  const n = ways.length - 1;
  if (rate <= 0) return ways.map((_, x) => (x === 0 ? 1 : 0));
  if (rate >= 1) return ways.map((_, x) => (x === n ? 1 : 0));
  const [success, failure] = [Math.log(rate), Math.log1p(-rate)];
  return ways.map((way, x) => Math.exp(way + x * success + (n - x) * failure));
}

/** Fisher's one-sided p of x and y successes: that the arm has at least x of the x + y. */
function upperTail(n1: number, n0: number, x: number, y: number): number {
  const { low, weights } = tablesOf(n1, n0, x + y);
  let sum = 0;
  for (let i = weights.length - 1; i >= x - low; i--) sum += weights[i];
  return sum;
}

/**
 * How likely the arm has each number of m successes in all (hypergeometric): by ratios from the likeliest on,
 * so that sums keep their digits. `low` is the smallest number possible.
 */
function tablesOf(n1: number, n0: number, m: number): { low: number; weights: number[] } {
  const [low, high] = [Math.max(0, m - n0), Math.min(n1, m)];
  const mode = Math.min(high, Math.max(low, Math.floor(((m + 1) * (n1 + 1)) / (n1 + n0 + 2))));
  const weights = new Array<number>(high - low + 1).fill(0);
  weights[mode - low] = 1;
  for (let x = mode; x < high; x++)
    weights[x + 1 - low] = (weights[x - low] * (m - x) * (n1 - x)) / ((x + 1) * (n0 - m + x + 1));
  for (let x = mode; x > low; x--)
    weights[x - 1 - low] = (weights[x - low] * x * (n0 - m + x)) / ((m - x + 1) * (n1 - x + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { low, weights: weights.map(weight => weight / total) };
}
