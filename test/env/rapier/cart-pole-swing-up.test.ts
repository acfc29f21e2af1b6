import { expect, test } from 'vitest';
import { cartPoleRobot } from '../../../src/env/rapier/cart-pole-swing-up.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { make } from './helpers.ts';

const name = 'cart-pole-swing-up';

test('hanging earns next to nothing, never ends, and is truncated after 250 steps', async () => {
  const env = await make(name, 3);
  env.reset({ seed: 1 });
  let total = 0;
  for (let t = 1; t <= 250; t++) {
    env.step(new Float32Array(3));
    total += env.rewards[0];
    expect(Math.max(...env.terminated)).toBe(0);
    expect(Math.min(...env.truncated)).toBe(t === 250 ? 1 : 0);
  }
  expect(total).toBeLessThan(2);
  env.close();
});

test.each([
  [0, 0, 0],
  [0.5, 1, 0.4],
  [-1, Math.PI / 2, -1],
  [1.2, 3, 1],
])('the reward at x = %d, angle %d, action %d is the formula', async (x, angle, action) => {
  const env = await make(name, 1);
  const start = restStart(cartPoleRobot);
  start.angles[0] = x;
  start.angles[1] = angle;
  env.world.start(0, start);
  env.step(Float32Array.of(action));
  const [cart, cosine, , , spin] = env.observations;
  const near = (value: number, margin: number) => Math.exp(-0.5 * (value / margin) ** 2 * 2 * Math.LN10);
  const expected =
    (((1 + cosine) / 2) * ((1 + near(cart, 2)) / 2) * (4 + 1 - action ** 2) * ((1 + near(spin, 5)) / 2)) / 5;
  expect(env.rewards[0]).toBeCloseTo(expected, 4);
  expect(env.rewards[0]).toBeGreaterThanOrEqual(0);
  expect(env.rewards[0]).toBeLessThanOrEqual(1);
  env.close();
});

test('pumping by the swing raises the pole, and the rail ends at 1.8 m', async () => {
  const env = await make(name, 1);
  env.reset({ seed: 1 });
  let highest = -1;
  for (let t = 0; t < 249; t++) {
    const [x, cosine, , speed, spin] = env.observations;
    // A cart that speeds up makes the pole lean back: push where the pole turns, less what brings the cart home.
    const action = 0.5 * Math.sign(spin * cosine) - 0.4 * x - 0.1 * speed;
    env.step(Float32Array.of(Math.max(-1, Math.min(1, action))));
    highest = Math.max(highest, env.observations[1]);
    expect(Math.abs(env.info['x'][0])).toBeLessThan(1.85);
  }
  expect(highest).toBeGreaterThan(0.9);
  let farthest = 0;
  for (let t = 0; t < 60; t++) {
    env.step(Float32Array.of(1));
    farthest = Math.max(farthest, env.info['x'][0]);
  }
  expect(farthest).toBeGreaterThan(1.78);
  expect(farthest).toBeLessThan(1.85);
  env.close();
});
