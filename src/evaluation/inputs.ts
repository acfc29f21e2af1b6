import { usageError } from '../core/errors.ts';
import type { Moments, Proportion, Stratum } from './contract.ts';

/*
 * Checks of what callers give. Each has one form of message, `name = value: expected …`, and gives
 * the value back.
 */

/** The level of intervals where none is asked for. */
export const LEVEL = 0.95;

/** An error of input. @param expected what would be right, to stand after `expected` */
export const wrong = (name: string, value: unknown, expected: string): Error =>
  usageError(`${name} = ${shown(value)}: expected ${expected}`);

/** A value in a message: texts in quotes, so that "1" is not taken for a number; what is long is cut. */
export function shown(value: unknown): string {
  const quoted = typeof value === 'string' || (typeof value === 'object' && value !== null);
  const text = quoted ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A finite number. */
export function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw wrong(name, value, 'a finite number');
}

/** An outcome, a score or an estimate: finite, and its square and sums of that too. */
export function datum(name: string, value: number): number {
  if (Math.abs(finite(name, value)) <= 1e100) return value;
  throw wrong(name, value, 'a number from -1e100 to 1e100');
}

/** The chance of an arm: one in a million at least for either. */
export function chance(name: string, value: number): number {
  if (typeof value === 'number' && value >= 1e-6 && value <= 1 - 1e-6) return value;
  throw wrong(name, value, 'a chance between 0 and 1, a millionth away from both');
}

/** A finite number above 0. */
export function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw wrong(name, value, 'a finite number above 0');
}

/** A finite number that is not below 0. */
export function nonNegative(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw wrong(name, value, 'a finite number of at least 0');
}

/** A whole number of at least `least`. */
export function whole(name: string, value: number, least = 0): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw wrong(name, value, `a whole number of at least ${least}`);
}

/** A level, a power: between 0 and 1, both left out. */
export function share(name: string, value: number): number {
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw wrong(name, value, 'a number between 0 and 1, neither of them');
}

/** A success rate, a p value: from 0 to 1. */
export function fraction(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw wrong(name, value, 'a number from 0 to 1');
}

/** Numbers that are all finite. */
export function checkValues(name: string, values: readonly number[]): void {
  const at = values.findIndex(value => !Number.isFinite(value));
  if (at >= 0) finite(`${name}[${at}]`, values[at]);
}

/** Whole numbers, no more successes than trials. */
export function checkProportion(name: string, rate: Proportion): void {
  if (isProportion(rate)) return;
  whole(`${name}.n`, rate.n);
  throw wrong(`${name}.successes`, rate.successes, `a whole number from 0 to ${rate.n}`);
}

/**
 * Strata of such counts. Simulations call this millions of times, so names are put together for errors alone.
 */
export function checkStrata(strata: readonly Stratum[]): void {
  strata.forEach(({ name, arm, baseline }, at) => {
    if (isProportion(arm) && isProportion(baseline)) return;
    const where = name ?? `strata[${at}]`;
    checkProportion(`${where}: arm`, arm);
    checkProportion(`${where}: baseline`, baseline);
  });
}

const isProportion = ({ successes, n }: Proportion): boolean =>
  Number.isSafeInteger(n) && Number.isSafeInteger(successes) && successes >= 0 && successes <= n;

/** Moments as values can have them. */
export function checkMoments(name: string, { n, mean, variance }: Moments): void {
  whole(`${name}.n`, n);
  finite(`${name}.mean`, mean);
  nonNegative(`${name}.variance`, variance);
}
