import { usageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';

/** One bound of a box. `null` is unbounded: infinities do not survive JSON, and spaces travel in configurations. */
export type Bound = number | null;

/** Real numbers: values are Float32Arrays, row-major over `shape`. Bounds are one for all elements or one each. */
export interface Box {
  readonly kind: 'box';
  readonly shape: readonly number[];
  readonly low: Bound | readonly Bound[];
  readonly high: Bound | readonly Bound[];
}

/** One of `n` choices: values are integers 0 … n-1. */
export interface Discrete {
  readonly kind: 'discrete';
  readonly n: number;
}

/** Several choices at once: values are Int32Arrays, element `k` an integer 0 … sizes[k]-1. */
export interface MultiDiscrete {
  readonly kind: 'multiDiscrete';
  readonly sizes: readonly number[];
}

/** Spaces by name: values are objects with the same names. */
export interface Dict<F extends Readonly<Record<string, Space>> = Readonly<Record<string, Space>>> {
  readonly kind: 'dict';
  readonly spaces: F;
}

/** What observations or actions look like. Plain data: it survives JSON and structured clone as it is. */
export type Space = Box | Discrete | MultiDiscrete | Dict;

/** A space that actions can come from: one that fits a flat column. */
export type ActionSpace = Box | Discrete | MultiDiscrete;

/** The TypeScript type of a space's values. */
export type ValueOf<S extends Space> = S extends Box
  ? Float32Array
  : S extends Discrete
    ? number
    : S extends MultiDiscrete
      ? Int32Array
      : S extends Dict<infer F>
        ? { readonly [K in keyof F]: ValueOf<F[K]> }
        : never;

/**
 * A box of real numbers.
 * @param shape a length, or the lengths of its axes
 * @param bounds one number for all elements or one each, row-major; left out, infinite or null: unbounded
 */
export function box(
  shape: number | readonly number[],
  bounds: {
    readonly low?: Bound | readonly Bound[] | Float32Array | Float64Array;
    readonly high?: Bound | readonly Bound[] | Float32Array | Float64Array;
  } = {},
): Box {
  const axes = typeof shape === 'number' ? [shape] : [...shape];
  for (const axis of axes) expectCount(axis, 'box: shape');
  const size = axes.reduce((product, n) => product * n, 1);
  const space: Box = {
    kind: 'box',
    shape: axes,
    low: plainBound(bounds.low, size, 'low'),
    high: plainBound(bounds.high, size, 'high'),
  };
  const { low, high } = boundsOf(space);
  const wrong = low.findIndex((value, i) => !(value <= high[i]));
  if (wrong >= 0)
    throw usageError(`box: low[${wrong}] = ${low[wrong]}, expected at most high, ${high[wrong]}`);
  return space;
}

/**
 * One of `n` choices, 0 … n-1.
 * @throws a usage error where `n` is not a whole number of at least 1
 */
export function discrete(n: number): Discrete {
  expectCount(n, 'discrete: n');
  return { kind: 'discrete', n };
}

/**
 * Several choices at once.
 * @param sizes how many choices each element has
 * @throws a usage error where there is none, or one is not a whole number of at least 1
 */
export function multiDiscrete(sizes: readonly number[]): MultiDiscrete {
  if (sizes.length === 0) throw usageError('multiDiscrete: sizes = [], expected at least one');
  sizes.forEach((size, i) => {
    expectCount(size, `multiDiscrete: sizes[${i}]`);
  });
  return { kind: 'multiDiscrete', sizes: [...sizes] };
}

/**
 * Spaces by name, for observations alone; they are flattened in the order in which they stand here.
 * @throws a usage error where there is none
 */
export function dict<F extends Readonly<Record<string, Space>>>(spaces: F): Dict<F> {
  if (Object.keys(spaces).length === 0) throw usageError('dict: spaces = {}, expected at least one');
  return { kind: 'dict', spaces };
}

/**
 * How many floats a value takes when flattened: a box its elements, a discrete one-hot, a multi-discrete one one-hot
 * an element, a dict its parts end to end in the order they were declared.
 */
export function flatSize(space: Space): number {
  switch (space.kind) {
    case 'box':
      return space.shape.reduce((product, n) => product * n, 1);
    case 'discrete':
      return space.n;
    case 'multiDiscrete':
      return space.sizes.reduce((sum, n) => sum + n, 0);
    case 'dict':
      return Object.values(space.spaces).reduce((sum, part) => sum + flatSize(part), 0);
  }
}

/** How many numbers an action takes in an action column: discrete 1, multi-discrete one an element, a box its elements. */
export function actionSize(space: Space): number {
  switch (space.kind) {
    case 'box':
      return flatSize(space);
    case 'discrete':
      return 1;
    case 'multiDiscrete':
      return space.sizes.length;
    case 'dict':
      throw usageError('action space: kind = dict, expected box, discrete or multiDiscrete');
  }
}

/** The bounds of every element of a box, infinite where it is unbounded. */
export function boundsOf(space: Box): { readonly low: Float64Array; readonly high: Float64Array } {
  const size = flatSize(space);
  const each = (bound: Box['low'], unbounded: number) =>
    Float64Array.from({ length: size }, (_, i) => {
      const value = typeof bound === 'number' || bound === null ? bound : bound[i];
      return value ?? unbounded;
    });
  return { low: each(space.low, -Infinity), high: each(space.high, Infinity) };
}

/**
 * A random value: uniform where a box is bounded on both sides, exponential from the bound where on one, normal where
 * on none (as Gymnasium samples).
 */
export function sample<S extends Space>(space: S, random: Random): ValueOf<S>;
export function sample(space: Space, random: Random): unknown {
  switch (space.kind) {
    case 'box': {
      const { low, high } = boundsOf(space);
      return Float32Array.from(low, (from, i) => sampleBetween(from, high[i], random));
    }
    case 'discrete':
      return random.integer(space.n);
    case 'multiDiscrete':
      return Int32Array.from(space.sizes, n => random.integer(n));
    case 'dict':
      return mapParts(space, part => sample(part, random));
  }
}

function sampleBetween(low: number, high: number, random: Random): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return random.uniform(low, high);
  if (Number.isFinite(low)) return low - Math.log(1 - random.uniform());
  if (Number.isFinite(high)) return high + Math.log(1 - random.uniform());
  return random.normal();
}

/** A dict's values from its parts, in declared order. */
export function mapParts<T>(space: Dict, value: (part: Space, name: string) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(space.spaces).map(([name, part]) => [name, value(part, name)] as const),
  );
}

function plainBound(
  bound: Bound | readonly Bound[] | Float32Array | Float64Array | undefined,
  size: number,
  name: 'low' | 'high',
): Bound | Bound[] {
  const unbounded = name === 'low' ? -Infinity : Infinity;
  const plain = (value: Bound, at: string): Bound => {
    if (value === null || value === unbounded) return null;
    if (Number.isFinite(value)) return value;
    throw usageError(`box: ${at} = ${value}, expected a finite number or ${unbounded}`);
  };
  if (bound === undefined) return null;
  if (bound === null || typeof bound === 'number') return plain(bound, name);
  if (bound.length !== size)
    throw usageError(`box: ${name} has ${bound.length} elements, expected ${size} as shape has`);
  return Array.from<Bound, Bound>(bound as ArrayLike<Bound>, (value, i) => plain(value, `${name}[${i}]`));
}

function expectCount(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1)
    throw usageError(`${what} = ${value}, expected a whole number of at least 1`);
}
