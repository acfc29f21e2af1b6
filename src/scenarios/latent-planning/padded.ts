import { z } from 'zod';
import { environmentRefSchema } from '../../actors/environment-ref.ts';
import { usageError } from '../../core/errors.ts';
import type { ActionColumn, EnvironmentRef, VectorEnvironment } from '../../env/contract.ts';
import { defineEnvironment, environmentRef, loadEnvironment } from '../../env/define.ts';
import { type ActionSpace, type Box, boundsOf, box } from '../../env/spaces.ts';

const paddedOptions = z.strictObject({
  environment: environmentRefSchema.describe('What is played.'),
  observations: z
    .number()
    .int()
    .positive()
    .describe('Numbers of an observation, zeros behind the task’s own.'),
  actions: z
    .number()
    .int()
    .positive()
    .describe('Numbers of an action; those behind the task’s own do nothing.'),
  observationUnits: z
    .array(z.number().positive())
    .nullable()
    .describe('What each of the task’s numbers is divided by; null: nothing.'),
  rewardUnit: z.number().positive().describe('What rewards are divided by.'),
});

/**
 * Another environment as an agent of several tasks is shown it: observations and actions have one size for all tasks, and each
 * task's numbers are in units of its own. Nothing says which task it is.
 */
export const paddedEnvironment = defineEnvironment(import.meta.url, {
  name: 'padded',
  summary: 'Another environment, in the sizes that several tasks have in common.',
  options: paddedOptions,
  makeVector: async ({ environment, ...sizes }, count) => {
    const inner = await loadEnvironment(environment, count);
    try {
      return new PaddedVector(inner, sizes);
    } catch (error) {
      inner.close();
      throw error;
    }
  },
});

type Sizes = Omit<z.output<typeof paddedOptions>, 'environment'>;

/** A reference to an environment in other sizes. */
export const padded = (environment: EnvironmentRef, sizes: Sizes): EnvironmentRef =>
  environmentRef(paddedEnvironment, { environment: { ...environment }, ...sizes });

class PaddedVector implements VectorEnvironment<Box, Box> {
  readonly autoreset = 'same-step';
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly info: Readonly<Record<string, Float32Array>>;
  readonly #inner: VectorEnvironment;
  readonly #sizes: Sizes;
  readonly #width: number;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #actions: Float32Array;

  constructor(inner: VectorEnvironment, sizes: Sizes) {
    const { actionSpace } = inner;
    const { observations, actions, observationUnits } = sizes;
    if (actionSpace.kind !== 'box')
      throw usageError(`environment padded: action space is ${actionSpace.kind}, expected a box`);
    this.#inner = inner;
    this.#sizes = sizes;
    this.#width = inner.observations.length / inner.count;
    ({ low: this.#low, high: this.#high } = boundsOf(actionSpace));
    if (
      (observationUnits?.length ?? this.#width) !== this.#width ||
      observations < this.#width ||
      actions < this.#low.length
    )
      throw usageError(
        `environment padded: observations = ${observations}, actions = ${actions} and ${observationUnits?.length ?? 'no'} units, expected at least ${this.#width} and ${this.#low.length}, and ${this.#width} units`,
      );
    this.count = inner.count;
    ({ terminated: this.terminated, truncated: this.truncated, info: this.info } = inner);
    this.observationSpace = box(observations);
    this.actionSpace = box(actions, { low: -1, high: 1 });
    this.observations = new Float32Array(inner.count * observations);
    this.finalObservations = new Float32Array(inner.count * observations);
    this.rewards = new Float32Array(inner.count);
    this.#actions = new Float32Array(inner.count * this.#low.length);
    this.#spread(inner.observations, this.observations);
  }

  reset(options?: { readonly seed?: number }): void {
    this.#inner.reset(options);
    this.rewards.fill(0);
    this.finalObservations.fill(0);
    this.#spread(this.#inner.observations, this.observations);
  }

  step(actions: ActionColumn<ActionSpace>): void {
    const own = this.#low.length;
    for (let i = 0; i < this.count; i++) {
      for (let j = 0; j < own; j++) {
        const share = (actions[i * this.#sizes.actions + j] + 1) / 2;
        this.#actions[i * own + j] = this.#low[j] + share * (this.#high[j] - this.#low[j]);
      }
    }
    this.#inner.step(this.#actions);
    const { rewards } = this.#inner;
    for (let i = 0; i < this.count; i++) this.rewards[i] = rewards[i] / this.#sizes.rewardUnit;
    this.#spread(this.#inner.observations, this.observations);
    this.#spread(this.#inner.finalObservations, this.finalObservations);
  }

  render = (index: number) => {
    const scene = this.#inner.render?.(index);
    if (!scene) throw usageError('environment padded: what is played has no render');
    return scene;
  };

  close(): void {
    this.#inner.close();
  }

  #spread(from: Float32Array, to: Float32Array): void {
    const { observations, observationUnits } = this.#sizes;
    for (let i = 0; i < this.count; i++) {
      for (let k = 0; k < this.#width; k++) {
        to[i * observations + k] = from[i * this.#width + k] / (observationUnits?.[k] ?? 1);
      }
    }
  }
}
