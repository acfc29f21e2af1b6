import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { VectorEnvironment } from '../../env/contract.ts';
import { loadEnvironment } from '../../env/define.ts';
import { actionSize, boundsOf } from '../../env/spaces.ts';
import { environmentRefSchema } from '../environment-ref.ts';
import type { FollowingModel, Situation } from './contract.ts';
import { definePlanningModel } from './model.ts';

/** What `TrueWorld` takes beside its environment. */
export interface TrueWorldOptions {
  /** N. Default 1. */
  readonly agents?: number;
  /** Steps of the environment that an action is held for; its rewards are summed. Default 1. */
  readonly repeat?: number;
}

/**
 * The true world as a planning model: every candidate is tried in a copy of the environment that is put where its agent
 * is. A candidate whose episode ends, by the task or by time, earns nothing more. Chance in the copies is their own, by the
 * situation's seed and step. Robots that stand on the ground come close to what the world itself would do, but not to the
 * bit: see `RapierVector.setCopyState`.
 */
export class TrueWorld implements FollowingModel {
  readonly actionSize: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly agents: number;
  readonly #copies: VectorEnvironment;
  readonly #repeat: number;
  readonly #column: Float32Array;
  readonly #over: Uint8Array;
  #states: readonly Snapshot[] = [];
  readonly #put: (index: number, state: Snapshot) => void;

  /**
   * @param copies at least agents × candidates of them; the model's alone
   * @throws a usage error where they cannot be put into states, or take actions that are not real numbers
   */
  constructor(copies: VectorEnvironment, { agents = 1, repeat = 1 }: TrueWorldOptions = {}) {
    const { actionSpace, setCopyState } = copies;
    if (actionSpace.kind !== 'box')
      throw usageError(
        `true world: action space is ${actionSpace.kind}, expected a box: planners choose real numbers`,
      );
    if (!setCopyState)
      throw usageError(
        'true world: the environment has no setCopyState, expected one whose copies have snapshot and restore',
      );
    if (!Number.isInteger(repeat) || repeat < 1)
      throw usageError(`true world: repeat = ${repeat}, expected a whole number of at least 1`);
    this.#copies = copies;
    this.#put = setCopyState.bind(copies);
    this.#repeat = repeat;
    this.agents = agents;
    this.actionSize = actionSize(actionSpace);
    ({ low: this.low, high: this.high } = boundsOf(actionSpace));
    this.#column = new Float32Array(copies.count * this.actionSize);
    for (let i = 0; i < this.#column.length; i++) {
      const a = i % this.actionSize;
      // Copies that no candidate needs do nothing, or the nearest to it.
      this.#column[i] = Math.min(this.high[a], Math.max(this.low[a], 0));
    }
    this.#over = new Uint8Array(copies.count);
  }

  follow({ states, seed, step }: Situation): void {
    if (states === undefined)
      throw usageError('true world: the situation has no states, expected a player with states: true');
    this.stand(states);
    // What chance there is in the copies follows from the situation, and is not what the world itself will draw.
    this.#copies.reset({
      seed: Random.fromSeed(seed)
        .split('true world', step)
        .integer(2 ** 31),
    });
  }

  /** Says where the agents are. @param states one an agent, from `copyState` of the same environment */
  stand(states: readonly Snapshot[]): void {
    if (states.length !== this.agents)
      throw usageError(`true world: ${states.length} states, expected one for each of ${this.agents} agents`);
    this.#states = states;
  }

  evaluate(actions: Float32Array, candidates: number, horizon: number, out: Float32Array): void {
    const { agents, actionSize } = this;
    const rows = agents * candidates;
    const { count, rewards, terminated, truncated } = this.#copies;
    if (rows > count)
      throw usageError(
        `true world: ${agents} agents with ${candidates} candidates each, expected at most ${count} in all: it has so many copies`,
      );
    if (this.#states.length !== agents) throw usageError('true world: evaluate came before stand');
    for (let row = 0; row < rows; row++) this.#put(row, this.#states[Math.floor(row / candidates)]);
    out.fill(0);
    this.#over.fill(0);
    for (let t = 0; t < horizon; t++) {
      for (let row = 0; row < rows; row++) {
        const from = (row * horizon + t) * actionSize;
        for (let a = 0; a < actionSize; a++) this.#column[row * actionSize + a] = actions[from + a];
      }
      for (let k = 0; k < this.#repeat; k++) {
        this.#copies.step(this.#column);
        for (let row = 0; row < rows; row++) {
          if (this.#over[row] === 1) continue;
          out[row] += rewards[row];
          if (terminated[row] === 1 || truncated[row] === 1) this.#over[row] = 1;
        }
      }
    }
  }

  snapshot(): Snapshot {
    return [...this.#states];
  }

  restore(snapshot: Snapshot): void {
    this.#states = snapshot as readonly Snapshot[];
  }

  close(): void {
    this.#copies.close();
  }
}

/** `TrueWorld` by name, for the planner actor: its copies stand on the planner's thread. */
export const trueWorld = definePlanningModel(import.meta.url, {
  name: 'true-world',
  options: z.strictObject({
    environment: environmentRefSchema.describe('The world to plan in.'),
    repeat: z.number().int().positive().default(1).describe('Steps of it that an action is held for.'),
  }),
  async make({ environment, repeat }, { agents, candidates }) {
    const copies = await loadEnvironment(environment, agents * candidates);
    try {
      return new TrueWorld(copies, { agents, repeat });
    } catch (error) {
      copies.close();
      throw error;
    }
  },
});
