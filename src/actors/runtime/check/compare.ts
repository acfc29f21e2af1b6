import { serialize } from 'node:v8';
import type { TypedArray } from '../../../core/arrays.ts';
import type { Port } from '../../contract.ts';
import { showValue } from '../port-value-error.ts';

/** The first value sent that its port's schema does not allow. */
export function badValue(name: string, port: Port, sent: readonly unknown[]): string | undefined {
  if (port.port !== 'value' || !port.schema) return undefined;
  for (const [number, value] of sent.entries()) {
    const result = port.schema.safeParse(value);
    if (!result.success) {
      return `${name} number ${number} = ${showValue(value)}: ${result.error.issues[0].message}`;
    }
  }
  return undefined;
}

export type Sent = Readonly<Record<string, readonly unknown[]>>;

/** The first message that two plays do not share. */
export function differing(one: Sent, other: Sent, here: string, there: string): string | undefined {
  for (const port of Object.keys(one)) {
    const [x, y] = [one[port], other[port] ?? []];
    const at = x.findIndex((message, i) => i >= y.length || !same(message, y[i]));
    const number = at >= 0 ? at : x.length < y.length ? x.length : -1;
    if (number < 0) continue;
    const place = placeOf(x[number], y[number]);
    const show = (list: readonly unknown[]) =>
      number >= list.length ? 'nothing' : place ? showPlace(list[number], place) : showValue(list[number]);
    return `${port} number ${number}: ${here} ${show(x)}, ${there} ${show(y)}`;
  }
  return undefined;
}

type Columns = Readonly<Record<string, TypedArray>>;
type Place = readonly [field: string, index: number];

/** Where two slabs first differ; of anything else, `undefined`. */
function placeOf(x: unknown, y: unknown): Place | undefined {
  if (typeof x !== 'object' || x === null || typeof y !== 'object' || y === null) return undefined;
  for (const [field, column] of Object.entries(x)) {
    const other: unknown = (y as Columns)[field];
    if (!isColumn(column) || !isColumn(other)) return undefined;
    const index = column.findIndex((number, i) => !Object.is(number, other[i]));
    if (index >= 0) return [field, index];
  }
  return undefined;
}

const isColumn = (value: unknown): value is Float64Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

const showPlace = (slab: unknown, [field, index]: Place): string =>
  `${field}[${index}] = ${String((slab as Columns)[field][index])}`;

/** Equal bit for bit, NaN and -0 included. */
export const same = (x: unknown, y: unknown): boolean => serialize(x).equals(serialize(y));

/** The first place in a snapshot that a checkpoint could not hold. */
export function notPlain(value: unknown, path: string): string | undefined {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  if (ArrayBuffer.isView(value)) return undefined;
  if (typeof value !== 'object') return `${path} is a ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return `${path} is a ${value.constructor.name}`;
  }
  for (const [key, inner] of Object.entries(value)) {
    const seen = notPlain(inner, `${path}.${key}`);
    if (seen) return seen;
  }
  return undefined;
}
