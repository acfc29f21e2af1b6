import { Random } from '../../core/random.ts';
import type { Design, Estimate, Metric, TestResult } from '../contract.ts';
import { betaCdf } from '../distributions.ts';
import { cmh, relativeFrom } from '../statistics/cmh.ts';
import { notEstimable } from '../statistics/estimates.ts';
import { signFlipTest } from '../statistics/learning-runs/sign-flip.ts';
import { momentsOf, pairedMeans, relativeMeans, welch } from '../statistics/means.ts';
import { difference, pooledTest, relativeEffect } from '../statistics/two-arm.ts';
import { type Effect, NOT_POSITIVE, nothing, ratioLessOne } from './estimates.ts';
import { type Pair, proportionOf, type Row, type Sample, tablesOf, valuesOf } from './sample.ts';
import { sessionEffect } from './sessions.ts';

/** Where stratifying loses more than this share of the trials, the strata are too thin to be used. */
const MOST_DROPPED = 0.2;
/** Pairs up to which the p value comes from flipping signs: Student's t leans on normality there. */
const FLIPPED = 12;

/** The effect by the design: what is randomised, what is measured, and the strata. */
export function effectOf(sample: Sample, design: Design, metric: Metric): Effect {
  const { level, strata } = design;
  if (sample.unit === 'pair') return pairedEffect(sample.pairs, metric, level);
  if (sample.unit === 'session') return sessionEffect(sample.rows, metric, strata, level);
  if (metric.kind === 'number') return meansEffect(sample, level);
  return strata.length === 0 ? ratesEffect(sample, level) : stratified(sample, strata, level);
}

function ratesEffect(sample: Sample, level: number): Effect {
  const [arm, baseline] = valuesOf(sample).map(proportionOf);
  if (arm.n === 0 || baseline.n === 0) return nothing('an arm has no trials', 'log ratio');
  return {
    difference: difference(arm, baseline, level),
    relative: relativeEffect(arm, baseline, { method: 'log', level }),
    test: pooledTest(arm, baseline),
    method: 'log ratio, pooled z test',
  };
}

function stratified(
  sample: Sample & { readonly rows: readonly Row[] },
  strata: readonly string[],
  level: number,
): Effect {
  const found = cmh(tablesOf(sample.rows, strata), level);
  const over = strata.join(' × ');
  if (found.droppedTrials > MOST_DROPPED * sample.rows.length || !found.test.estimable) {
    const plain = ratesEffect(sample, level);
    const why = `${over} too sparse: ${found.droppedTrials} of ${sample.rows.length} trials stand in strata of one arm`;
    return { ...plain, method: `${plain.method} (not stratified, ${why})` };
  }
  const dropped = found.droppedTrials === 0 ? '' : `, ${found.droppedTrials} trials in strata of one arm`;
  return {
    difference: found.riskDifference,
    relative: relativeFrom(found.riskRatio),
    test: found.test,
    method: `CMH over ${over}${dropped}`,
  };
}

function meansEffect(sample: Sample, level: number): Effect {
  const [values, others] = valuesOf(sample);
  if (values.length === 0 || others.length === 0) return nothing('an arm has no trials', 'Welch');
  const arm = momentsOf(values);
  const baseline = momentsOf(others);
  const { test, difference } = welch(arm, baseline, level);
  const positive = arm.mean > 0 && baseline.mean > 0;
  return {
    difference,
    relative: positive ? relativeMeans(arm, baseline, { method: 'log', level }) : notEstimable(NOT_POSITIVE),
    test,
    method: positive ? 'Welch t, log ratio' : 'Welch t',
  };
}

function pairedEffect(pairs: readonly Pair[], { kind }: Metric, level: number): Effect {
  const differences = pairs.map(({ arm, baseline }) => arm - baseline);
  if (pairs.length > 0 && differences.every(each => each === 0)) return same(level);
  if (pairs.length < 2) return nothing(`there are ${pairs.length} pairs, expected at least 2`, 'paired t');
  const { test, difference } = pairedMeans(differences, level);
  const relative = pairedRatio(pairs, level);
  if (kind === 'binary') {
    const method = 'paired t interval, exact McNemar test';
    return { difference, relative, test: mcNemar(test, differences), method };
  }
  const flips = pairs.length <= FLIPPED;
  return {
    difference,
    relative,
    test: flips ? flipped(test, differences) : test,
    method: flips ? 'paired t interval, p by flipping signs' : 'paired t',
  };
}

function flipped(test: TestResult, differences: readonly number[]): TestResult {
  // So few are counted out: no flip is drawn.
  const flips = signFlipTest(differences, { random: Random.fromSeed(0) });
  if (!flips.estimable) return flips;
  const { statistic } = test.estimable ? test : flips;
  return { estimable: true, statistic, p: flips.p };
}

/**
 * McNemar's test of paired successes, exact (Psychometrika 12, 1947): of the pairs that differ, as many are won as are lost
 * but for chance. Student's t would take a few of them for a normal sample.
 */
function mcNemar(test: TestResult, differences: readonly number[]): TestResult {
  const won = differences.filter(each => each > 0).length;
  const lost = differences.filter(each => each < 0).length;
  const fewer = Math.min(won, lost);
  const p = won === lost ? 1 : 2 * betaCdf(0.5, Math.max(won, lost), fewer + 1);
  return { estimable: true, statistic: test.estimable ? test.statistic : won - lost, p: Math.min(1, p) };
}

/** Every difference is 0: no estimate of spread is needed to say that nothing differed. */
const same = (level: number): Effect => {
  const zero = { estimable: true, value: 0, standardError: 0, low: 0, high: 0, level } as const;
  return {
    difference: zero,
    relative: zero,
    test: { estimable: true, statistic: 0, p: 1 },
    method: 'paired, the same on every unit',
  };
};

/**
 * The ratio of the means of pairs, less 1, on the ln scale by the delta method: ln(ā/b̄) has the variance of
 * a/ā - b/b̄ over n, with n - 1 degrees of freedom. Assumes both means above 0.
 */
export function pairedRatio(pairs: readonly Pair[], level: number): Estimate {
  const n = pairs.length;
  if (n < 2) return notEstimable(`there are ${n} pairs, expected at least 2`);
  const arm = momentsOf(pairs.map(pair => pair.arm)).mean;
  const baseline = momentsOf(pairs.map(pair => pair.baseline)).mean;
  if (!(arm > 0 && baseline > 0)) return notEstimable(NOT_POSITIVE);
  const parts = momentsOf(pairs.map(pair => pair.arm / arm - pair.baseline / baseline));
  return ratioLessOne(Math.log(arm / baseline), Math.sqrt(parts.variance / n), n - 1, level);
}
