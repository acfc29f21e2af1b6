import { usageError } from '../../core/errors.ts';
import type { Check, Over } from '../contract.ts';

/** A check's verdict on one result. */
export interface Verdict {
  readonly name: string;
  /** `null` where the check gave no finite number: then it has failed. */
  readonly value: number | null;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit?: string;
  readonly pass: boolean;
}

/** A check's verdict over several seeds. */
export interface SeedsVerdict extends Verdict {
  readonly over: Over;
  /** One value a seed, in the order of the seeds. */
  readonly values: readonly (number | null)[];
}

/** Judges what one run returned. */
export function judge<R>(checks: readonly Check<R>[], result: R): Verdict[] {
  return checks.map(check => {
    const value = figureOf(check, result);
    return { ...barsOf(check), value, pass: passes(check, value) };
  });
}

/**
 * Judges several seeds together. `value` is their median, except over `every`, where it is the one furthest from
 * passing; a seed without a finite value fails, and counts as worst.
 */
export function judgeSeeds<R>(
  checks: readonly Check<R>[],
  runs: readonly (readonly Verdict[])[],
): SeedsVerdict[] {
  return checks.map((check, i) => {
    const over = check.over ?? 'every';
    const values = runs.map(verdicts => verdicts[i].value);
    const worstFirst = [...values].sort((a, b) => badness(check, b) - badness(check, a));
    const value = over === 'every' ? (worstFirst[0] ?? null) : medianOf(worstFirst);
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
  for (const check of checks) {
    const where = `scenario ${scenario}, check ${check.name}`;
    if (check.atLeast === undefined && check.atMost === undefined) {
      throw usageError(`${where}: expected a bar, atLeast or atMost`);
    }
    const { over } = check;
    if (typeof over === 'object' && !(over.atLeast >= 1 && over.atLeast <= over.of)) {
      throw usageError(`${where}: over = ${over.atLeast} of ${over.of}: expected 1 ≤ atLeast ≤ of`);
    }
  }
}

function figureOf<R>(check: Check<R>, result: R): number | null {
  try {
    const value = check.value(result);
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

function passes(check: Check<never>, value: number | null): boolean {
  if (value === null) return false;
  return value >= (check.atLeast ?? -Infinity) && value <= (check.atMost ?? Infinity);
}

const barsOf = ({ name, atLeast, atMost, unit }: Check<never>) => ({
  name,
  ...(atLeast === undefined ? {} : { atLeast }),
  ...(atMost === undefined ? {} : { atMost }),
  ...(unit === undefined ? {} : { unit }),
});

/** How far a value is on the wrong side of its nearer bar; negative where it passes. */
function badness(check: Check<never>, value: number | null): number {
  if (value === null) return Infinity;
  const below = check.atLeast === undefined ? -Infinity : check.atLeast - value;
  const above = check.atMost === undefined ? -Infinity : value - check.atMost;
  return Math.max(below, above);
}

/** Of values sorted by badness; with an even number, the mean of the two in the middle. */
function medianOf(sorted: readonly (number | null)[]): number | null {
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === null || high === null || low === undefined || high === undefined ? null : (low + high) / 2;
}
