import { describe, expect, expectTypeOf, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { randomActions } from '../../../src/env/check/play.ts';
import { cartPole } from '../../../src/env/classic/cart-pole.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import type { Snapshot } from '../../../src/env/contract.ts';
import { loadEnvironment, makeVectorEnvironment } from '../../../src/env/define.ts';
import { builtInEnvironments, findEnvironment, resolveEnvironment } from '../../../src/env/registry.ts';

const classic = builtInEnvironments.filter(({ module }) => module.includes('/classic/'));

test('the registry has all five, with the summaries of their definitions', async () => {
  expect(classic).toHaveLength(5);
  for (const { name, summary } of classic) {
    const definition = await findEnvironment(name);
    expect({ name: definition.name, summary: definition.summary }).toEqual({ name, summary });
  }
});

test('each copy starts from its own stream', async () => {
  const vector = await makeVectorEnvironment(cartPole, {}, 2);
  vector.reset({ seed: 9 });
  const expected = [0, 1].flatMap(i => {
    const stream = Random.fromSeed(9).split(i);
    return [0, 1, 2, 3].map(() => Math.fround(stream.uniform(-0.05, 0.05)));
  });
  expect([...vector.observations]).toEqual(expected);
});

test('the cart-pole falls, and stands anew with its final observation beside it', async () => {
  const vector = await makeVectorEnvironment(cartPole, {}, 1);
  let steps = 0;
  do vector.step(Int32Array.of(0));
  while (++steps < 20 && vector.terminated[0] === 0);
  expect(steps).toBeLessThan(12);
  expect(Math.abs(vector.finalObservations[2])).toBeGreaterThan((12 * Math.PI) / 180);
  expect(Math.max(...vector.observations.map(Math.abs))).toBeLessThanOrEqual(0.05);
});

test('a snapshot that is refused changes nothing', async () => {
  const vector = await makeVectorEnvironment(pendulum, {}, 2);
  const good = vector.snapshot!() as object;
  vector.step(Float32Array.of(1, -1));
  const before = vector.snapshot!();
  for (const part of [{ columns: {} }, { state: { angle: new Float64Array(2) } }, { streams: null }]) {
    expect(() => vector.restore!({ ...good, ...part } as Snapshot)).toThrow(/^environment snapshot: /);
    expect(vector.snapshot!()).toEqual(before);
  }
});

test('actions have the types of their spaces', async () => {
  const [pole, arm] = [
    await makeVectorEnvironment(cartPole, {}, 1),
    await makeVectorEnvironment(pendulum, {}, 1),
  ];
  expectTypeOf(pole.step).parameter(0).toEqualTypeOf<Int32Array>();
  expectTypeOf(arm.step).parameter(0).toEqualTypeOf<Float32Array>();
  // @ts-expect-error a torque is a float
  expect(() => arm.step(new Int32Array(1))).toThrow('expected Float32Array of length 1');
});

describe.each(classic)('$name', ({ name }) => {
  test('takes a time limit, and refuses a bad one', async () => {
    const vector = await loadEnvironment(await resolveEnvironment(name, { maxEpisodeSteps: 2 }), 2);
    const actions = randomActions(vector, [Random.fromSeed(1), Random.fromSeed(2)]);
    vector.step(actions);
    expect([...vector.truncated]).toEqual([0, 0]);
    vector.step(actions);
    expect([...vector.truncated]).toEqual([1, 1]);
    await expect(resolveEnvironment(name, { maxEpisodeSteps: 0 })).rejects.toThrow(
      `${name} options: maxEpisodeSteps = 0`,
    );
    await expect(resolveEnvironment(name, { limit: 2 })).rejects.toThrow(`${name} options`);
  });

  test('a long run keeps to its bounds and allocates no columns', async () => {
    const vector = await loadEnvironment(await resolveEnvironment(name), 64);
    const { observations, finalObservations } = vector;
    const streams = Array.from({ length: 64 }, (_, i) => Random.fromSeed(i));
    for (let k = 0; k < 300; k++) vector.step(randomActions(vector, streams));
    expect(vector.observations).toBe(observations);
    expect(vector.finalObservations).toBe(finalObservations);
    expect([...observations, ...finalObservations].every(Number.isFinite)).toBe(true);
  });
});
