import type { Estimate, NotEstimable, Proportion, TestResult } from '../contract.ts';
import { betaQuantile } from '../distributions.ts';
import { checkProportion, LEVEL, share } from '../inputs.ts';
import { notEstimable, ofLogarithm, symmetric, tested } from './estimates.ts';
import { fieller } from './fieller.ts';
import { wilson } from './wilson.ts';

/** How the interval of a relative effect is made. */
export type RelativeMethod = 'log' | 'delta' | 'fieller';

/**
 * A rate with its interval. Independent trials of one rate.
 *
 * `wilson` (Wilson, JASA 22, 1927): covers about its level on average. `exact` (Clopper and
 * Pearson, Biometrika 26, 1934): covers at least its level whatever the rate. Both are finite at no
 * successes and at all.
 */
export function rateEstimate(
  rate: Proportion,
  {
    method = 'wilson',
    level = LEVEL,
  }: { method?: 'wilson' | 'exact' | undefined; level?: number | undefined } = {},
): Estimate {
  checkProportion('rate', rate);
  share('level', level);
  const { successes: x, n } = rate;
  if (n === 0) return notEstimable('there are no trials');
  const byWilson = wilson(rate, level);
  if (method === 'wilson') return byWilson;
  const low = x === 0 ? 0 : betaQuantile((1 - level) / 2, x, n - x + 1);
  const high = x === n ? 1 : betaQuantile((1 + level) / 2, x + 1, n - x);
  return { ...byWilson, low, high };
}

/**
 * p1 - p0 with Wald's interval: ± z · √(p1 q1 / n1 + p0 q0 / n0). Independent trials, samples large enough
 * for the normal distribution (five or more successes and failures an arm); `exactTest` serves smaller ones.
 */
export function difference(arm: Proportion, baseline: Proportion, level = LEVEL): Estimate {
  checkArms(arm, baseline);
  const missing = withoutTrials(arm, baseline);
  const variance = varianceOf(arm) + varianceOf(baseline);
  share('level', level);
  if (missing) return missing;
  if (variance === 0) return notEstimable('neither arm has both successes and failures');
  return symmetric(rateOf(arm) - rateOf(baseline), Math.sqrt(variance), level);
}

/**
 * The z test of equal rates, with the variance that both arms pooled have: (p1 - p0) / √(p q (1/n1 + 1/n0)).
 * Its square is Pearson's chi-square. Independent trials, large samples.
 */
export function pooledTest(arm: Proportion, baseline: Proportion): TestResult {
  checkArms(arm, baseline);
  const missing = withoutTrials(arm, baseline);
  if (missing) return missing;
  const n = arm.n + baseline.n;
  const p = (arm.successes + baseline.successes) / n;
  if (p === 0) return notEstimable('neither arm has a success');
  if (p === 1) return notEstimable('neither arm has a failure');
  return tested((rateOf(arm) - rateOf(baseline)) / Math.sqrt(p * (1 - p) * (1 / arm.n + 1 / baseline.n)));
}

/**
 * p1 / p0 - 1. Independent trials, large samples.
 *
 * `log`, the one to publish: exp(ln RR ± z · √((1-p1)/(n1 p1) + (1-p0)/(n0 p0))) - 1 (Katz et al., Biometrics
 * 34, 1978); its standard error is that of ln RR. `delta`: symmetric, too low where the ratio is skewed.
 * `fieller` (Fieller, JRSS B 16, 1954): not estimable where the baseline's rate is not clearly above 0 (g ≥
 * 1); the standard error given is delta's.
 */
export function relativeEffect(
  arm: Proportion,
  baseline: Proportion,
  { method = 'log', level = LEVEL }: { method?: RelativeMethod | undefined; level?: number | undefined } = {},
): Estimate {
  checkArms(arm, baseline);
  share('level', level);
  const missing = withoutTrials(arm, baseline);
  if (missing) return missing;
  if (baseline.successes === 0) return notEstimable('the baseline has no success');
  if (arm.successes === 0 && method !== 'fieller') return notEstimable('the arm has no success');
  const [p1, p0, v1, v0] = [rateOf(arm), rateOf(baseline), varianceOf(arm), varianceOf(baseline)];
  if (v1 + v0 === 0) return notEstimable('neither arm has both successes and failures');
  const ratio = p1 / p0;
  if (method === 'log') {
    const standardError = Math.sqrt(v1 / p1 ** 2 + v0 / p0 ** 2);
    return ofLogarithm(Math.log(ratio), standardError, level, 1);
  }
  if (method === 'delta') return symmetric(ratio - 1, Math.sqrt(v1 + ratio ** 2 * v0) / p0, level);
  return fieller(p1, p0, v1, v0, level);
}

const rateOf = ({ successes, n }: Proportion): number => successes / n;

/** Of an arm's rate, as estimated from it; 0 without trials. */
function varianceOf({ successes, n }: Proportion): number {
  return n === 0 ? 0 : (successes * (n - successes)) / n ** 3;
}

function checkArms(arm: Proportion, baseline: Proportion): void {
  checkProportion('arm', arm);
  checkProportion('baseline', baseline);
}

function withoutTrials(arm: Proportion, baseline: Proportion): NotEstimable | undefined {
  if (arm.n === 0) return notEstimable('the arm has no trials');
  if (baseline.n === 0) return notEstimable('the baseline has no trials');
  return undefined;
}
