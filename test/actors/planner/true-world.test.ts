import { describe, expect, test } from 'vitest';
import { randomShooting, TrueWorld } from '../../../src/actors/planner/index.ts';
import { Random } from '../../../src/core/random.ts';
import { cartPole } from '../../../src/env/classic/cart-pole.ts';
import { mountainCarContinuous } from '../../../src/env/classic/mountain-car-continuous.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { environment, makeVectorEnvironment } from '../../../src/env/define.ts';
import { cartPoleSwingUp } from '../../../src/env/rapier/cart-pole-swing-up.ts';
import { box } from '../../../src/env/spaces.ts';
import { vectorize } from '../../../src/env/vectorize.ts';

/**
 * The reward of a step is its action, and an episode ends with the fourth. `late`, the planted fault: the reward is that of
 * the action before.
 */
const echo = (late = false) =>
  environment({
    ...{ observationSpace: box(1), actionSpace: box(1, { low: -1, high: 1 }) },
    ...(() => {
      let step = 0;
      let before = 0;
      const observation = () => Float32Array.of(step);
      return {
        reset() {
          step = 0;
          before = 0;
          return { observation: observation(), info: {} };
        },
        step([action]: Float32Array) {
          const reward = late ? before : action;
          before = action;
          step++;
          return { observation: observation(), reward, terminated: step === 4, truncated: false, info: {} };
        },
        snapshot: () => ({ step, before }),
        restore(snapshot: unknown) {
          ({ step, before } = snapshot as { step: number; before: number });
        },
      };
    })(),
  });

const echoes = (count: number, late = false) => vectorize(() => echo(late), count);
const plans = Float32Array.of(0.5, -0.25, 1, 0.125, 0.25, 0.5, -1, 0.5, 1, 1, 1, 1);

/** The returns of three candidates of four actions, after so many steps. */
async function returnsAfter(steps: number, late = false): Promise<number[]> {
  const world = await echoes(1, late);
  world.reset({ seed: 1 });
  for (let k = 0; k < steps; k++) world.step(Float32Array.of(0.75));
  const model = new TrueWorld(await echoes(3, late));
  model.stand([world.copyState?.(0) ?? null]);
  const out = new Float32Array(3);
  model.evaluate(plans, 3, 4, out);
  return [...out];
}

describe('rewards that are the actions', () => {
  test('a candidate earns what its own actions earn', async () => {
    expect(await returnsAfter(0)).toEqual([1.375, 0.25, 4]);
  });
  test('planted: with each reward one action late, it does not', async () => {
    expect(await returnsAfter(0, true)).toEqual([1.25, -0.25, 3]);
    expect(await returnsAfter(1, true)).not.toEqual(await returnsAfter(1));
  });
  test('where the episode ends, nothing more is earned', async () => {
    expect(await returnsAfter(2)).toEqual([0.25, 0.75, 2]);
  });
  test('an action is held, and its rewards are summed', async () => {
    const model = new TrueWorld(await echoes(3), { repeat: 2 });
    model.stand([(await echoes(1)).copyState?.(0) ?? null]);
    const out = new Float32Array(3);
    model.evaluate(plans, 3, 4, out);
    expect([...out]).toEqual([0.5, 1.5, 4]);
  });
});

test.each([
  ['pendulum', pendulum, 0],
  ['mountain-car-continuous', mountainCarContinuous, 0],
  ['cart-pole-swing-up', cartPoleSwingUp, 1e-3],
] as const)('%s: what is said of a candidate is what comes, for two agents', async (_, definition, off) => {
  const [agents, candidates, horizon] = [2, 3, 10];
  const world = await makeVectorEnvironment(definition, {}, agents);
  const random = Random.fromSeed(4);
  const actions = new Float32Array(agents * candidates * horizon);
  random.fillUniform(actions, -1, 1);
  world.reset({ seed: 5 });
  for (let k = 0; k < 30; k++) world.step(Float32Array.of(1, -1));
  const model = new TrueWorld(await makeVectorEnvironment(definition, {}, 7), { agents });
  model.stand([0, 1].map(n => world.copyState?.(n) ?? null));
  const out = new Float32Array(agents * candidates);
  model.evaluate(actions, candidates, horizon, out);
  // Asked again, it stands where it stood.
  const again = new Float32Array(agents * candidates);
  model.evaluate(actions, candidates, horizon, again);
  expect(again).toEqual(out);
  const earned = new Float32Array(2);
  for (let t = 0; t < horizon; t++) {
    world.step(Float32Array.of(actions[2 * horizon + t], actions[(candidates + 1) * horizon + t]));
    for (let n = 0; n < 2; n++) earned[n] += world.rewards[n];
  }
  expect(Math.abs(out[2] - earned[0])).toBeLessThanOrEqual(off);
  expect(Math.abs(out[candidates + 1] - earned[1])).toBeLessThanOrEqual(off);
  expect(Math.abs(out[2] - out[candidates + 1])).toBeGreaterThan(1e-3);
  model.close();
  world.close();
});

test('chance in the copies follows from the situation, and is not what the world will draw', async () => {
  const noisy = { actionNoise: 0.5 };
  const world = await makeVectorEnvironment(cartPoleSwingUp, noisy, 1);
  const model = new TrueWorld(await makeVectorEnvironment(cartPoleSwingUp, noisy, 2));
  const actions = new Float32Array(20);
  const said = (seed: number, step: number): number[] => {
    world.reset({ seed });
    model.follow({
      ...{ seed, step, observations: world.observations, actions: Float32Array.of(0) },
      ...{ rewards: Float32Array.of(0), ended: Uint8Array.of(0), states: [world.copyState?.(0) ?? null] },
    });
    const out = new Float32Array(2);
    model.evaluate(actions, 2, 10, out);
    return [...out];
  };
  const first = said(3, 0);
  expect(said(3, 1)).not.toEqual(first);
  expect(said(3, 0)).toEqual(first);
  expect(first[0]).not.toBe(first[1]);
  world.reset({ seed: 3 });
  let earned = 0;
  for (let t = 0; t < 10; t++) {
    world.step(Float32Array.of(0));
    earned += world.rewards[0];
  }
  expect(Math.abs(first[0] - earned) / earned).toBeGreaterThan(0.01);
  model.close();
  world.close();
});

test('what cannot be planned is told', async () => {
  const discrete = await makeVectorEnvironment(cartPole, {}, 2);
  expect(() => new TrueWorld(discrete)).toThrow(/action space is discrete, expected a box/);
  const fixed = { ...(await makeVectorEnvironment(pendulum, {}, 2)), setCopyState: undefined };
  expect(() => new TrueWorld(fixed as never)).toThrow(/no setCopyState/);
  const model = new TrueWorld(await makeVectorEnvironment(pendulum, {}, 2));
  const planner = (candidates: number) =>
    randomShooting(model, { candidates, horizon: 2 }, Random.fromSeed(1));
  expect(() => planner(2).plan()).toThrow(/before stand/);
  expect(() => planner(3).plan()).toThrow(/expected at most 2 in all/);
  expect(() => model.stand([])).toThrow(/0 states, expected one for each of 1/);
});
