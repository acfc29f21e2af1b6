import { TroupeError, usageError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** The preallocated columns of a vector environment: see `VectorEnvironment` for what each holds. */
export class Columns {
  readonly count: number;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;
  readonly info: Readonly<Record<string, Float32Array>>;

  /** @param observationSize floats in one copy's observation */
  constructor(count: number, observationSize: number, infoNames: readonly string[] = []) {
    assertCount(count);
    this.count = count;
    this.observations = new Float32Array(count * observationSize);
    this.rewards = new Float32Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.finalObservations = new Float32Array(count * observationSize);
    this.info = Object.fromEntries(infoNames.map(name => [name, new Float32Array(count)]));
  }

  /** Zeros what speaks of a step: after a reset no step has been taken. */
  clearStep(): void {
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.finalObservations.fill(0);
    for (const name in this.info) this.info[name].fill(0);
  }

  /** All columns by name, as `copyArrays` and `restoreArrays` take them. */
  get arrays(): Arrays {
    const { observations, rewards, terminated, truncated, finalObservations, info } = this;
    return { observations, rewards, terminated, truncated, finalObservations, info };
  }
}

type NumberArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Typed arrays by name, and groups of them by name. */
export interface Arrays {
  readonly [name: string]: NumberArray | Arrays;
}

/** A snapshot of typed arrays, by the same names. */
export function copyArrays(arrays: Arrays): { readonly [key: string]: Snapshot } {
  const copy = (part: NumberArray | Arrays) => (isArray(part) ? part.slice() : copyArrays(part));
  return Object.fromEntries(Object.entries(arrays).map(([name, part]) => [name, copy(part)]));
}

/**
 * Puts a snapshot of `copyArrays` back into the same arrays.
 * @throws if a name, a type or a length differs; then nothing is written
 */
export function restoreArrays(arrays: Arrays, snapshot: Snapshot): void {
  assertArrays(arrays, snapshot);
  for (const [array, from] of pairs(arrays, snapshot)) array.set(from as NumberArray);
}

/**
 * Whether `restoreArrays` would take a snapshot, without writing anything.
 * @throws where it would: a name, a type or a length differs
 */
export function assertArrays(arrays: Arrays, snapshot: Snapshot): void {
  for (const [array, from, name] of pairs(arrays, snapshot)) {
    const type = array.constructor.name;
    if (Object.prototype.toString.call(from) !== `[object ${type}]`)
      throw new TroupeError(`environment snapshot: ${name} is missing, expected a ${type}`);
    const { length } = from as NumberArray;
    if (length !== array.length)
      throw new TroupeError(
        `environment snapshot: ${name} has length ${length}, expected ${array.length}: another count or space`,
      );
  }
}

/** Each array with what a snapshot has in its place, and its name. */
function* pairs(arrays: Arrays, snapshot: unknown, at = ''): Generator<[NumberArray, unknown, string]> {
  for (const [name, part] of Object.entries(arrays)) {
    const from = (snapshot as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    if (isArray(part)) yield [part, from, at + name];
    else yield* pairs(part, from, `${at}${name}.`);
  }
}

const isArray = (part: NumberArray | Arrays): part is NumberArray => ArrayBuffer.isView(part);

/** One random stream a copy: copy `i` draws from `Random.fromSeed(seed).split(i)`. They only give numbers, never split. */
export class Streams {
  #streams: Random[];

  constructor(count: number, seed: number) {
    const root = Random.fromSeed(seed);
    this.#streams = Array.from({ length: count }, (_, i) => root.split(i));
  }

  of(index: number): Random {
    return this.#streams[index];
  }

  /** Begins every stream anew. */
  seed(seed: number): void {
    const root = Random.fromSeed(seed);
    for (let i = 0; i < this.#streams.length; i++) this.#streams[i] = root.split(i);
  }

  /** Where the streams stand: four words each. */
  get state(): Uint32Array {
    return Uint32Array.from(this.#streams.flatMap(stream => [...stream.state]));
  }
  set state(words: Uint32Array) {
    this.#streams.forEach((stream, i) => {
      stream.state = [words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]];
    });
  }
}

/** Throws one line when a number, of copies unless `what` says otherwise, is not a whole one of at least 1. */
export function assertCount(count: number, name?: string, what = 'count'): void {
  if (Number.isInteger(count) && count >= 1) return;
  const where = name === undefined ? 'environment' : `environment ${name}`;
  throw usageError(`${where}: ${what} = ${count}, expected a whole number of at least 1`);
}
