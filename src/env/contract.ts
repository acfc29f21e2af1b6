import type { Scene } from '../core/scene.ts';
import type { ActionSpace, Space, ValueOf } from './spaces.ts';

/**
 * Plain data that puts a thing back where it was: typed arrays, numbers, strings, booleans, null, and arrays and
 * objects of them. It survives structured clone and is written to checkpoints as it is.
 */
export type { Snapshot } from '../core/snapshot.ts';

import type { Snapshot } from '../core/snapshot.ts';

/**
 * What one step gives back. `terminated` and `truncated` are two things: only the first ends the task itself. Where both
 * are told, `terminated` counts.
 */
export interface Step<O> {
  readonly observation: O;
  readonly reward: number;
  /** The task itself ended (fell, reached the goal): the value of what follows is zero. */
  readonly terminated: boolean;
  /** The episode was cut short (time limit): what follows still has a value, so learners bootstrap. */
  readonly truncated: boolean;
  /** Figures about the step, by name; the same names at every step. */
  readonly info: Readonly<Record<string, number>>;
}

/** One copy of a task, Gymnasium's semantics. */
export interface Environment<O extends Space = Space, A extends ActionSpace = ActionSpace> {
  readonly observationSpace: O;
  readonly actionSpace: A;
  /**
   * Starts an episode. With a seed, the same episode whatever came before; without, the next one of the stream that
   * the last seed began. `info` is about where the episode starts; what only a step can tell is 0.
   */
  reset(options?: { readonly seed?: number }): {
    readonly observation: ValueOf<O>;
    readonly info: Readonly<Record<string, number>>;
  };
  /**
   * @param action may be kept, as later steps do not change it; not to be written
   * @throws if the episode has ended and `reset` was not called, or the action is not in the action space. For
   * environments that `defineEnvironment` defines, Troupe sees to both.
   */
  step(action: ValueOf<A>): Step<ValueOf<O>>;
  render?(): Scene;
  snapshot?(): Snapshot;
  restore?(snapshot: Snapshot): void;
  close?(): void;
}

/** The columns that actions travel in: floats for boxes, integers for discrete and multi-discrete spaces. */
export type ActionColumn<A extends ActionSpace> = A extends { readonly kind: 'box' }
  ? Float32Array
  : Int32Array;

/**
 * Many copies of a task that step at once over preallocated columns. Row `i` of a column belongs to copy `i`, and
 * columns are overwritten by the next `step`: copy what must be kept.
 *
 * Autoreset is `same-step`: where a copy's episode ends, `rewards`, `terminated`, `truncated` and `info` speak of the
 * step that ended it, `finalObservations` holds the true last observation, and `observations` already holds the first
 * one of the next episode. A step that ends the task as time runs out may say both: then `terminated` counts.
 */
export interface VectorEnvironment<O extends Space = Space, A extends ActionSpace = ActionSpace> {
  readonly count: number;
  /** The space of one copy. */
  readonly observationSpace: O;
  /** The space of one copy. */
  readonly actionSpace: A;
  readonly autoreset: 'same-step';
  /** [count × flatSize(observationSpace)] */
  readonly observations: Float32Array;
  /** [count] */
  readonly rewards: Float32Array;
  /** [count], 0 or 1 */
  readonly terminated: Uint8Array;
  /** [count], 0 or 1 */
  readonly truncated: Uint8Array;
  /** [count × flatSize(observationSpace)]; a row means something only where the copy has just terminated or been truncated */
  readonly finalObservations: Float32Array;
  /**
   * Figures about the step just taken, [count] each, by name; the same names for the life of the environment. After a
   * reset they are about where the episodes start, and what only a step can tell is 0.
   */
  readonly info: Readonly<Record<string, Float32Array>>;
  /** Starts every copy anew; copy `i` takes the stream `Random.fromSeed(seed).split(i)`. Without a seed the streams go on. */
  reset(options?: { readonly seed?: number }): void;
  /**
   * @param actions [count × flat action size]: box values, or indices for (multi-)discrete spaces. The caller writes the
   * next step's into the same column: copy what must be kept.
   */
  step(actions: ActionColumn<A>): void;
  /** The scene around one copy. */
  render?(index: number): Scene;
  /**
   * From now on calls `look` with a copy's index where its episode has ended, before the next one begins: `render` still
   * shows the end. The last one given counts. Pictures as observations (`pixels`) need it for the final ones.
   */
  onEnd?(look: (index: number) => void): void;
  /** Everything that decides what follows, columns included. */
  snapshot?(): Snapshot;
  restore?(snapshot: Snapshot): void;
  /**
   * Where one copy stands in its episode, time included, without its random stream. With `setCopyState` it lets planners
   * start many copies from one state; both or neither.
   */
  copyState?(index: number): Snapshot;
  /**
   * Puts a copy where another one stood, its row of `observations` included; its stream of later episodes stays its own.
   * @param state from `copyState` of any copy of the same environment, whatever the count; not kept, not written
   * @throws a usage error where it is of another environment; then nothing is changed
   */
  setCopyState?(index: number, state: Snapshot): void;
  close(): void;
}

/** Names an environment so that any thread can make it: plain data. */
export interface EnvironmentRef {
  /** The module that exports the definition. */
  readonly module: string;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}
