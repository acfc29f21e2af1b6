import {
  type Comparison,
  type Design,
  type Estimate,
  type Look,
  type Metric,
  USUAL_EFFECT,
} from '../contract.ts';
import { normalCdf } from '../distributions.ts';
import { dunnettCritical, dunnettLoadings } from '../statistics/dunnett.ts';
import { momentsOf } from '../statistics/means.ts';
import { effectOf } from './effect.ts';
import type { Unit } from './gather.ts';
import { firstUnits, type Sample, sampleOf, sizeOf, valuesOf } from './sample.ts';
import { relativeSequence, sequenceOf } from './sequence.ts';
import { strataOf } from './strata.ts';

/** Looks of a report's curve, evenly apart. */
const MOST_LOOKS = 60;

/** An arm against the baseline, before its p is corrected for the other arms. */
export function compareArm(
  units: readonly Unit[],
  design: Design,
  metric: Metric,
  arm: string,
): Comparison & { readonly identical: boolean } {
  const sample = sampleOf(units, design, arm, metric);
  const { difference, relative, method, test } = effectOf(sample, design, metric);
  const sequential = sequenceOf(sample, design, metric, arm);
  const always = design.stopping.rule === 'always-valid';
  const published = always ? relativeSequence(relative, sizeOf(sample), design, arm) : relative;
  const identical =
    sample.unit === 'pair' && sample.pairs.length > 0 && sample.pairs.every(p => p.arm === p.baseline);
  return {
    arm,
    baseline: design.arms[0].name,
    difference,
    relative: published,
    method: always && published !== relative ? `${method}; relative interval always valid` : method,
    test,
    adjustedP: test.estimable ? test.p : undefined,
    sequential: identical ? { estimate: difference, p: 1 } : sequential,
    looks: looksOf(sample, design, metric, arm),
    ...strataOf(sample, design, metric),
    power: powerOf(sample, design, difference, sequential.estimate),
    identical,
  };
}

function looksOf(sample: Sample, design: Design, metric: Metric, arm: string): Look[] {
  const all = sizeOf(sample);
  const count = Math.min(MOST_LOOKS, Math.max(0, all - 1));
  return Array.from({ length: count }, (_, i) => {
    const units = Math.round(((i + 1) * all) / count);
    const part = firstUnits(sample, units);
    return {
      units,
      estimate: effectOf(part, design, metric).difference,
      sequence: sequenceOf(part, design, metric, arm).estimate,
    };
  });
}

/**
 * The share of such experiments that would find `worthFinding`, at the spread that was seen: the chance that a normal
 * estimate about that effect is further from 0 than the interval reaches.
 */
function powerOf(
  sample: Sample,
  design: Design,
  difference: Estimate,
  sequence: Estimate,
): number | undefined {
  const { worthFinding = USUAL_EFFECT, stopping } = design;
  if (!difference.estimable || difference.standardError === 0) return undefined;
  const [, baseline] = valuesOf(sample);
  const effect = worthFinding * Math.abs(momentsOf(baseline).mean);
  const always = stopping.rule === 'always-valid';
  if (always && !sequence.estimable) return undefined;
  const from = always && sequence.estimable ? sequence : difference;
  const critical = always ? (from.high - from.low) / 2 / from.standardError : criticalOf(design);
  const shift = effect / difference.standardError;
  return normalCdf(shift - critical) + normalCdf(-shift - critical);
}

/** What a statistic must pass where the verdict's p is corrected for all arms (Dunnett), at the planned shares. */
function criticalOf({ arms: [baseline, ...arms], unit, level }: Design): number {
  const weights = arms.map(({ weight }) => weight);
  const rho = unit === 'pair' ? 0.5 : dunnettLoadings(baseline.weight, weights);
  return dunnettCritical(arms.length, { alpha: 1 - level, rho });
}
