import type { Design, Estimate, Metric, NotEstimable } from '../contract.ts';
import { CentredScores } from '../statistics/centred-scores.ts';
import { notEstimable } from '../statistics/estimates.ts';
import { momentsOf } from '../statistics/means.ts';
import { confidenceSequence } from '../statistics/sequential.ts';
import { type Row, type Sample, sizeOf } from './sample.ts';

/** Fewer units than this say too little about their spread for an asymptotic sequence; no look is taken before. */
export const LEAST_UNITS = 30;

/** The difference with its confidence sequence. */
export interface Sequential {
  readonly estimate: Estimate;
  readonly p: number | undefined;
}

/**
 * The always-valid interval of the difference. Of pairs: level 1 on the mean difference. Of trials and sessions: level 2,
 * centred scores, which hold under any drift; a session counts as one unit, by its mean. With several arms each has its
 * share of the error (Bonferroni), so that the whole of them holds at the design's level.
 */
export function sequenceOf(sample: Sample, design: Design, metric: Metric, arm: string): Sequential {
  const arms = design.arms.length - 1;
  const level = 1 - (1 - design.level) / arms;
  const n = sizeOf(sample);
  const what = `${sample.unit}s`;
  if (n < LEAST_UNITS) return { estimate: tooFew(n, what), p: undefined };
  const options = { planned: plannedFor(design, arm), level };
  if (sample.unit === 'pair') {
    const { mean, variance } = momentsOf(sample.pairs.map(pair => pair.arm - pair.baseline));
    return confidenceSequence({ value: mean, standardError: Math.sqrt(variance / n), n }, options);
  }
  const weights = weightsOf(design, arm);
  const probability = weights.arm / (weights.arm + weights.baseline);
  const scores = new CentredScores({ probability, ...(metric.kind === 'number' && { start: 'first' }) });
  for (const { isArm, value } of sample.unit === 'trial' ? sample.rows : sessionMeans(sample.rows)) {
    scores.push(isArm, value);
  }
  return scores.sequence(options);
}

/** The relative effect with its always-valid interval: level 1 on the ln scale. */
export function relativeSequence(relative: Estimate, n: number, design: Design, arm: string): Estimate {
  if (!relative.estimable) return relative;
  if (n < LEAST_UNITS) return tooFew(n, `${design.unit}s`);
  const level = 1 - (1 - design.level) / (design.arms.length - 1);
  const { value, standardError } = relative;
  const log = { value: Math.log1p(value), standardError, n };
  const { estimate } = confidenceSequence(log, { planned: plannedFor(design, arm), level });
  if (!estimate.estimable) return estimate;
  const [low, high] = [estimate.low, estimate.high].map(Math.expm1);
  if (!Number.isFinite(high)) return notEstimable('the interval has no upper end');
  return { estimable: true, value, standardError, low, high, level: estimate.level };
}

const tooFew = (n: number, what: string): NotEstimable =>
  notEstimable(`an always-valid interval wants at least ${LEAST_UNITS} ${what}, there are ${n}`);

/** N*: of the units planned, those that the arm and the baseline share. All of them where units are pairs. */
function plannedFor({ arms, unit, stopping }: Design, arm: string): number {
  const planned = stopping.rule === 'fixed' ? stopping.units : stopping.planned;
  if (unit === 'pair') return planned;
  const all = arms.reduce((sum, { weight }) => sum + weight, 0);
  const { arm: its, baseline } = weightsOf({ arms }, arm);
  return (planned * (its + baseline)) / all;
}

function weightsOf({ arms }: Pick<Design, 'arms'>, name: string): { arm: number; baseline: number } {
  return { arm: arms.find(arm => arm.name === name)?.weight ?? 1, baseline: arms[0].weight };
}

function sessionMeans(rows: readonly Row[]): { isArm: boolean; value: number }[] {
  const sessions = new Map<string, { isArm: boolean; sum: number; n: number }>();
  for (const { unit, isArm, value } of rows) {
    const session = sessions.get(unit) ?? { isArm, sum: 0, n: 0 };
    sessions.set(unit, session);
    session.sum += value;
    session.n++;
  }
  return [...sessions.values()].map(({ isArm, sum, n }) => ({ isArm, value: sum / n }));
}
