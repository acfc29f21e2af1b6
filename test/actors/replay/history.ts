import type { Helping, Transitions } from '../../../src/actors/replay/fields.ts';
import { helpingFields, transitionFields } from '../../../src/actors/replay/fields.ts';
import type { Drawn } from '../../../src/actors/replay/helpings.ts';
import { helpingWriter } from '../../../src/actors/replay/helpings.ts';
import type { Store } from '../../../src/actors/replay/store.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import type { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';

/** An observation tells its stream, its episode and its step; the reward is the action. */
export const spaces = { observation: box(3), action: box(1, { low: -1, high: 1 }) };

/** One step, as it was. */
export interface Step {
  readonly observation: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly next: readonly number[];
}

/** Copies of a task that ends now and then, and all that happened in them. */
export class World {
  readonly history: Step[][];
  readonly #random: Random;
  readonly #places: { episode: number; t: number }[];
  #rounds = 0;

  constructor(streams: number, random: Random) {
    this.#random = random;
    this.history = Array.from({ length: streams }, () => []);
    this.#places = Array.from({ length: streams }, () => ({ episode: 0, t: 0 }));
  }

  /** The stretches of a round, one a worker. @param ends how often an episode ends */
  round(workers: number, steps: number, count: number, ends = 0.2): Transitions[] {
    const stretches = Array.from({ length: workers }, (_, worker) => {
      const slab = allocateSlab(transitionFields({ spaces, steps, count }));
      slab.round[0] = this.#rounds;
      slab.worker[0] = worker;
      for (let k = 0; k < steps * count; k++) this.#step(slab, k, worker * count + (k % count), ends);
      return slab;
    });
    this.#rounds++;
    return stretches;
  }

  #step(slab: Transitions, k: number, stream: number, ends: number): void {
    const place = this.#places[stream];
    const observation = [stream, place.episode, place.t];
    const action = Math.fround(this.#random.uniform(-1, 1));
    const chance = this.#random.uniform();
    const [terminated, truncated] = [chance < ends / 2, chance >= ends / 2 && chance < ends];
    const next = [stream, place.episode, place.t + 1];
    this.history[stream].push({ observation, action, reward: action, terminated, truncated, next });
    slab.observations.set(observation, 3 * k);
    slab.actions[k] = action;
    slab.rewards[k] = action;
    slab.terminated[k] = Number(terminated);
    slab.truncated[k] = Number(truncated);
    slab.nextObservations.set(next, 3 * k);
    this.#places[stream] =
      terminated || truncated
        ? { episode: place.episode + 1, t: 0 }
        : { episode: place.episode, t: place.t + 1 };
  }
}

/** What the rows of a helping say, one a row. */
export const rowsOf = (store: Store, indices: Int32Array, nStep: number, gamma: number) => {
  const out = allocateSlab(helpingFields({ spaces, batch: Math.max(1, indices.length), updates: 1 }));
  const drawn: Drawn = {
    round: 0,
    helping: 0,
    count: 1,
    last: true,
    indices,
    weights: new Float32Array(indices.length),
  };
  helpingWriter(store, nStep, gamma, 1, 3)(drawn, out);
  return rowsOfHelping(out, indices.length);
};

/** One row of a helping. */
export interface Row {
  readonly observation: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly discount: number;
  readonly next: readonly number[];
}

/** A helping's rows, one by one. */
export const rowsOfHelping = (helping: Helping, count: number): Row[] =>
  Array.from({ length: count }, (_, k) => ({
    observation: [...helping.observations.subarray(3 * k, 3 * k + 3)],
    action: helping.actions[k],
    reward: helping.rewards[k],
    discount: helping.discounts[k],
    next: [...helping.nextObservations.subarray(3 * k, 3 * k + 3)],
  }));

/** The n-step row that starts at a step, by the definition; `undefined` where a step of it is still to come. */
export function expected(
  steps: readonly Step[],
  from: number,
  nStep: number,
  gamma: number,
): Row | undefined {
  const end = steps.findIndex((step, t) => t >= from && (step.terminated || step.truncated));
  const last = end >= 0 && end < from + nStep ? end : from + nStep - 1;
  if (last >= steps.length) return undefined;
  const part = steps.slice(from, last + 1);
  return {
    observation: steps[from].observation,
    action: steps[from].action,
    reward: Math.fround(part.reduce((sum, { reward }, k) => sum + gamma ** k * reward, 0)),
    discount: steps[last].terminated ? 0 : Math.fround(gamma ** part.length),
    next: steps[last].next,
  };
}

/** What is wrong with rows that were drawn, held against what happened. */
export function misfits(rows: readonly Row[], world: World, nStep: number, gamma: number): string[] {
  return rows.flatMap(row => {
    const steps = world.history[row.observation[0]] ?? [];
    const from = steps.findIndex(({ observation }) => observation.join() === row.observation.join());
    const right = from < 0 ? undefined : expected(steps, from, nStep, gamma);
    if (!right) return [`${row.observation} should not be there`];
    const near = (a: number, b: number) => Math.abs(a - b) < 1e-6;
    return [
      ...(row.action === right.action ? [] : ['action']),
      ...(near(row.reward, right.reward) ? [] : ['reward']),
      ...(near(row.discount, right.discount) ? [] : ['discount']),
      ...(row.next.join() === right.next.join() ? [] : ['next observation']),
    ];
  });
}
