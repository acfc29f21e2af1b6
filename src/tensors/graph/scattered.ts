import type { Value } from './values.ts';

/**
 * A gradient of images that has each element of another one at one place of its window, along axes 1 and 2, and zeros
 * elsewhere: what can be done to the smaller one is less work.
 */
export interface Scattered {
  readonly dy: Value;
  /** What each window was chosen from. */
  readonly input: Value;
  /** What was chosen in each window, where dy goes to. */
  readonly output: Value;
  /** The same for another dy. */
  again(dy: Value): Value;
}

const known = new WeakMap<Value, Scattered>();

/** Remembers what a value is. */
export function scattered(value: Value, of: Scattered): Value {
  // Where a window is one element, it is dy itself.
  if (value !== of.dy) known.set(value, of);
  return value;
}

export const scatteredOf = (value: Value): Scattered | undefined => known.get(value);
