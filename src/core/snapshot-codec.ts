import { dtypeOf, type TypedArray } from './arrays.ts';
import { TroupeError } from './errors.ts';
import type { StoredTensor } from './safetensors.ts';
import type { Snapshot } from './snapshot.ts';

/** A snapshot in two parts: JSON in which typed arrays are named, and the arrays. */
export interface EncodedSnapshot {
  readonly tree: unknown;
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

/** Numbers that JSON cannot hold. */
const special = new Map<string, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

/**
 * Splits a snapshot so that `decodeSnapshot` gives back the same bits. A typed array becomes `{ "$tensor": name }`,
 * named by its path; a number that JSON cannot hold `{ "$number": "NaN" }`; a key's own leading `$` is doubled.
 * @throws TroupeError that names the path of anything that is not a snapshot
 */
export function encodeSnapshot(snapshot: Snapshot): EncodedSnapshot {
  const tensors = new Map<string, StoredTensor>();
  const encode = (value: unknown, path: readonly (string | number)[]): unknown => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (Number.isFinite(value) && !Object.is(value, -0)) return value;
        return { $number: Object.is(value, -0) ? '-0' : String(value) };
    }
    if (value === null) return null;
    if (Array.isArray(value)) return Array.from(value, (item, i) => encode(item, [...path, i]));
    if (ArrayBuffer.isView(value)) {
      const name = nameOf(path, tensors);
      tensors.set(name, { shape: [arrayAt(value, path).length], data: arrayAt(value, path) });
      return { $tensor: name };
    }
    if (typeof value === 'object' && isPlain(value)) {
      const entries = Object.entries(value).map(([key, item]) => [
        key.startsWith('$') ? `$${key}` : key,
        encode(item, [...path, key]),
      ]);
      return Object.fromEntries(entries);
    }
    throw unfit(value, path);
  };
  const tree = encode(snapshot, []);
  return { tree, tensors: Object.fromEntries(tensors) };
}

/** The inverse of `encodeSnapshot`. @throws TroupeError for a tree that it cannot have written */
export function decodeSnapshot({ tree, tensors }: EncodedSnapshot): Snapshot {
  const decode = (value: unknown): Snapshot => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value as Snapshot;
    const entries = Object.entries(value);
    if (entries.length === 1 && entries[0][0] === '$tensor') {
      const name = String(entries[0][1]);
      if (!Object.hasOwn(tensors, name)) throw new TroupeError(`tensor ${name} is missing`);
      return tensors[name].data;
    }
    if (entries.length === 1 && entries[0][0] === '$number') {
      const number = special.get(String(entries[0][1]));
      if (number === undefined) throw new TroupeError(`${String(entries[0][1])} is not a number`);
      return number;
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key.startsWith('$$') ? key.slice(1) : key, decode(item)]),
    );
  };
  return decode(tree);
}

/** A tensor's name for readers of the file: its path, in plain characters, numbered where two would be equal. */
function nameOf(path: readonly (string | number)[], taken: ReadonlyMap<string, unknown>): string {
  const plain = path.map(part => String(part).replaceAll(/[^\w/-]/g, '_')).join('.') || 'state';
  let name = plain;
  for (let n = 2; taken.has(name) || name === '__metadata__'; n++) name = `${plain}~${n}`;
  return name;
}

function arrayAt(value: ArrayBufferView, path: readonly (string | number)[]): TypedArray {
  try {
    dtypeOf(value as TypedArray);
    return value as TypedArray;
  } catch {
    throw unfit(value, path);
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function unfit(value: unknown, path: readonly (string | number)[]): TroupeError {
  const what = typeof value === 'object' ? (value?.constructor?.name ?? 'object') : typeof value;
  return new TroupeError(
    `state${path.map(part => `.${part}`).join('')}: ${what} cannot be saved, expected plain data or typed arrays`,
  );
}
