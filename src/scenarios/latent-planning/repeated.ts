import { z } from 'zod';
import { environmentRefSchema } from '../../actors/environment-ref.ts';
import { type Arrays, assertArrays, copyArrays, restoreArrays } from '../../env/columns.ts';
import type { ActionColumn, EnvironmentRef, Snapshot, VectorEnvironment } from '../../env/contract.ts';
import { defineEnvironment, environmentRef, loadEnvironment } from '../../env/define.ts';
import type { ActionSpace, Space } from '../../env/spaces.ts';

/**
 * Another environment in which each action is held for several steps, whose rewards are summed: for learners that know of no
 * action repeat. Where an episode ends within an action, the rest of it is played in the next episode, and earns nothing.
 */
export const repeatedEnvironment = defineEnvironment(import.meta.url, {
  name: 'repeated',
  summary: 'Another environment in which each action is held for several steps.',
  options: z.strictObject({
    environment: environmentRefSchema.describe('What is played.'),
    repeat: z.number().int().positive().describe('Steps that an action is held for.'),
  }),
  makeVector: async ({ environment, repeat }, count) =>
    new RepeatedVector(await loadEnvironment(environment, count), repeat),
});

/** A reference to an environment whose actions are held. */
export const repeated = (environment: EnvironmentRef, repeat: number): EnvironmentRef =>
  repeat === 1
    ? environment
    : environmentRef(repeatedEnvironment, { environment: { ...environment }, repeat });

class RepeatedVector implements VectorEnvironment {
  readonly autoreset = 'same-step';
  readonly count: number;
  readonly observationSpace: Space;
  readonly actionSpace: ActionSpace;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly info: Readonly<Record<string, Float32Array>>;
  readonly snapshot?: () => Snapshot;
  readonly restore?: (snapshot: Snapshot) => void;
  readonly #inner: VectorEnvironment;
  readonly #repeat: number;
  readonly #width: number;

  constructor(inner: VectorEnvironment, repeat: number) {
    this.#inner = inner;
    this.#repeat = repeat;
    ({
      count: this.count,
      observationSpace: this.observationSpace,
      actionSpace: this.actionSpace,
      observations: this.observations,
    } = inner);
    this.#width = inner.observations.length / inner.count;
    this.finalObservations = inner.finalObservations.slice();
    this.rewards = new Float32Array(inner.count);
    this.terminated = new Uint8Array(inner.count);
    this.truncated = new Uint8Array(inner.count);
    this.info = Object.fromEntries(
      Object.entries(inner.info).map(([name, column]) => [name, column.slice()]),
    );
    const { snapshot, restore } = inner;
    if (!snapshot || !restore) return;
    this.snapshot = () => ({ environment: snapshot.call(inner), ...copyArrays(this.#own) });
    this.restore = from => {
      assertArrays(this.#own, from);
      restore.call(inner, (from as { readonly environment: Snapshot }).environment);
      restoreArrays(this.#own, from);
    };
  }

  get #own(): Arrays {
    const { finalObservations, rewards, terminated, truncated, info } = this;
    return { finalObservations, rewards, terminated, truncated, info };
  }

  reset(options?: { readonly seed?: number }): void {
    this.#inner.reset(options);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.finalObservations.fill(0);
    for (const name in this.info) this.info[name].set(this.#inner.info[name]);
  }

  step(actions: ActionColumn<ActionSpace>): void {
    const inner = this.#inner;
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    for (let k = 0; k < this.#repeat; k++) {
      inner.step(actions);
      for (let i = 0; i < this.count; i++) {
        if (this.terminated[i] === 0 && this.truncated[i] === 0) this.#take(i);
      }
    }
  }

  #take(i: number): void {
    const inner = this.#inner;
    const from = i * this.#width;
    this.rewards[i] += inner.rewards[i];
    this.terminated[i] = inner.terminated[i];
    this.truncated[i] = inner.truncated[i];
    for (const name in this.info) this.info[name][i] = inner.info[name][i];
    if (inner.terminated[i] === 0 && inner.truncated[i] === 0) return;
    for (let k = from; k < from + this.#width; k++) this.finalObservations[k] = inner.finalObservations[k];
  }

  close(): void {
    this.#inner.close();
  }
}
