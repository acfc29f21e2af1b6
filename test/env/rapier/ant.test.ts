import { expect, test } from 'vitest';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { make, tasks } from './helpers.ts';

test('left alone it stands on its four feet for the whole episode', async () => {
  const env = await make('ant', 4);
  env.reset({ seed: 1 });
  const idle = new Float32Array(4 * 8);
  for (let t = 1; t <= 250; t++) {
    env.step(idle);
    expect(Math.max(...env.terminated)).toBe(0);
    expect(Math.min(...env.truncated)).toBe(t === 250 ? 1 : 0);
  }
  for (let copy = 0; copy < 4; copy++) {
    expect(env.info['upright'][copy]).toBeGreaterThan(0.95);
    expect(Math.hypot(env.info['x'][copy], env.info['y'][copy])).toBeLessThan(1);
  }
  env.close();
});

test('a simple trot walks it on its feet', async () => {
  const env = await make('ant', 8);
  env.reset({ seed: 2 });
  const actions = new Float32Array(8 * 8);
  let feet = 0;
  for (let t = 0; t < 249; t++) {
    // Diagonal legs move together; a positive hip turn carries a right leg's foot forward, a left one's back.
    for (let k = 0; k < actions.length; k++) {
      const leg = Math.floor((k % 8) / 2);
      const phase = 2 * Math.PI * 2.2 * 0.04 * t + (leg % 2 === 0 ? 0 : Math.PI);
      actions[k] = k % 2 === 0 ? (leg < 2 ? 1 : -1) * Math.sin(phase) : 0.8 * Math.sin(phase + 0.2) - 0.16;
    }
    env.step(actions);
    feet += env.info['feet'].reduce((sum, count) => sum + count, 0) / 8;
  }
  const x = env.info['x'].reduce((sum, value) => sum + value, 0) / 8;
  expect(Math.max(...env.terminated)).toBe(0);
  expect(feet / 249).toBeGreaterThan(1);
  expect(x).toBeGreaterThan(5);
  env.close();
});

test.each([
  ['on its side', Math.PI / 2, 1, 1],
  ['on its back', Math.PI, 1, 1],
  ['leaning', 0.8, 0.45, 0],
])('%s', async (_, turn, lift, fell) => {
  const env = await make('ant', 1);
  const start = restStart(tasks['ant'].robot);
  start.turn[0] = turn;
  start.position[1] = lift;
  env.world.start(0, start);
  env.step(new Float32Array(8));
  expect(env.info['fell'][0]).toBe(fell);
  expect(env.terminated[0]).toBe(fell);
  env.close();
});

test('the reward is speed, health and effort', async () => {
  const env = await make('ant', 1);
  env.reset({ seed: 2 });
  let before = 0;
  for (let t = 0; t < 40; t++) {
    env.step(new Float32Array(8).fill(t % 8 < 4 ? 0.5 : -0.5));
    const speed = (env.info['x'][0] - before) / 0.04;
    before = env.info['x'][0];
    const healthy = 1 - env.info['fell'][0];
    expect(env.rewards[0]).toBeCloseTo(speed + 0.5 * healthy - 0.05 * 8 * 0.25, 3);
    if (env.terminated[0]) break;
  }
  env.close();
});
