import { asError, TroupeError, usageError } from '../core/errors.ts';
import type { Scene } from '../core/scene.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { countCall } from './calls.ts';
import {
  type Arrays,
  assertArrays,
  assertCount,
  Columns,
  copyArrays,
  restoreArrays,
  Streams,
} from './columns.ts';
import type { ActionColumn, Environment, Step, VectorEnvironment } from './contract.ts';
import { describe, flatten, mismatch } from './flatten.ts';
import { actionReader, assertActions } from './guard.ts';
import { type ActionSpace, flatSize, type Space, type ValueOf } from './spaces.ts';

/** What `vectorize` adds to the copies: a name for errors, a time limit. */
export interface VectorizeOptions {
  /** What to call the environment in errors. */
  readonly name?: string;
  /** Steps after which an episode is truncated, at least 1. Default: never. */
  readonly maxEpisodeSteps?: number;
}

/**
 * Steps copies of an environment as one. Each episode of copy `i` is reset with a seed drawn from the copy's own
 * stream, so an episode hangs on nothing but the seed, the copy's index and how many episodes the copy has had.
 * A new vector environment stands as if reset with seed 0.
 * @param make called once a copy, with its index
 * @throws what `make` or a first reset throws; the copies that were made are closed
 */
export async function vectorize<O extends Space, A extends ActionSpace>(
  make: (index: number) => Environment<O, A> | Promise<Environment<O, A>>,
  count: number,
  options: VectorizeOptions = {},
): Promise<VectorEnvironment<O, A>> {
  const { name, maxEpisodeSteps } = options;
  assertCount(count, name);
  if (maxEpisodeSteps !== undefined) assertCount(maxEpisodeSteps, name, 'maxEpisodeSteps');
  const copies: Environment<O, A>[] = [];
  try {
    for (let i = 0; i < count; i++) copies.push(await make(i));
    return new Vectorized(copies, options);
  } catch (error) {
    for (const copy of copies) copy.close?.();
    throw error;
  }
}

class Vectorized<O extends Space, A extends ActionSpace> implements VectorEnvironment<O, A> {
  readonly autoreset = 'same-step';
  readonly count: number;
  readonly observationSpace: O;
  readonly actionSpace: A;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;
  readonly info: Readonly<Record<string, Float32Array>>;
  readonly render?: (index: number) => Scene;
  readonly snapshot?: () => Snapshot;
  readonly restore?: (snapshot: Snapshot) => void;
  readonly copyState?: (index: number) => Snapshot;
  readonly setCopyState?: (index: number, state: Snapshot) => void;

  readonly #copies: readonly Environment<O, A>[];
  readonly #name: string;
  readonly #limit: number;
  readonly #size: number;
  readonly #columns: Columns;
  readonly #streams: Streams;
  readonly #elapsed: Int32Array;
  readonly #actionOf: (actions: ActionColumn<A>, index: number) => ValueOf<A>;
  #look: (index: number) => void = () => {};

  constructor(copies: readonly Environment<O, A>[], options: VectorizeOptions) {
    const [first] = copies;
    this.#copies = copies;
    this.#name = options.name ?? 'environment';
    this.#limit = options.maxEpisodeSteps ?? Number.POSITIVE_INFINITY;
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
    this.#size = flatSize(first.observationSpace);
    this.#actionOf = actionReader(first.actionSpace);
    this.#streams = new Streams(copies.length, 0);
    this.#elapsed = new Int32Array(copies.length);
    const begun = first.reset({ seed: 0 });
    this.#columns = new Columns(copies.length, this.#size, Object.keys(begun.info ?? {}));
    ({
      count: this.count,
      observations: this.observations,
      rewards: this.rewards,
      terminated: this.terminated,
      truncated: this.truncated,
      finalObservations: this.finalObservations,
      info: this.info,
    } = this.#columns);
    if (copies.every(copy => copy.render)) this.render = index => this.#copies[index].render!();
    if (copies.every(copy => copy.snapshot && copy.restore)) {
      this.snapshot = () => this.#snapshot();
      this.restore = snapshot => this.#restore(snapshot);
      this.copyState = index => this.#copyState(index);
      this.setCopyState = (index, state) => this.#setCopyState(index, state);
    }
    countCall('made');
    this.reset();
  }

  reset(options: { readonly seed?: number } = {}): void {
    if (options.seed !== undefined) this.#streams.seed(options.seed);
    countCall('resets');
    this.#columns.clearStep();
    for (let i = 0; i < this.count; i++) this.#writeInfo(i, this.#begin(i));
  }

  step(actions: ActionColumn<A>): void {
    assertActions(this.#name, this.actionSpace, this.count, actions);
    countCall('steps', this.count);
    for (let i = 0; i < this.count; i++) {
      const step = this.#copies[i].step(this.#actionOf(actions, i));
      this.#checkStep(i, step);
      const truncated = step.truncated || ++this.#elapsed[i] >= this.#limit;
      this.rewards[i] = step.reward;
      this.terminated[i] = step.terminated ? 1 : 0;
      this.truncated[i] = truncated ? 1 : 0;
      this.#writeInfo(i, step.info);
      if (step.terminated || truncated) {
        this.#writeObservation(i, step.observation, this.finalObservations);
        this.#look(i);
        this.#begin(i);
      } else {
        this.#writeObservation(i, step.observation, this.observations);
      }
    }
  }

  onEnd(look: (index: number) => void): void {
    this.#look = look;
  }

  close(): void {
    for (const copy of this.#copies) copy.close?.();
  }

  /** Starts a copy's next episode. @returns its info */
  #begin(i: number): Readonly<Record<string, number>> {
    const { observation, info } = this.#copies[i].reset({ seed: this.#streams.of(i).uint32() });
    this.#elapsed[i] = 0;
    this.#writeObservation(i, observation, this.observations);
    return info;
  }

  #writeObservation(i: number, observation: ValueOf<O>, column: Float32Array): void {
    const from = i * this.#size;
    try {
      flatten(this.observationSpace, observation, column, from);
    } catch (error) {
      throw this.#error(
        i,
        mismatch(this.observationSpace, observation, 'observation') ?? asError(error).message,
      );
    }
    for (let k = from; k < from + this.#size; k++) {
      if (Number.isFinite(column[k])) continue;
      throw this.#error(
        i,
        mismatch(this.observationSpace, observation, 'observation') ?? `observation = ${column[k]}`,
      );
    }
  }

  #writeInfo(i: number, info: Readonly<Record<string, number>>): void {
    for (const name in this.info) {
      const value = info?.[name];
      if (!isFiniteFloat(value))
        throw this.#error(
          i,
          `info.${name} = ${describe(value)}, expected ${finiteFloat(value)} at every step`,
        );
      this.info[name][i] = value;
    }
    for (const name in info) {
      if (!(name in this.info))
        throw this.#error(
          i,
          `info.${name} = ${describe(info[name])}, expected no such name: the first reset gave ${Object.keys(this.info).join(', ') || 'none'}`,
        );
    }
  }

  #checkStep(i: number, step: Step<ValueOf<O>>): void {
    if (typeof step !== 'object' || step === null)
      throw this.#error(i, `step gave ${describe(step)}, expected an object`);
    if (!isFiniteFloat(step.reward))
      throw this.#error(i, `reward = ${describe(step.reward)}, expected ${finiteFloat(step.reward)}`);
    if (typeof step.terminated !== 'boolean')
      throw this.#error(i, `terminated = ${describe(step.terminated)}, expected true or false`);
    if (typeof step.truncated !== 'boolean')
      throw this.#error(i, `truncated = ${describe(step.truncated)}, expected true or false`);
  }

  #error(i: number, what: string): TroupeError {
    return new TroupeError(`environment ${this.#name}, copy ${i}: ${what}`);
  }

  #snapshot(): Snapshot {
    return {
      copies: this.#copies.map(copy => copy.snapshot!()),
      ...copyArrays(this.#arrays(this.#streams.state)),
    };
  }

  #restore(snapshot: Snapshot): void {
    const streams = new Uint32Array(4 * this.count);
    const arrays = this.#arrays(streams);
    assertArrays(arrays, snapshot);
    this.#restoreCopies((snapshot as { readonly copies?: Snapshot }).copies);
    restoreArrays(arrays, snapshot);
    this.#streams.state = streams;
  }

  /** All or none: what an author's `restore` refuses is not known beforehand. */
  #restoreCopies(snapshots: Snapshot | undefined): void {
    if (!Array.isArray(snapshots) || snapshots.length !== this.count)
      throw new TroupeError(
        `environment snapshot: copies = ${describe(snapshots)}, expected an array of length ${this.count}`,
      );
    const before = this.#copies.map(copy => copy.snapshot!());
    const restore = (from: readonly Snapshot[]) => {
      for (const [i, copy] of this.#copies.entries()) copy.restore!(from[i]);
    };
    try {
      restore(snapshots);
    } catch (error) {
      restore(before);
      throw error;
    }
  }

  #copyState(index: number): Snapshot {
    const from = index * this.#size;
    return {
      copy: this.#copies[index].snapshot!(),
      elapsed: this.#elapsed[index],
      observation: this.observations.slice(from, from + this.#size),
    };
  }

  #setCopyState(index: number, state: Snapshot): void {
    const { copy, elapsed, observation } = (state ?? {}) as Partial<CopyState>;
    if (
      copy === undefined ||
      !Number.isInteger(elapsed) ||
      !(observation instanceof Float32Array) ||
      observation.length !== this.#size
    ) {
      throw usageError(
        `environment ${this.#name}: state of a copy = ${describe(state)}, expected what copyState gave for the same environment`,
      );
    }
    this.#copies[index].restore!(copy);
    this.#elapsed[index] = elapsed as number;
    this.observations.set(observation, index * this.#size);
  }

  #arrays(streams: Uint32Array): Arrays {
    return { columns: this.#columns.arrays, elapsed: this.#elapsed, streams };
  }
}

interface CopyState {
  readonly copy: Snapshot;
  readonly elapsed: number;
  readonly observation: Float32Array;
}

/** Whether a value is a number that is finite in a column too: 1e39 is infinite there. */
const isFiniteFloat = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(Math.fround(value));

const finiteFloat = (value: unknown): string =>
  Number.isFinite(value) ? 'a number that float32 holds, within ±3.4e38' : 'a finite number';
