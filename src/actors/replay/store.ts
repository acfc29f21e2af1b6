import { type TypedArray, zeros } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { Spaces } from '../policy.ts';
import type { Transitions } from './fields.ts';
import { Flag, type StepColumns } from './n-step.ts';
import type { Records } from './records.ts';

/** How large a store is. */
export interface StoreShape {
  readonly spaces: Spaces;
  /** S: environment copies whose steps it holds, of all workers together. */
  readonly streams: number;
  /** Transitions that it holds, at most. */
  readonly capacity: number;
  /** n: steps that must be there before a row may be drawn. */
  readonly nStep: number;
}

/** Is told which rows may be drawn. */
export interface StoreWatcher {
  /** A row may be drawn from now on. */
  ready(row: number): void;
  /** It is overwritten. */
  gone(row: number): void;
}

/** Rows of a store: each stream has a ring of its own, with one row more than it has transitions. */
export const rowsOfStore = ({ streams, capacity }: Pick<StoreShape, 'streams' | 'capacity'>): number =>
  streams * (Math.floor(capacity / streams) + 1);

/**
 * Transitions as columns, the oldest overwritten. Every stream (one environment copy) fills a ring of its own; row
 * `slot · S + stream` is a slot of it. An observation is stored once: what a step led to is what the next row holds. Where an
 * episode ended the next row holds its last observation and no transition, so that the first one of the next episode is
 * never taken for it; such an end takes the place of one transition. The same is done where a stream goes on with another
 * observation than the one its last step led to (an environment that began anew after a restart): those steps are cut as
 * by a truncation.
 */
export class Store {
  readonly columns: StepColumns;
  readonly actions: Float32Array | Int32Array;
  readonly observations: Records;
  readonly #shape: StoreShape;
  readonly #slots: number;
  readonly #observationSize: number;
  readonly #actionSize: number;
  readonly #watcher: StoreWatcher;
  /** The slot of each stream that is written next. */
  readonly #heads: Int32Array;
  /** Of each stream, how many of its newest transitions lack steps. */
  readonly #pending: Int32Array;
  /** Whether the slot at a stream's head holds what its last step led to, and a copy of that, [S × O]. */
  readonly #started: Uint8Array;
  readonly #frontier: Float32Array;
  /** Slots that have been written, in any stream. */
  #top = 0;
  #stored = 0;
  #drawable = 0;

  /** @throws a usage error where the capacity is below what every stream needs */
  constructor(shape: StoreShape, observations: Records, watcher: StoreWatcher = { ready() {}, gone() {} }) {
    const { spaces, streams, capacity, nStep } = shape;
    const least = streams * (nStep + 2);
    if (capacity < least) {
      throw usageError(
        `replay: capacity = ${capacity}: expected at least ${least}, ${nStep + 2} for each of the ${streams} environment copies`,
      );
    }
    const rows = rowsOfStore(shape);
    this.#shape = shape;
    this.#slots = rows / streams;
    this.#observationSize = flatSize(spaces.observation);
    this.#actionSize = actionSize(spaces.action);
    this.#watcher = watcher;
    this.observations = observations;
    this.actions = zeros(
      spaces.action.kind === 'box' ? 'float32' : 'int32',
      rows * this.#actionSize,
    ) as Float32Array;
    this.columns = { rewards: new Float32Array(rows), flags: new Uint8Array(rows), streams };
    this.#heads = new Int32Array(streams);
    this.#pending = new Int32Array(streams);
    this.#started = new Uint8Array(streams);
    this.#frontier = new Float32Array(streams * this.#observationSize);
  }

  /** Bytes of memory that all columns take. */
  get bytes(): number {
    const { rewards, flags } = this.columns;
    const columns: TypedArray[] = [this.actions, rewards, flags, this.#frontier];
    return columns.reduce((sum, column) => sum + column.byteLength, this.observations.bytes);
  }

  /** Transitions that it holds. */
  get stored(): number {
    return this.#stored;
  }

  /** Rows that may be drawn. */
  get drawable(): number {
    return this.#drawable;
  }

  /** All rows that hold something are below this one. */
  get extent(): number {
    return this.#top * this.#shape.streams;
  }

  /** Whether the row holds a transition whose n steps are all there. */
  isDrawable(row: number): boolean {
    if (this.columns.flags[row] === 0) return false;
    const { streams } = this.#shape;
    const stream = row % streams;
    const behind = this.#heads[stream] - (row - stream) / streams;
    return (behind > 0 ? behind : behind + this.#slots) > this.#pending[stream];
  }

  /** Stores the stretch of one worker: `steps` steps of each of its `count` copies, streams `first` and following. */
  insert(transitions: Transitions, steps: number, count: number, first: number): void {
    for (let t = 0; t < steps; t++) {
      for (let i = 0; i < count; i++) this.#insertRow(transitions, t * count + i, first + i);
    }
  }

  #insertRow(from: Transitions, k: number, stream: number): void {
    const { streams, nStep } = this.#shape;
    const size = this.#observationSize;
    const observations = from.observations as Float32Array;
    const nextObservations = from.nextObservations as Float32Array;
    if (this.#started[stream] === 1 && !this.#goesOn(observations, k * size, stream)) this.#cut(stream);
    const row = this.#heads[stream] * streams + stream;
    if (this.#started[stream] === 0) {
      this.#evict(row);
      this.observations.write(row, observations, k * size);
    }
    const head = this.#after(stream);
    const next = head * streams + stream;
    this.#evict(next);
    this.observations.write(next, nextObservations, k * size);

    const width = this.#actionSize;
    for (let j = 0; j < width; j++) this.actions[row * width + j] = from.actions[k * width + j];
    const reward = from.rewards[k];
    if (!Number.isFinite(reward)) throw usageError(`replay: reward ${reward}: expected a finite number`);
    this.columns.rewards[row] = reward;
    const ended = from.terminated[k] === 1 || from.truncated[k] === 1;
    this.columns.flags[row] =
      Flag.transition | (from.terminated[k] === 1 ? Flag.terminated : ended ? Flag.truncated : 0);
    this.#stored++;
    this.#heads[stream] = head;
    this.#pending[stream]++;
    if (ended) {
      this.#settle(stream);
      this.#leave(stream);
      return;
    }
    if (this.#pending[stream] === nStep) this.#ready(stream, nStep);
    this.#started[stream] = 1;
    for (let j = 0; j < size; j++) this.#frontier[stream * size + j] = nextObservations[k * size + j];
  }

  #goesOn(observations: Float32Array, at: number, stream: number): boolean {
    const size = this.#observationSize;
    for (let j = 0; j < size; j++) {
      if (observations[at + j] !== this.#frontier[stream * size + j]) return false;
    }
    return true;
  }

  /** What comes next does not follow: the steps so far end here, in the observation that the last one led to. */
  #cut(stream: number): void {
    const { streams } = this.#shape;
    const last = (this.#heads[stream] + this.#slots - 1) % this.#slots;
    this.columns.flags[last * streams + stream] |= Flag.truncated;
    this.#settle(stream);
    this.#leave(stream);
  }

  /** Every transition of an episode that is over may be drawn. */
  #settle(stream: number): void {
    for (let behind = this.#pending[stream]; behind > 0; behind--) this.#ready(stream, behind);
  }

  /** The slot at the head keeps the last observation of an episode. */
  #leave(stream: number): void {
    this.#heads[stream] = this.#after(stream);
    this.#started[stream] = 0;
  }

  #ready(stream: number, behind: number): void {
    this.#pending[stream]--;
    this.#drawable++;
    const slot = this.#heads[stream] - behind;
    this.#watcher.ready((slot < 0 ? slot + this.#slots : slot) * this.#shape.streams + stream);
  }

  #after(stream: number): number {
    const next = this.#heads[stream] + 1;
    return next === this.#slots ? 0 : next;
  }

  /** Makes room at a row. What is the oldest of its stream can lack no steps. */
  #evict(row: number): void {
    const slot = Math.floor(row / this.#shape.streams);
    if (slot >= this.#top) this.#top = slot + 1;
    if (this.columns.flags[row] === 0) return;
    this.columns.flags[row] = 0;
    this.#stored--;
    this.#drawable--;
    this.#watcher.gone(row);
  }

  /** @param mark what tells this state from others of the run */
  snapshot(mark: number) {
    const { rewards, flags } = this.columns;
    const rows = this.extent;
    return {
      slots: this.#slots,
      top: this.#top,
      stored: this.#stored,
      drawable: this.#drawable,
      heads: this.#heads.slice(),
      pending: this.#pending.slice(),
      started: this.#started.slice(),
      frontier: this.#frontier.slice(),
      observations: this.observations.snapshot(rows, mark),
      actions: this.actions.slice(0, rows * this.#actionSize),
      rewards: rewards.slice(0, rows),
      flags: flags.slice(0, rows),
    } satisfies Snapshot;
  }

  /** @throws a usage error where the state is of a store of another size */
  restore(snapshot: Snapshot): void {
    const state = snapshot as ReturnType<Store['snapshot']>;
    const { streams } = this.#shape;
    if (state.slots !== this.#slots || state.heads.length !== streams) {
      throw usageError(
        `replay: capacity: the saved store has ${state.slots} rows for each of ${state.heads.length} environment copies, expected ${this.#slots} for each of ${streams}`,
      );
    }
    this.#top = state.top;
    this.#stored = state.stored;
    this.#drawable = state.drawable;
    this.#heads.set(state.heads);
    this.#pending.set(state.pending);
    this.#started.set(state.started);
    this.#frontier.set(state.frontier);
    this.observations.restore(state.observations);
    this.actions.set(state.actions as Float32Array);
    this.columns.rewards.set(state.rewards);
    this.columns.flags.set(state.flags);
  }
}
