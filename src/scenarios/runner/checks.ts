import { usageError } from '../../core/errors.ts';
import { described } from '../../core/places.ts';
import type { CheckResult } from '../../report/summary.ts';
import type { Check } from '../contract.ts';

/**
 * Judges what one run returned, as far as it has what is checked. A value that is no finite number fails; a check that
 * throws, or gives something else than a number, has the value NaN.
 * @param warn is told of such checks, in one line each
 */
export function judge<R>(
  checks: readonly Check<R>[],
  result: R,
  warn: (line: string) => void = () => {},
): CheckResult[] {
  return checks
    .filter(check => appliesTo(check, result))
    .map(check => {
      const value = figureOf(check, result, warn);
      return { ...barsOf(check), value, pass: passes(check, value) };
    });
}

/** The checks that a run's result had nothing for, by name. */
export function notMade<R>(checks: readonly Check<R>[], made: readonly CheckResult[]): string[] {
  return checks.map(({ name }) => name).filter(name => !made.some(check => check.name === name));
}

/**
 * Judges several seeds together. `value` is their median, except over `every`, where it is the one furthest from
 * passing; a seed without a finite value fails, and counts as worst. So does one that had nothing to check, where
 * another had.
 */
export function judgeSeeds<R>(
  checks: readonly Check<R>[],
  runs: readonly (readonly CheckResult[])[],
): CheckResult[] {
  const made = checks.filter(({ name }) =>
    runs.some(verdicts => verdicts.some(check => check.name === name)),
  );
  return made.map(check => {
    const over = check.over ?? 'every';
    const values = runs.map(
      verdicts => verdicts.find(({ name }) => name === check.name)?.value ?? Number.NaN,
    );
    const worstFirst = [...values].sort((a, b) => badness(check, b) - badness(check, a));
    const value = over === 'every' ? worstFirst[0] : medianOf(worstFirst);
    const passed = values.filter(each => passes(check, each)).length;
    const pass =
      over === 'median'
        ? passes(check, value)
        : passed >= (over === 'every' ? values.length : needed(over, values.length));
    return { ...barsOf(check), value, pass: values.length > 0 && pass, over, values };
  });
}

/** How many of `seeds` must pass where `over.atLeast` of `over.of` must. */
export const needed = (over: { readonly atLeast: number; readonly of: number }, seeds: number): number =>
  Math.ceil((over.atLeast / over.of) * seeds - 1e-9);

/** Checks that can never fail, or cannot be read, are the author's mistakes: found before the run, not after. */
export function validateChecks(scenario: string, checks: readonly Check<never>[]): void {
  for (const [i, check] of checks.entries()) {
    const where = `scenario ${scenario}, check ${check.name}`;
    if (checks.findIndex(({ name }) => name === check.name) < i) {
      throw usageError(`${where}: expected names that differ, got this one twice`);
    }
    if (check.atLeast === undefined && check.atMost === undefined) {
      throw usageError(`${where}: expected a bar, atLeast or atMost`);
    }
    const { over } = check;
    if (typeof over === 'object' && !(over.atLeast >= 1 && over.atLeast <= over.of)) {
      throw usageError(`${where}: over = ${over.atLeast} of ${over.of}: expected 1 ≤ atLeast ≤ of`);
    }
  }
}

/** One that cannot tell is made, and fails where its value cannot be had either: nothing is left out by mistake. */
function appliesTo<R>(check: Check<R>, result: R): boolean {
  try {
    return check.applies?.(result) ?? true;
  } catch {
    return true;
  }
}

function figureOf<R>(check: Check<R>, result: R, warn: (line: string) => void): number {
  try {
    const value: unknown = check.value(result);
    if (typeof value === 'number') return value;
    warn(`check ${check.name}: its value is ${value}, expected a number`);
  } catch (error) {
    warn(`check ${check.name}: its value cannot be had: ${described(error)}`);
  }
  return Number.NaN;
}

function passes(check: Check<never>, value: number): boolean {
  return (
    Number.isFinite(value) && value >= (check.atLeast ?? -Infinity) && value <= (check.atMost ?? Infinity)
  );
}

const barsOf = ({ name, atLeast, atMost, unit }: Check<never>) => ({
  name,
  ...(atLeast === undefined ? {} : { atLeast }),
  ...(atMost === undefined ? {} : { atMost }),
  ...(unit === undefined ? {} : { unit }),
});

/** How far a value is on the wrong side of its nearer bar; negative where it passes. */
function badness(check: Check<never>, value: number): number {
  if (!Number.isFinite(value)) return Infinity;
  const below = check.atLeast === undefined ? -Infinity : check.atLeast - value;
  const above = check.atMost === undefined ? -Infinity : value - check.atMost;
  return Math.max(below, above);
}

/** Of values sorted by badness; with an even number, the mean of the two in the middle. */
function medianOf(sorted: readonly number[]): number {
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}
