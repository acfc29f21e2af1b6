import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { acrobot } from '../../../src/env/classic/acrobot.ts';
import { cartPole } from '../../../src/env/classic/cart-pole.ts';
import { mountainCar } from '../../../src/env/classic/mountain-car.ts';
import { mountainCarContinuous } from '../../../src/env/classic/mountain-car-continuous.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { makeVectorEnvironment } from '../../../src/env/define.ts';
import type { EnvironmentDefinition, VectorEnvironment } from '../../../src/env/index.ts';

interface Episode {
  readonly policy: string;
  readonly start: readonly number[];
  readonly actions: readonly number[];
  readonly states: readonly (readonly number[])[];
  readonly rewards: number | readonly number[];
  readonly terminated: boolean;
  readonly truncated: boolean;
}

interface State {
  readonly state: Record<string, Float64Array>;
  readonly elapsed: Int32Array;
}

/** `drift`: how far a whole episode may part from the reference; the arm is chaotic, so only its first 60 steps count. */
const tasks = [
  { definition: cartPole, exact: 1e-11, drift: 1e-9, steps: 500 },
  { definition: pendulum, exact: 1e-8, drift: 1e-7, steps: 200 },
  { definition: acrobot, exact: 1e-9, drift: 1e-7, steps: 60 },
  { definition: mountainCar, exact: 1e-11, drift: 1e-9, steps: 200 },
  // The reference computes in float32 here.
  { definition: mountainCarContinuous, exact: 2e-7, drift: 2e-5, steps: 999 },
] as const;

describe.each(tasks.map(task => ({ name: task.definition.name, ...task })))('$name', task => {
  const definition: EnvironmentDefinition = task.definition;
  const text = readFileSync(
    new URL(`../../fixtures/gymnasium/${definition.name}.json`, import.meta.url),
    'utf8',
  );
  const { episodes } = JSON.parse(text) as { episodes: readonly Episode[] };

  test('the reference holds an episode of at least 200 steps', () => {
    expect(Math.max(...episodes.map(episode => episode.actions.length))).toBeGreaterThanOrEqual(200);
  });

  test.each(episodes)('$policy: each step by itself', async episode => {
    const count = episode.actions.length;
    const vector = await makeVectorEnvironment(definition, {}, count);
    put(vector, [episode.start, ...episode.states.slice(0, -1)]);
    // Copy t takes step t of the episode.
    vector.step(column(vector, episode.actions));
    const states = stateOf(vector);
    for (let t = 0; t < count - 1; t++) expectClose(row(states, t), episode.states[t], task.exact);
    const rewards =
      typeof episode.rewards === 'number' ? Array(count).fill(episode.rewards) : episode.rewards;
    for (let t = 0; t < count; t++) expectClose([vector.rewards[t]], [rewards[t]], 1e-6);
    expect([...vector.terminated].map(Boolean)).toEqual(lastOnly(count, episode.terminated));
    expect([...vector.truncated].map(Boolean)).toEqual(lastOnly(count, episode.truncated));
  });

  test.each(episodes)('$policy: the whole episode, and its true final observation', async episode => {
    const vector = await makeVectorEnvironment(definition, {}, 1);
    put(vector, [episode.start]);
    const { length } = episode.actions;
    for (let t = 0; t < length - 1; t++) {
      vector.step(column(vector, [episode.actions[t]]));
      if (t >= task.steps) continue;
      expectClose(row(stateOf(vector), 0), episode.states[t], task.drift);
      expect([vector.terminated[0], vector.truncated[0]]).toEqual([0, 0]);
    }
    // The last step from the reference's own state, where the arm may have parted from it.
    put(vector, [episode.states[length - 2] ?? episode.start], length - 1);
    vector.step(column(vector, [episode.actions[length - 1]]));
    expectClose(vector.finalObservations, observationOf(definition.name, episode.states[length - 1]), 1e-6);
    expect([vector.terminated[0] === 1, vector.truncated[0] === 1]).toEqual([
      episode.terminated,
      episode.truncated,
    ]);
  });
});

/** Puts copies into states; copy `t` has taken `from + t` steps of its episode. */
function put(vector: VectorEnvironment, states: readonly (readonly number[])[], from = 0): void {
  const snapshot = vector.snapshot!() as unknown as State;
  Object.values(snapshot.state).forEach((variable, k) => {
    states.forEach((state, t) => {
      variable[t] = state[k];
    });
  });
  states.forEach((_, t) => {
    snapshot.elapsed[t] = from + t;
  });
  vector.restore!(snapshot as never);
}

const stateOf = (vector: VectorEnvironment) => (vector.snapshot!() as unknown as State).state;
const row = (state: Record<string, Float64Array>, index: number) =>
  Object.values(state).map(variable => variable[index]);
const lastOnly = (count: number, last: boolean) =>
  Array.from({ length: count }, (_, t) => t === count - 1 && last);

function column(vector: VectorEnvironment, actions: readonly number[]): Float32Array | Int32Array {
  return vector.actionSpace.kind === 'box' ? Float32Array.from(actions) : Int32Array.from(actions);
}

/** Observations as Gymnasium's pages define them. */
function observationOf(name: string, state: readonly number[]): readonly number[] {
  const [a, b, c, d] = state;
  if (name === 'pendulum') return [Math.cos(a), Math.sin(a), b];
  if (name === 'acrobot') return [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), c, d];
  return state;
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, k) => {
    const off = Math.abs(actual[k] - value) / Math.max(1, Math.abs(value));
    if (!(off <= tolerance)) expect.fail(`element ${k} = ${actual[k]}, expected ${value}: off by ${off}`);
  });
}
