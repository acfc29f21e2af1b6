import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { Spaces } from '../policy.ts';
import type { Chunks } from './chunks.ts';
import type { Records } from './records.ts';

/** A whole episode of T steps. */
export interface Episode {
  /** Which one it is of all, from 0. */
  readonly index: number;
  /** From the first to the last, [(T + 1) × O]. */
  readonly observations: Float32Array;
  /** As the environment was given them, [T × A]. */
  readonly actions: Float32Array | Int32Array;
  /** [T] */
  readonly rewards: Float32Array;
}

/** How chunks are shared out between episodes that came in lately and older ones. */
export interface RecentShare {
  /** The last so many count as recent. */
  readonly episodes: number;
  /** Chance of each chunk to be one of theirs, 0 … 1. */
  readonly share: number;
}

interface Held {
  /** Row of its first observation. */
  readonly start: number;
  /** T + 1 */
  readonly rows: number;
}

/** Whole episodes as columns, the oldest forgotten. Rows are those of `chunkFields`; an episode of T steps has T + 1. */
export class EpisodeStore {
  readonly #spaces: Spaces;
  readonly #capacity: number;
  readonly #length: number;
  readonly #observations: Records;
  readonly #actions: Float32Array;
  readonly #rewards: Float32Array;
  /** In the order in which they came; they lie one behind the other, round and round. */
  #held: Held[] = [];
  /** Episodes that have come in, in all. */
  #taken = 0;
  #head = 0;
  #top = 0;

  /**
   * @param capacity rows
   * @param length rows of a chunk
   */
  constructor(spaces: Spaces, capacity: number, length: number, observations: Records) {
    if (length > capacity) {
      throw usageError(`replay: length = ${length}: expected at most the capacity, ${capacity} rows`);
    }
    this.#spaces = spaces;
    this.#capacity = capacity;
    this.#length = length;
    this.#observations = observations;
    this.#actions = new Float32Array(capacity * flatSize(spaces.action));
    this.#rewards = new Float32Array(capacity);
  }

  get taken(): number {
    return this.#taken;
  }

  /** Episodes that it holds. */
  get held(): number {
    return this.#held.length;
  }

  get rows(): number {
    return this.#held.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Rows of the longest of the episodes that it holds, 0 where there is none. */
  get longest(): number {
    return this.#held.reduce((most, { rows }) => Math.max(most, rows), 0);
  }

  /** @throws a usage error where its columns do not fit each other, a reward is no number, or it is longer than the whole store */
  add({ index, observations, actions, rewards }: Episode): void {
    const steps = rewards.length;
    const size = flatSize(this.#spaces.observation);
    const width = actionSize(this.#spaces.action);
    if (observations.length !== (steps + 1) * size || actions.length !== steps * width) {
      throw usageError(
        `episode ${index}: ${observations.length} numbers of observations and ${actions.length} of actions, expected ${(steps + 1) * size} and ${steps * width} with ${steps} rewards`,
      );
    }
    const broken = rewards.findIndex(reward => !Number.isFinite(reward));
    if (broken >= 0) {
      throw usageError(
        `replay: episode ${index}: reward ${rewards[broken]} of step ${broken}: expected a finite number`,
      );
    }
    const rows = steps + 1;
    if (rows > this.#capacity) {
      throw usageError(`replay: capacity = ${this.#capacity}: episode ${index} alone has ${rows} rows`);
    }
    let free = this.#capacity - this.rows;
    while (free < rows) free += this.#held.shift()?.rows ?? 0;
    const start = this.#head;
    for (let t = 0; t < rows; t++) {
      const row = (start + t) % this.#capacity;
      this.#observations.write(row, observations, t * size);
      this.#rewards[row] = t === 0 ? 0 : rewards[t - 1];
      this.#writeAction(row, actions, (t - 1) * width, t > 0);
    }
    this.#top = Math.max(this.#top, Math.min(this.#capacity, start + rows));
    this.#head = (start + rows) % this.#capacity;
    this.#held.push({ start, rows });
    this.#taken++;
  }

  #writeAction(row: number, actions: Float32Array | Int32Array, at: number, any: boolean): void {
    const { action } = this.#spaces;
    const width = flatSize(action);
    const to = row * width;
    this.#actions.fill(0, to, to + width);
    if (!any) return;
    if (action.kind === 'box') {
      for (let j = 0; j < width; j++) this.#actions[to + j] = actions[at + j];
      return;
    }
    const sizes = action.kind === 'discrete' ? [action.n] : action.sizes;
    let offset = 0;
    sizes.forEach((size, k) => {
      this.#actions[to + offset + actions[at + k]] = 1;
      offset += size;
    });
  }

  /** Places at which a chunk may begin, in the first so many of all episodes that came in. @param from leaves out those before it */
  chunks(episodes: number, from = 0): number {
    let sum = 0;
    this.#eachOf(from, episodes, ({ rows }) => {
      sum += Math.max(0, rows - this.#length + 1);
    });
    return sum;
  }

  #eachOf(from: number, to: number, visit: (held: Held) => void): void {
    const forgotten = this.#taken - this.#held.length;
    const first = Math.max(0, from - forgotten);
    for (let i = first; i < this.#held.length && forgotten + i < to; i++) visit(this.#held[i]);
  }

  /**
   * Fills a batch: each chunk begins at a place drawn evenly from all there are. There must be one.
   * @param recent draws whether a chunk is of the last episodes or of older ones first, where both have places
   */
  fill(out: Chunks, batch: number, episodes: number, random: Random, recent?: RecentShare): void {
    const parted = Math.max(0, episodes - (recent?.episodes ?? 0));
    const older = this.chunks(parted);
    const newer = this.chunks(episodes, parted);
    for (let b = 0; b < batch; b++) {
      let place = 0;
      if (recent && older > 0 && newer > 0) {
        place = random.uniform() < recent.share ? older + random.integer(newer) : random.integer(older);
      } else place = random.integer(older + newer);
      this.#copy(out, b, this.#rowOf(place, episodes));
    }
  }

  #rowOf(place: number, episodes: number): number {
    let left = place;
    let row = -1;
    this.#eachOf(0, episodes, ({ start, rows }) => {
      const here = Math.max(0, rows - this.#length + 1);
      if (row < 0 && left < here) row = start + left;
      left -= here;
    });
    return row;
  }

  #copy(out: Chunks, b: number, first: number): void {
    const size = flatSize(this.#spaces.observation);
    const width = flatSize(this.#spaces.action);
    for (let t = 0; t < this.#length; t++) {
      const row = (first + t) % this.#capacity;
      const to = b * this.#length + t;
      this.#observations.read(row, out.observations as Float32Array, to * size);
      for (let j = 0; j < width; j++) out.actions[to * width + j] = this.#actions[row * width + j];
      out.rewards[to] = this.#rewards[row];
    }
  }

  /** @param mark what tells this state from others of the run */
  snapshot(mark: number) {
    return {
      capacity: this.#capacity,
      taken: this.#taken,
      head: this.#head,
      top: this.#top,
      starts: Int32Array.from(this.#held, ({ start }) => start),
      rows: Int32Array.from(this.#held, ({ rows }) => rows),
      observations: this.#observations.snapshot(this.#top, mark),
      actions: this.#actions.slice(0, this.#top * flatSize(this.#spaces.action)),
      rewards: this.#rewards.slice(0, this.#top),
    } satisfies Snapshot;
  }

  /** @throws a usage error where the state is of a store of another size */
  restore(snapshot: Snapshot): void {
    const state = snapshot as unknown as ReturnType<EpisodeStore['snapshot']>;
    if (state.capacity !== this.#capacity) {
      throw usageError(
        `replay: capacity = ${this.#capacity}: the saved store has ${state.capacity} rows, expected the same`,
      );
    }
    this.#taken = state.taken;
    this.#head = state.head;
    this.#top = state.top;
    this.#held = Array.from(state.starts, (start, i) => ({ start, rows: state.rows[i] }));
    this.#observations.restore(state.observations);
    this.#actions.set(state.actions);
    this.#rewards.set(state.rewards);
  }
}
