import type { Analysis, ArmSummary, Comparison, Design, Estimate, LogRecord } from '../contract.ts';
import { normalQuantile } from '../distributions.ts';
import { holm } from '../statistics/corrections.ts';
import { dunnettAdjustedP, dunnettLoadings } from '../statistics/dunnett.ts';
import { notEstimable } from '../statistics/estimates.ts';
import { meanEstimate, momentsOf } from '../statistics/means.ts';
import { wilson } from '../statistics/wilson.ts';
import { compareArm } from './comparison.ts';
import { guardsOf } from './experiment-guards.ts';
import { type Gathered, gather } from './gather.ts';
import { isDone, proportionOf, sampleOf, valuesOf } from './sample.ts';
import { settledAt } from './settled.ts';
import { verdictOn } from './verdict.ts';

/**
 * All that a log says. A pure fold: the same records, in any order after the first, give the same numbers to the bit.
 * @throws a usage error of one line where the log is no experiment's: see `gather`
 */
export function analyse(records: Iterable<LogRecord>): Analysis {
  const gathered = gatherToEnd([...records]);
  const { design, designHash, seed, trials, units, stopped } = gathered;
  const arms = design.arms.map(({ name }) => armSummary(gathered, name));
  const others = design.arms.slice(1).map(({ name }) => name);
  const raw = others.map(arm => compareArm(units, design, design.metric, arm));
  const identical = raw.filter(each => each.identical).map(each => each.arm);
  const comparisons = adjusted(
    raw.map(({ identical: _, ...comparison }) => comparison),
    gathered,
  );
  const guards = guardsOf(gathered, arms, identical);
  const found = { design, stopped, units: units.length, arms, guards };
  return {
    design,
    designHash,
    seed,
    units: units.length,
    trials: trials.length,
    stopped,
    arms,
    comparisons,
    secondary: secondaryOf(gathered, others),
    guards,
    verdicts: comparisons.map(comparison => verdictOn(comparison, identical.includes(comparison.arm), found)),
  };
}

/** The records up to where the experiment was settled, if it was. */
export function gatherToEnd(records: readonly LogRecord[]): Gathered {
  const all = gather(records);
  if (all.stopped !== 'settled') return all;
  return gather(records, settledAt(all.units, all.design));
}

function armSummary({ design, trials, units, assigned, stopped }: Gathered, arm: string): ArmSummary {
  const its = trials.filter(trial => trial.arm === arm);
  const whole = units.filter(unit => design.unit !== 'pair' || unit.trials.every(isDone));
  const values = whole.flatMap(unit =>
    unit.trials
      .filter(trial => trial.arm === arm && isDone(trial))
      .map(trial => trial.metrics[design.metric.name]),
  );
  const all = assigned.get(arm) ?? 0;
  // Before the end, a trial without an outcome is under way; after it, it is lost.
  const lost = stopped === 'not yet' ? 0 : all - its.length;
  return {
    arm,
    assigned: all,
    analysed: values.length,
    missing: its.filter(trial => !isDone(trial)).length + lost,
    mean:
      design.metric.kind === 'binary' && values.length > 0
        ? wilson(proportionOf(values), design.level)
        : meanOf(values, design.level),
  };
}

function meanOf(values: readonly number[], level: number): Estimate {
  if (values.length === 0) return notEstimable('none of its trials can be analysed');
  const moments = momentsOf(values);
  const { n, mean, variance } = moments;
  // Trials that all came to the same leave no doubt of what they came to.
  if (n > 1 && variance === 0) {
    return { estimable: true, value: mean, standardError: 0, low: mean, high: mean, level };
  }
  return meanEstimate(moments, level);
}

/** Corrects the p values of arms that share a baseline, by Dunnett's joint distribution of their statistics. */
function adjusted(comparisons: readonly Comparison[], { design, units }: Gathered): Comparison[] {
  if (comparisons.length < 2) return [...comparisons];
  const rho = loadingsOf(comparisons, units, design);
  return comparisons.map(comparison => {
    const { test } = comparison;
    if (!test.estimable) return comparison;
    // Of Student's t: the normal score with the same p.
    const z = test.p < 1 ? normalQuantile(1 - Math.max(test.p, 1e-15) / 2) : 0;
    const adjustedP = Math.min(1, Math.max(test.p, dunnettAdjustedP(z, comparisons.length, { rho })));
    return { ...comparison, adjustedP };
  });
}

/** How arms' statistics go together through their baseline: by half where all have as many trials. */
function loadingsOf(
  comparisons: readonly Comparison[],
  units: Gathered['units'],
  design: Design,
): number | number[] {
  if (design.unit === 'pair') return 0.5;
  const sizes = comparisons.map(({ arm }) =>
    valuesOf(sampleOf(units, design, arm, design.metric)).map(values => values.length),
  );
  // An arm without trials has no test to correct; its loading must be a number all the same.
  const arms = sizes.map(([size]) => Math.max(1, size));
  return dunnettLoadings(Math.max(1, sizes[0][1]), arms);
}

function secondaryOf({ design, units }: Gathered, others: readonly string[]): Analysis['secondary'] {
  const all = design.secondary.flatMap(metric =>
    others.map(arm => ({ metric: metric.name, comparison: plainly(compareArm(units, design, metric, arm)) })),
  );
  const tested = all.filter(({ comparison }) => comparison.test.estimable);
  const corrected = holm(tested.map(({ comparison }) => (comparison.test.estimable ? comparison.test.p : 1)));
  return all.map(({ metric, comparison }) => {
    const at = tested.findIndex(each => each.comparison === comparison);
    return { metric, comparison: { ...comparison, adjustedP: at < 0 ? undefined : corrected[at] } };
  });
}

const plainly = ({ identical: _, ...comparison }: ReturnType<typeof compareArm>): Comparison => comparison;
