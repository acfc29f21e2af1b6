import { usageError } from '../../core/errors.ts';
import type { Estimate, Proportion } from '../contract.ts';
import { normalQuantile, studentTQuantile } from '../distributions.ts';
import { CentredScores } from '../statistics/centred-scores.ts';
import { cmh } from '../statistics/cmh.ts';
import { dunnettCritical } from '../statistics/dunnett.ts';
import { EProcess } from '../statistics/e-process.ts';
import { jackknife, jackknifeRiskRatio } from '../statistics/jackknife.ts';
import { confidenceSequence } from '../statistics/sequential.ts';
import { difference, pooledTest, relativeEffect } from '../statistics/two-arm.ts';
import { type Grouping, proportionIn, strataOf, type Tables, tableMaker } from './tables.ts';
import type { SimulatedTrials } from './trials.ts';

/**
 * An analysis as plain data. All at level 0.95, two-sided, of the arms against the baseline.
 * - `pooled z`: the pooled test of each arm against the baseline; it rejects where any arm passes the critical value of its
 *   `family`. Its interval is the log ratio's.
 * - `CMH`: chi-square over the strata; its interval is RR_MH's.
 * - `jackknife`: of ln RR, or with `strata` of ln RR_MH, dropping one of the `groups` at a time. `quantile`: of the normal
 *   distribution, of Student's t with groups - 1 degrees, or with so many.
 * - `jackknifed RR_MH`: of RR_MH over operator × group, the library's `jackknifeRiskRatio` with Student's t.
 * - `peeking z`: the pooled test at equally spaced looks, stopping at the first that rejects.
 * - `confidence sequence`: level 1 at the same looks. `centred scores` and `e-process`: levels 2 and 3, after every trial.
 */
export type SimulatedAnalysis = { readonly name: string } & (
  | { readonly analysis: 'pooled z'; readonly family?: 'Dunnett' | 'Bonferroni' | 'uncorrected' | undefined }
  | { readonly analysis: 'CMH'; readonly strata: Grouping }
  | {
      readonly analysis: 'jackknife';
      readonly groups: Grouping;
      readonly strata?: Grouping | undefined;
      readonly quantile: 'z' | 't' | number;
    }
  | { readonly analysis: 'jackknifed RR_MH'; readonly groups: Grouping }
  | { readonly analysis: 'peeking z'; readonly looks: number }
  | { readonly analysis: 'confidence sequence'; readonly looks: number; readonly planned: number }
  | { readonly analysis: 'centred scores'; readonly planned: number }
  | { readonly analysis: 'e-process' }
);

/** What an analysis said of one experiment. */
export interface Judgement {
  /** Whether it found a difference; undefined where the data could not say. */
  readonly rejects: boolean | undefined;
  /** Its interval of RR, where it has one and there is one arm beside the baseline. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Trials until it stopped, where it may stop early. */
  readonly stoppedAt?: number | undefined;
}

const alpha = 0.05;
const level = 1 - alpha;

/** Makes an analysis of experiments of this size. @throws a usage error for one that cannot be */
export function analyst(
  analysis: SimulatedAnalysis,
  size: Pick<SimulatedTrials, 'n' | 'arms'>,
  operators: number,
): (trials: SimulatedTrials) => Judgement {
  const { n, arms } = size;
  if (arms > 2 && analysis.analysis !== 'pooled z')
    throw usageError(`analysis ${analysis.name}: ${arms} arms: expected one beside the baseline`);
  switch (analysis.analysis) {
    case 'pooled z': {
      const count = tableMaker({}, size, operators);
      const critical = criticalOf(analysis.family, arms - 1);
      return trials => pooled(count(trials), critical);
    }
    case 'CMH': {
      const count = tableMaker(analysis.strata, size, operators);
      return trials => {
        const { test, riskRatio } = cmh(strataOf(count(trials)), level);
        return { rejects: test.estimable ? test.p < alpha : undefined, ...intervalOf(riskRatio) };
      };
    }
    case 'jackknife':
      return jackknifed(analysis, size, operators);
    case 'jackknifed RR_MH': {
      const count = tableMaker({ trials: analysis.groups.trials, operator: true }, size, operators);
      return trials => {
        const strata = strataOf(count(trials));
        const groups = Array.from({ length: strata.length / operators }, (_, g) =>
          strata.slice(g * operators, (g + 1) * operators),
        );
        const { estimate } = jackknifeRiskRatio(groups, { level });
        return { rejects: estimate.estimable ? leavesOut(estimate, 0) : undefined, ...ratioOf(estimate) };
      };
    }
    case 'peeking z': {
      const ends = looksOf(analysis.looks, n);
      return trials =>
        firstLook(trials, ends, (arm, baseline) => {
          const test = pooledTest(arm, baseline);
          return test.estimable && test.p < alpha;
        });
    }
    case 'confidence sequence': {
      const ends = looksOf(analysis.looks, n);
      const options = { planned: analysis.planned, level };
      return trials =>
        firstLook(trials, ends, (arm, baseline, units) => {
          const now = difference(arm, baseline, level);
          if (!now.estimable) return false;
          const { estimate } = confidenceSequence({ ...now, n: units }, options);
          return leavesOut(estimate, 0);
        });
    }
    case 'centred scores': {
      const options = { planned: analysis.planned, level };
      return ({ arm, success }) => {
        const scores = new CentredScores();
        for (let t = 0; t < n; t++) {
          scores.push(arm[t] === 1, success[t]);
          if (leavesOut(scores.sequence(options).estimate, 0)) return { rejects: true, stoppedAt: t + 1 };
        }
        return { rejects: false, stoppedAt: n };
      };
    }
    case 'e-process':
      return ({ arm, success }) => {
        const process = new EProcess();
        for (let t = 0; t < n; t++) {
          process.push(arm[t] === 1, success[t]);
          if (process.value >= 1 / alpha) return { rejects: true, stoppedAt: t + 1 };
        }
        return { rejects: false, stoppedAt: n };
      };
  }
}

function criticalOf(family: 'Dunnett' | 'Bonferroni' | 'uncorrected' = 'uncorrected', arms: number): number {
  if (family === 'Dunnett') return dunnettCritical(arms, { alpha, rho: 0.5 });
  return normalQuantile(1 - alpha / 2 / (family === 'Bonferroni' ? arms : 1));
}

function pooled(tables: Tables, critical: number): Judgement {
  const baseline = proportionIn(tables, 0, 0);
  let rejects = false;
  for (let k = 1; k < tables.arms; k++) {
    const test = pooledTest(proportionIn(tables, 0, k), baseline);
    if (!test.estimable) return { rejects: undefined };
    rejects ||= Math.abs(test.statistic) > critical;
  }
  if (tables.arms > 2) return { rejects };
  const relative = relativeEffect(proportionIn(tables, 0, 1), baseline, { method: 'log', level });
  return { rejects, ...ratioOf(relative) };
}

function jackknifed(
  { groups, strata = {}, quantile }: Extract<SimulatedAnalysis, { analysis: 'jackknife' }>,
  size: Pick<SimulatedTrials, 'n' | 'arms'>,
  operators: number,
): (trials: SimulatedTrials) => Judgement {
  if (strata.trials !== undefined || groups.operator)
    throw usageError(
      'jackknife: groups of consecutive trials, and strata of operators at most, are simulated',
    );
  // One table for each operator in each group; without strata there is one.
  const count = tableMaker({ trials: groups.trials, operator: strata.operator }, size, operators);
  const cells = strata.operator ? operators : 1;
  return trials => {
    const tables = count(trials);
    const all = Array.from({ length: tables.groups / cells }, (_, g) =>
      tables.counts.subarray(4 * g * cells, 4 * (g + 1) * cells),
    );
    const { estimate } = jackknife(all, logRatio, { level, quantile: quantile === 'z' ? 'z' : 't' });
    if (!estimate.estimable) return { rejects: undefined };
    if (typeof quantile !== 'number') return judged(estimate.low, estimate.high);
    const reach = studentTQuantile(level + alpha / 2, quantile) * estimate.standardError;
    return judged(estimate.value - reach, estimate.value + reach);
  };
}

const judged = (low: number, high: number): Judgement => ({
  rejects: low > 0 || high < 0,
  low: Math.exp(low),
  high: Math.exp(high),
});

/** ln RR_MH over the cells of all groups together; with one cell it is ln RR. */
export function logRatio(groups: readonly Int32Array[]): number | undefined {
  let over = 0;
  let under = 0;
  for (let cell = 0; cell < groups[0].length; cell += 4) {
    let c = 0;
    let n0 = 0;
    let a = 0;
    let n1 = 0;
    for (const counts of groups) {
      c += counts[cell];
      n0 += counts[cell + 1];
      a += counts[cell + 2];
      n1 += counts[cell + 3];
    }
    if (n0 === 0 || n1 === 0) continue;
    over += (a * n0) / (n0 + n1);
    under += (c * n1) / (n0 + n1);
  }
  return over > 0 && under > 0 ? Math.log(over / under) : undefined;
}

/** Numbers of trials at which is looked, the last at the end. */
function looksOf(looks: number, n: number): number[] {
  if (!(Number.isSafeInteger(looks) && looks >= 1 && looks <= n))
    throw usageError(`looks = ${looks}: expected a number from 1 to the ${n} trials`);
  return Array.from({ length: looks }, (_, i) => Math.round(((i + 1) * n) / looks));
}

/** Looks at what there is until `ends`, one after the other, until one look rejects. */
function firstLook(
  { n, arm, success }: SimulatedTrials,
  ends: readonly number[],
  rejects: (arm: Proportion, baseline: Proportion, units: number) => boolean,
): Judgement {
  const successes = [0, 0];
  const sizes = [0, 0];
  let t = 0;
  for (const end of ends) {
    for (; t < end; t++) {
      successes[arm[t]] += success[t];
      sizes[arm[t]]++;
    }
    const [baseline, other] = [0, 1].map(k => ({ successes: successes[k], n: sizes[k] }));
    if (rejects(other, baseline, end)) return { rejects: true, stoppedAt: end };
  }
  return { rejects: false, stoppedAt: n };
}

const leavesOut = (estimate: Estimate, value: number): boolean =>
  estimate.estimable && (estimate.low > value || estimate.high < value);

/** Of RR, from that of RR - 1. */
const ratioOf = (relative: Estimate): Pick<Judgement, 'low' | 'high'> =>
  relative.estimable ? { low: 1 + relative.low, high: 1 + relative.high } : {};

const intervalOf = (estimate: Estimate): Pick<Judgement, 'low' | 'high'> =>
  estimate.estimable ? { low: estimate.low, high: estimate.high } : {};
