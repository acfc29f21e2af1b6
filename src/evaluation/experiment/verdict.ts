import type { ArmSummary, Comparison, Design, Estimate, Estimated, Guard, Verdict } from '../contract.ts';
import type { Gathered } from './gather.ts';
import { counted, numberInterval, opposite, percentInterval, percentText, pText, unitNoun } from './words.ts';

/** What a verdict is drawn from. */
export interface Findings extends Pick<Gathered, 'design' | 'stopped'> {
  readonly units: number;
  readonly arms: readonly ArmSummary[];
  readonly guards: readonly Guard[];
}

/** What counts as "not worse" where the design names no effect worth finding. */
const DEFAULT_MARGIN = 0.01;

/**
 * One true sentence on an arm. With a fixed end the test decides, and only at the end. Under always-valid stopping the
 * confidence sequence decides, at any time. A guard that failed leaves nothing to decide.
 */
export function verdictOn(comparison: Comparison, identical: boolean, found: Findings): Verdict {
  const { arm, baseline } = comparison;
  const { design, guards, units } = found;
  const noun = unitNoun[design.unit];
  const failed = guards.find(guard => !guard.passed);
  const undecided = { arm, standing: 'undecided', notWorse: false } as const;
  if (failed) {
    const about = `${arm} against ${baseline}`;
    const sentence =
      failed.name === 'enough units'
        ? `Nothing can be said of ${about}: ${failed.says}.`
        : `The verdict on ${about} cannot be trusted: the guard "${failed.name}" failed, ${failed.says}.`;
    return { ...undecided, sentence };
  }
  if (identical) {
    const what = design.unit === 'pair' ? `paired seed${units === 1 ? '' : 's'}` : `${noun}s`;
    const sentence = `${baseline} and ${arm} did exactly the same in ${design.metric.name} on all ${units.toLocaleString('en-US')} ${what}.`;
    return { ...undecided, notWorse: true, sentence };
  }
  const { difference } = comparison;
  if (!difference.estimable) {
    const sentence = `Nothing can be said of ${arm} against ${baseline} in ${design.metric.name}: ${difference.reason}.`;
    return { ...undecided, sentence };
  }
  const standing = standingOf(comparison, found);
  return {
    arm,
    standing,
    notWorse: notWorse(comparison, found),
    sentence: sentenceOf(comparison, difference, standing, found),
  };
}

/** Which way the effect goes for whoever wants the metric high, or low. */
const gain = ({ metric }: Design, value: number): number => (metric.better === 'higher' ? value : -value);

function standingOf(comparison: Comparison, { design, stopped }: Findings): Verdict['standing'] {
  const { difference, adjustedP, sequential } = comparison;
  if (!difference.estimable) return 'undecided';
  if (design.stopping.rule === 'always-valid') {
    const { estimate } = sequential;
    if (!estimate.estimable || (estimate.low <= 0 && estimate.high >= 0)) return 'undecided';
    return gain(design, estimate.value) > 0 ? 'better' : 'worse';
  }
  if (stopped === 'not yet' || adjustedP === undefined || adjustedP >= 1 - design.level) return 'undecided';
  return gain(design, difference.value) > 0 ? 'better' : 'worse';
}

/** Whether even the bad end of the interval is within the margin. */
function notWorse({ relative, difference, sequential, baseline }: Comparison, found: Findings): boolean {
  const { design, stopped, arms } = found;
  const margin = design.worthFinding ?? DEFAULT_MARGIN;
  const worst = (estimate: Estimated) => (design.metric.better === 'higher' ? estimate.low : -estimate.high);
  const always = design.stopping.rule === 'always-valid';
  if (always && !sequential.estimate.estimable) return false;
  if (!always && stopped === 'not yet') return false;
  if (relative.estimable) return worst(relative) > -margin;
  const scale = arms.find(each => each.arm === baseline)?.mean;
  const absolute: Estimate = always ? sequential.estimate : difference;
  if (!scale?.estimable || !absolute.estimable) return false;
  return worst(absolute) > -margin * Math.abs(scale.value);
}

function sentenceOf(
  comparison: Comparison,
  difference: Estimated,
  standing: Verdict['standing'],
  found: Findings,
): string {
  const { arm, baseline, relative } = comparison;
  const { metric, stopping } = found.design;
  const shown = relative.estimable ? relative : alwaysOr(comparison, difference, found.design);
  const up = shown.value >= 0;
  const amount = (relative.estimable ? percentInterval : numberInterval)(up ? shown : opposite(shown));
  const basis = basisOf(comparison, shown, found.design);
  const proof = proofOf(comparison, found);
  const size = counted(found.units, unitNoun[found.design.unit]);
  if (standing !== 'undecided') {
    if (metric.better === 'higher')
      return `${arm} is ${standing} than ${baseline} by ${amount} in ${metric.name} (${basis}, ${proof}, ${size}).`;
    return `${arm} is ${standing} than ${baseline}: ${metric.name} is ${up ? 'higher' : 'lower'} by ${amount} (${basis}, ${proof}, ${size}).`;
  }
  const measured = `${arm} measured ${amount} ${up ? 'above' : 'below'} ${baseline} in ${metric.name}`;
  return `${measured} (${basis}); ${proof}, ${unsettled(found, stopping.rule)}.`;
}

/** What the interval holds for. That of several arms' fixed horizon is each arm's own: only their p values are corrected. */
function basisOf({ sequential }: Comparison, { level }: Estimated, { stopping, arms }: Design): string {
  const interval = `${percentText(level)} % interval`;
  if (stopping.rule === 'always-valid' && sequential.estimate.estimable) return `always-valid ${interval}`;
  return arms.length > 2 ? `${interval} of this arm alone` : interval;
}

/** Why an undecided experiment is not decided. */
function unsettled({ stopped, units, design }: Findings, rule: 'fixed' | 'always-valid'): string {
  const noun = unitNoun[design.unit];
  if (rule === 'always-valid') {
    if (stopped === 'cap') return `not settled by the cap of ${counted(units, noun)}`;
    return `so not yet settled after ${counted(units, noun)}`;
  }
  const planned = design.stopping.rule === 'fixed' ? design.stopping.units : units;
  if (stopped === 'not yet') {
    return `but only ${units.toLocaleString('en-US')} of ${counted(planned, `planned ${noun}`)} are in, so nothing is decided`;
  }
  return `so which is better is not decided by ${counted(units, noun)}`;
}

function proofOf({ test, adjustedP, sequential }: Comparison, { design }: Findings): string {
  if (design.stopping.rule === 'always-valid') {
    const { p, estimate } = sequential;
    if (p === undefined) return estimate.estimable ? 'no always-valid p' : estimate.reason;
    return pText(p, 'always-valid p');
  }
  if (adjustedP === undefined) return test.estimable ? pText(test.p) : `no test: ${test.reason}`;
  const arms = design.arms.length - 1;
  return `${pText(adjustedP)}${arms > 1 ? ` (Dunnett, ${arms} arms)` : ''}`;
}

function alwaysOr({ sequential }: Comparison, difference: Estimated, { stopping }: Design): Estimated {
  return stopping.rule === 'always-valid' && sequential.estimate.estimable ? sequential.estimate : difference;
}
