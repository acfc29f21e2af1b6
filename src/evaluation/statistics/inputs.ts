import { usageError } from '../../core/errors.ts';

/** What was given, where it is a finite number. @throws a usage error that names the field */
export function finite(name: string, value: number): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw usageError(`${name} = ${String(value)}: expected a finite number`);
}

/** What was given, where it is an outcome, a score or an estimate: finite, and its square and sums of that too. */
export function datum(name: string, value: number): number {
  if (Math.abs(finite(name, value)) <= 1e100) return value;
  throw usageError(`${name} = ${value}: expected a number from -1e100 to 1e100`);
}

/** What was given, where it can be the chance of an arm: one in a million at least for either. */
export function chance(name: string, value: number): number {
  if (finite(name, value) >= 1e-6 && value <= 1 - 1e-6) return value;
  throw usageError(`${name} = ${value}: expected a chance between 0 and 1, a millionth away from both`);
}

/** What was given, where it is a finite number above 0. */
export function positive(name: string, value: number): number {
  if (finite(name, value) > 0) return value;
  throw usageError(`${name} = ${value}: expected a number above 0`);
}

/** What was given, where it is a whole number of at least `least`. */
export function whole(name: string, value: number, least = 0): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw usageError(`${name} = ${String(value)}: expected a whole number of at least ${least}`);
}

/** What was given, where it lies between 0 and 1, both left out: a level, a power. */
export function share(name: string, value: number): number {
  if (finite(name, value) > 0 && value < 1) return value;
  throw usageError(`${name} = ${value}: expected a number between 0 and 1, neither of them`);
}

/** What was given, where it is a success rate: from 0 to 1. */
export function rate(name: string, value: number): number {
  if (finite(name, value) >= 0 && value <= 1) return value;
  throw usageError(`${name} = ${value}: expected a rate from 0 to 1`);
}
