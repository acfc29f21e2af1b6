import { expect, test } from 'vitest';
import { bodyStride, restStart } from '../../../src/env/rapier/kinematics.ts';
import { massOf } from '../../../src/env/rapier/robot.ts';
import { make, tasks } from './helpers.ts';
import { weightOnFloor } from './weight.ts';

test('left alone it stands on its two feet, and they carry its weight', async () => {
  const env = await make('half-cheetah', 2);
  env.reset({ seed: 1 });
  const idle = new Float32Array(2 * 6);
  for (let t = 1; t <= 60; t++) env.step(idle);
  for (let copy = 0; copy < 2; copy++) {
    expect(env.info['height'][copy]).toBeCloseTo(0.6, 1);
    expect(Math.abs(env.info['pitch'][copy])).toBeLessThan(0.1);
    expect(Math.abs(env.info['x'][copy])).toBeLessThan(0.3);
  }
  expect(massOf(tasks['half-cheetah'].robot)).toBeCloseTo(14, 5);
  const down = tasks['half-cheetah'].robot.bodies.filter((_, b) => env.world.clearance(0, b) < 0.001);
  expect(down.map(({ name }) => name)).toEqual(['back foot', 'front foot']);
  expect((await weightOnFloor(env)) / (14 * 9.81)).toBeCloseTo(1, 1);
  env.close();
});

test('it may lie on its back, and goes on', async () => {
  const env = await make('half-cheetah', 1);
  const start = restStart(tasks['half-cheetah'].robot);
  start.turn[2] = Math.PI;
  env.world.start(0, start);
  for (let t = 0; t < 40; t++) env.step(new Float32Array(6));
  expect(Math.abs(env.info['pitch'][0])).toBeGreaterThan(2.5);
  expect(env.info['height'][0]).toBeCloseTo(0.06, 2);
  expect(env.terminated[0]).toBe(0);
  env.close();
});

test('an action is a torque on the spring: half of the reach is half of the gear', async () => {
  const env = await make('half-cheetah', 1);
  const start = restStart(tasks['half-cheetah'].robot);
  start.position[1] = 3;
  const accelerations = [0.5, 1].map(action => {
    env.world.start(0, start);
    // Back thigh alone, before anything has moved: one physics step.
    env.world.aim(0, 0, action * 0.5);
    env.world.step();
    env.world.gather(0);
    return env.world.states[bodyStride + 12] - env.world.states[12];
  });
  expect(accelerations[0]).toBeGreaterThan(0.5);
  expect(accelerations[1] / accelerations[0]).toBeCloseTo(2, 1);
  env.close();
});

test('the reward is speed and effort, and nothing ends before its time', async () => {
  const env = await make('half-cheetah', 1);
  env.reset({ seed: 2 });
  let before = 0;
  for (let t = 1; t <= 200; t++) {
    env.step(new Float32Array(6).fill(t % 8 < 4 ? 0.5 : -0.5));
    const speed = (env.info['x'][0] - before) / 0.05;
    before = env.info['x'][0];
    expect(env.rewards[0]).toBeCloseTo(speed - 0.1 * 6 * 0.25, 3);
    expect([env.terminated[0], env.truncated[0]]).toEqual([0, t === 200 ? 1 : 0]);
  }
  env.close();
});
