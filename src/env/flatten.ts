import { usageError } from '../core/errors.ts';
import { boundsOf, type Dict, flatSize, mapParts, type Space, type ValueOf } from './spaces.ts';

/**
 * Writes a value as floats: see `flatSize` for the layout.
 * @returns the offset after it
 * @throws a one-line error when the value's type or shape is not the space's; its numbers are not looked at
 */
export function flatten<S extends Space>(
  space: S,
  value: ValueOf<S>,
  out: Float32Array,
  offset?: number,
): number;
export function flatten(space: Space, value: unknown, out: Float32Array, offset = 0): number {
  switch (space.kind) {
    case 'box': {
      const size = flatSize(space);
      if (!(value instanceof Float32Array) || value.length !== size)
        throw usageError(`value ${expected(space, value)}`);
      for (let i = 0; i < size; i++) out[offset + i] = value[i];
      return offset + size;
    }
    case 'discrete':
      if (!isChoice(value, space.n)) throw usageError(`value ${expected(space, value)}`);
      out.fill(0, offset, offset + space.n);
      out[offset + value] = 1;
      return offset + space.n;
    case 'multiDiscrete': {
      const wrong = mismatch(space, value);
      if (wrong) throw usageError(wrong);
      const choices = value as Int32Array;
      out.fill(0, offset, offset + flatSize(space));
      for (let k = 0; k < choices.length; k++) {
        out[offset + choices[k]] = 1;
        offset += space.sizes[k];
      }
      return offset;
    }
    case 'dict': {
      const wrong = namesMismatch(space, value, 'value');
      if (wrong) throw usageError(wrong);
      for (const name in space.spaces) {
        offset = flatten(space.spaces[name], (value as Record<string, never>)[name], out, offset);
      }
      return offset;
    }
  }
}

/** The value that `flatten` wrote at an offset: the largest element stands for a discrete choice. */
export function unflatten<S extends Space>(space: S, flat: Float32Array, offset?: number): ValueOf<S>;
export function unflatten(space: Space, flat: Float32Array, offset = 0): unknown {
  switch (space.kind) {
    case 'box':
      return flat.slice(offset, offset + flatSize(space));
    case 'discrete':
      return largest(flat, offset, space.n);
    case 'multiDiscrete':
      return Int32Array.from(space.sizes, n => {
        offset += n;
        return largest(flat, offset - n, n);
      });
    case 'dict':
      return mapParts(space, part => {
        const value = unflatten(part, flat, offset);
        offset += flatSize(part);
        return value;
      });
  }
}

/** Whether a value is of the space: its type, its shape, and every number finite and within bounds. */
export function contains(space: Space, value: unknown): boolean {
  return mismatch(space, value) === undefined;
}

/**
 * Why a value is not of the space, in one line, or `undefined` when it is. Bounds count as float32 numbers, as values do.
 * @param at what to call the value, e.g. `observation`
 */
export function mismatch(space: Space, value: unknown, at = 'value'): string | undefined {
  switch (space.kind) {
    case 'box': {
      if (!(value instanceof Float32Array) || value.length !== flatSize(space))
        return `${at} ${expected(space, value)}`;
      const { low, high } = boundsOf(space);
      const wrong = value.findIndex(
        (x, i) => !(Number.isFinite(x) && x >= Math.fround(low[i]) && x <= Math.fround(high[i])),
      );
      if (wrong < 0) return undefined;
      const wanted = Number.isFinite(value[wrong])
        ? `a number in [${low[wrong]}, ${high[wrong]}]`
        : 'a finite number';
      return `${at}[${wrong}] = ${value[wrong]}, expected ${wanted}`;
    }
    case 'discrete':
      return isChoice(value, space.n) ? undefined : `${at} ${expected(space, value)}`;
    case 'multiDiscrete': {
      if (!(value instanceof Int32Array) || value.length !== space.sizes.length)
        return `${at} ${expected(space, value)}`;
      const wrong = space.sizes.findIndex((n, k) => !isChoice(value[k], n));
      if (wrong < 0) return undefined;
      return `${at}[${wrong}] = ${value[wrong]}, expected a whole number 0 to ${space.sizes[wrong] - 1}`;
    }
    case 'dict':
      return (
        namesMismatch(space, value, at) ??
        Object.entries(space.spaces)
          .map(([name, part]) => mismatch(part, (value as Record<string, unknown>)[name], `${at}.${name}`))
          .find(wrong => wrong !== undefined)
      );
  }
}

function namesMismatch(space: Dict, value: unknown, at: string): string | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value))
    return `${at} ${expected(space, value)}`;
  const missing = Object.keys(space.spaces).find(name => !(name in value));
  return missing === undefined ? undefined : `${at}.${missing} = undefined, expected ${missing} of the space`;
}

/** `= [1, 2], expected a Float32Array of length 3` */
function expected(space: Space, value: unknown): string {
  return `= ${describe(value)}, expected ${describeSpace(space)}`;
}

function describeSpace(space: Space): string {
  switch (space.kind) {
    case 'box':
      return `a Float32Array of length ${flatSize(space)}`;
    case 'discrete':
      return `a whole number 0 to ${space.n - 1}`;
    case 'multiDiscrete':
      return `an Int32Array of length ${space.sizes.length}`;
    case 'dict':
      return `an object with ${Object.keys(space.spaces).join(', ')}`;
  }
}

/** A value, short enough for one line. */
export function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? `'${value}'` : String(value);
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  const type = Object.prototype.toString.call(value).slice(8, -1);
  if (ArrayBuffer.isView(value) && 'length' in value) return `${type} of length ${value.length}`;
  return type === 'Object' ? `an object with ${Object.keys(value).join(', ') || 'nothing'}` : type;
}

const isChoice = (value: unknown, n: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < n;

function largest(flat: Float32Array, offset: number, n: number): number {
  let best = 0;
  for (let i = 1; i < n; i++) if (flat[offset + i] > flat[offset + best]) best = i;
  return best;
}
