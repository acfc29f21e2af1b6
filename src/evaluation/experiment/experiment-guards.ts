import type { ArmSummary, Design, Guard, TestResult } from '../contract.ts';
import { guardThreshold, missingness, sampleRatio } from '../statistics/guards.ts';
import type { Gathered } from './gather.ts';
import { isDone } from './sample.ts';
import { counted, pText, unitNoun } from './words.ts';

/**
 * Of missing trials sooner: few experiments have any, and a dozen that one arm alone lost are enough to turn a small one
 * round.
 */
const ALARM_MISSING = 0.01;

/** Whether the log may be believed: shares as planned, trials missing evenly, enough units, and what else is odd. */
export function guardsOf(
  { design, assigned, units, stopped }: Pick<Gathered, 'design' | 'assigned' | 'units' | 'stopped'>,
  arms: readonly ArmSummary[],
  identical: readonly string[],
): Guard[] {
  const counts = design.arms.map(({ name }) => assigned.get(name) ?? 0);
  const missing = arms.map(arm => arm.missing);
  return [
    ...ratios(design, counts, arms, units),
    lost(arms, counts, missing),
    ...(stopped === 'not yet' ? [] : [enough(design, units)]),
    ...identical.map(arm => ({
      name: 'identical arms',
      passed: true,
      says: `${arm} came to the same ${design.metric.name} as ${design.arms[0].name} on every unit: they may be the same thing`,
    })),
  ];
}

/** Pairs have as many trials of each arm as of any other: there is nothing to test. */
function ratios(
  design: Design,
  assigned: readonly number[],
  arms: readonly ArmSummary[],
  units: Gathered['units'],
): Guard[] {
  if (design.unit === 'pair') return [];
  if (design.unit === 'session') {
    const sessions = design.arms.map(
      ({ name }) => units.filter(({ trials }) => trials.some(({ arm }) => arm === name)).length,
    );
    return [ratio('sample ratio (assigned)', design, sessions)];
  }
  const analysed = arms.map(arm => arm.analysed);
  return [
    ratio('sample ratio (assigned)', design, assigned),
    ratio('sample ratio (analysed)', design, analysed),
  ];
}

function ratio(name: string, { arms, unit }: Design, counts: readonly number[]): Guard {
  const test = sampleRatio(
    counts,
    arms.map(({ weight }) => weight),
  );
  const weights = arms.map(({ weight }) => Number(weight.toPrecision(4))).join(' : ');
  return judged(name, `${counts.join(' : ')} ${unitNoun[unit]}s for the planned ${weights}`, test);
}

function lost(arms: readonly ArmSummary[], assigned: readonly number[], missing: readonly number[]): Guard {
  const name = 'missing trials';
  if (missing.every(each => each === 0)) return { name, passed: true, says: 'no trial is missing' };
  const shares = arms.map(({ arm }, i) => `${missing[i]} of ${assigned[i]} of ${arm}`).join(', ');
  return judged(name, `missing: ${shares}`, missingness(assigned, missing), ALARM_MISSING);
}

function judged(name: string, says: string, test: TestResult, alarm = guardThreshold): Guard {
  if (!test.estimable) return { name, passed: true, says: `${says} (no test: ${test.reason})` };
  const passed = test.p >= alarm;
  const verdict = passed ? pText(test.p) : `${pText(test.p)}, below ${alarm}`;
  return { name, passed, says: `${says} (${verdict})`, p: test.p };
}

/**
 * The fewest units that can tell anything. Fewer pairs than this cannot reach the level, whatever they show: all signs
 * the same come about with a chance of 2 / 2ⁿ. Of trials and sessions, fewer than two an arm have no spread.
 */
export const leastUnits = ({ unit, level, arms }: Pick<Design, 'unit' | 'level' | 'arms'>): number =>
  unit === 'pair' ? Math.ceil(1 + Math.log2(1 / (1 - level)) - 1e-9) : 2 * arms.length;

function enough(design: Design, units: Gathered['units']): Guard {
  const { unit, level } = design;
  const noun = unitNoun[unit];
  const least = leastUnits(design);
  // A pair without one of its trials tells nothing.
  const whole = units.filter(({ trials }) => unit !== 'pair' || trials.every(isDone)).length;
  const passed = whole >= least;
  const left = counted(whole, whole < units.length ? `whole ${noun}` : noun);
  const says = passed
    ? `${left}, at least ${least} are needed`
    : `${left}: too few to tell anything at the level of ${level}, expected at least ${least}`;
  return { name: 'enough units', passed, says };
}
