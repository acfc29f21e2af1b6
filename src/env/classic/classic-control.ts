import { z } from 'zod';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Scene } from '../../core/scene.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type Arrays, Columns, copyArrays, restoreArrays, Streams } from '../columns.ts';
import type { ActionColumn, VectorEnvironment } from '../contract.ts';
import { type ActionSpace, type Box, flatSize } from '../spaces.ts';

export interface ClassicTask<A extends ActionSpace, V extends string> {
  readonly observationSpace: Box;
  readonly actionSpace: A;
  /** The names of the state variables: a column of doubles each, as the published code computes in doubles. */
  readonly variables: readonly V[];
}

/** What every classic-control task takes. @param steps the published time limit */
export const timeLimit = (steps: number) =>
  z.strictObject({
    /** Steps after which an episode is truncated. */
    maxEpisodeSteps: z.number().int().positive().default(steps),
  });

const copyStateSchema = z.object({
  variables: z.instanceof(Float64Array),
  elapsed: z.number().int(),
});

/**
 * The part that the classic-control tasks share: columns, streams, time limit, autoreset and snapshots. A task adds its
 * equations in `step`, which ends each copy's turn with its observation, its reward and `terminated`, and then calls
 * `conclude`.
 */
export abstract class ClassicControl<A extends ActionSpace, V extends string>
  implements VectorEnvironment<Box, A>
{
  readonly autoreset = 'same-step';
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;
  readonly info: Readonly<Record<string, Float32Array>>;

  /** The state variables, one column each. */
  protected readonly state: Readonly<Record<V, Float64Array>>;
  readonly #elapsed: Int32Array;
  readonly #limit: number;
  readonly #size: number;
  readonly #columns: Columns;
  readonly #streams: Streams;
  #look: (index: number) => void = () => {};

  constructor(task: ClassicTask<A, V>, count: number, options: { readonly maxEpisodeSteps: number }) {
    this.observationSpace = task.observationSpace;
    this.actionSpace = task.actionSpace;
    this.#limit = options.maxEpisodeSteps;
    this.#size = flatSize(task.observationSpace);
    this.#columns = new Columns(count, this.#size);
    ({
      count: this.count,
      observations: this.observations,
      rewards: this.rewards,
      terminated: this.terminated,
      truncated: this.truncated,
      finalObservations: this.finalObservations,
      info: this.info,
    } = this.#columns);
    const columns = task.variables.map(name => [name, new Float64Array(count)] as const);
    this.state = Object.fromEntries(columns) as Record<V, Float64Array>;
    this.#elapsed = new Int32Array(count);
    this.#streams = new Streams(count, 0);
    this.reset();
  }

  /** Puts a copy into the first state of an episode. */
  protected abstract begin(index: number, random: Random): void;
  /** Writes a copy's observation from its state. */
  protected abstract observe(index: number): void;
  abstract step(actions: ActionColumn<A>): void;
  abstract render(index: number): Scene;

  /** Counts the step that a copy has taken, and starts its next episode where this one is over. */
  protected conclude(index: number): void {
    const isLast = ++this.#elapsed[index] >= this.#limit;
    this.truncated[index] = isLast ? 1 : 0;
    if (isLast || this.terminated[index] === 1) this.#restart(index);
  }

  #restart(index: number): void {
    const from = index * this.#size;
    for (let k = from; k < from + this.#size; k++) this.finalObservations[k] = this.observations[k];
    this.#look(index);
    this.#begin(index);
  }

  onEnd(look: (index: number) => void): void {
    this.#look = look;
  }

  #begin(index: number): void {
    this.#elapsed[index] = 0;
    this.begin(index, this.#streams.of(index));
    this.observe(index);
  }

  reset(options: { readonly seed?: number } = {}): void {
    if (options.seed !== undefined) this.#streams.seed(options.seed);
    this.#columns.clearStep();
    for (let i = 0; i < this.count; i++) this.#begin(i);
  }

  snapshot(): Snapshot {
    return copyArrays(this.#arrays(this.#streams.state));
  }

  restore(snapshot: Snapshot): void {
    const streams = new Uint32Array(4 * this.count);
    restoreArrays(this.#arrays(streams), snapshot);
    this.#streams.state = streams;
  }

  copyState(index: number): Snapshot {
    const values = Object.values<Float64Array>(this.state);
    return { variables: Float64Array.from(values, column => column[index]), elapsed: this.#elapsed[index] };
  }

  setCopyState(index: number, state: Snapshot): void {
    const { variables, elapsed } = parseOrThrow(copyStateSchema, state, 'state of a copy');
    const columns = Object.values<Float64Array>(this.state);
    if (variables.length !== columns.length)
      throw usageError(
        `state of a copy: variables has length ${variables.length}, expected ${columns.length}: another environment`,
      );
    for (let k = 0; k < columns.length; k++) columns[k][index] = variables[k];
    this.#elapsed[index] = elapsed;
    this.observe(index);
  }

  #arrays(streams: Uint32Array): Arrays {
    return { state: this.state, columns: this.#columns.arrays, elapsed: this.#elapsed, streams };
  }

  close(): void {}
}
