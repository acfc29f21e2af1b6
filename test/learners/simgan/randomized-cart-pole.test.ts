import { afterEach, expect, test } from 'vitest';
import { environmentRef, loadEnvironment, type VectorEnvironment } from '../../../src/env/index.ts';
import { randomizedCartPole } from '../../../src/learners/simgan/randomized-cart-pole.ts';
import { robotOf } from '../../../src/learners/simgan/robots.ts';

const open: VectorEnvironment[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});
async function load(ref: ReturnType<typeof environmentRef>, count: number) {
  const env = await loadEnvironment(ref, count);
  open.push(env);
  return env;
}
const fixed = (value: number): [number, number] => [value, value];

test('with ranges of one value it is the domain of these physics', async () => {
  const ref = environmentRef(randomizedCartPole, {
    ...{ strength: fixed(1), friction: fixed(0.025), cartMass: fixed(1.5), poleMass: fixed(0.5) },
  });
  const [env, heavy, source] = [
    await load(ref, 1),
    await load(robotOf('cart-pole').in('heavy'), 1),
    await load(robotOf('cart-pole').in('source'), 1),
  ];
  const gap = (other: VectorEnvironment) => {
    for (const one of [env, other]) one.reset();
    let most = 0;
    // Their streams differ, and so do their starts and noise: what is compared is how a push speeds up the cart.
    for (let t = 0; t < 8; t++) {
      const before = [env.observations[3], other.observations[3]];
      for (const one of [env, other]) one.step(Float32Array.of(1));
      most = Math.max(most, Math.abs(env.observations[3] - before[0] - (other.observations[3] - before[1])));
    }
    return most;
  };
  expect(gap(heavy)).toBeLessThan(0.1);
  expect(gap(source)).toBeGreaterThan(0.1);
});

test('each episode and copy draws its own physics, within the ranges', async () => {
  const env = await load(environmentRef(randomizedCartPole, { maxEpisodeSteps: 2 }), 20);
  env.reset({ seed: 1 });
  const drawn = () =>
    (['strength', 'friction', 'cartMass', 'poleMass'] as const).map(name => [...env.info[name]]);
  const first = drawn();
  for (let t = 0; t < 3; t++) env.step(new Float32Array(20));
  const second = drawn();
  for (const [k, [low, high]] of [
    [0.5, 1.5],
    [0.025, 0.5],
    [0.5, 1.5],
    [0.05, 0.15],
  ].entries()) {
    const all = [...first[k], ...second[k]];
    expect(new Set(all).size).toBe(40);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(low - 1e-6);
    expect(Math.max(...all)).toBeLessThanOrEqual(high + 1e-6);
    expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(0.7 * (high - low));
  }
});
