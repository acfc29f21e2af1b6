import { expect, test } from 'vitest';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { quadruped, quadrupedTask } from '../../../src/env/rapier/quadruped.ts';
import { massOf } from '../../../src/env/rapier/robot.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';
import { make, tasks } from './helpers.ts';
import { weightOnFloor } from './weight.ts';

/** Torques of springs with damping to the pose at rest, as actions. */
function hold(env: RapierVector, actions: Float32Array): void {
  for (let k = 0; k < actions.length; k++) {
    const [copy, j] = [Math.floor(k / 12), k % 12];
    const torque = -60 * env.world.angle(copy, j) - 0.5 * env.world.speed(copy, j);
    actions[k] = Math.max(-1, Math.min(1, torque / (j % 3 === 0 ? 20 : 40)));
  }
}

test('held by springs it stands on its four feet, and they carry its 25 kg', async () => {
  const env = await make('quadruped', 2);
  env.reset({ seed: 1 });
  const actions = new Float32Array(2 * 12);
  const stand = (steps: number) => {
    for (let t = 0; t < steps; t++) {
      hold(env, actions);
      env.step(actions);
    }
  };
  stand(100);
  const before = [...env.info['x'], ...env.info['y']];
  stand(50);
  expect(massOf(tasks['quadruped'].robot)).toBeCloseTo(25, 5);
  for (let copy = 0; copy < 2; copy++) {
    expect(env.info['feet'][copy]).toBe(4);
    expect(env.info['upright'][copy]).toBeGreaterThan(0.94);
    expect(env.info['height'][copy]).toBeGreaterThan(0.33);
  }
  // Feet do not creep.
  [...env.info['x'], ...env.info['y']].forEach((now, i) => {
    expect(Math.abs(now - before[i])).toBeLessThan(0.01);
  });
  // As described it would be 8 N·m in each knee; legs share as their springs have it.
  const knees = [2, 5, 8, 11].reduce((sum, knee) => sum - 40 * actions[knee], 0) / 4;
  expect(knees).toBeGreaterThan(5);
  expect(knees).toBeLessThan(14);
  expect((await weightOnFloor(env)) / (25 * 9.81)).toBeCloseTo(1, 1);
  env.close();
});

test('left alone it sinks and falls within a second', async () => {
  const env = await make('quadruped', 4);
  env.reset({ seed: 1 });
  const fell = new Set<number>();
  for (let t = 0; t < 50; t++) {
    env.step(new Float32Array(4 * 12));
    for (let copy = 0; copy < 4; copy++) if (env.terminated[copy]) fell.add(copy);
  }
  expect(fell.size).toBe(4);
  env.close();
});

test('half the strength takes twice the action', async () => {
  const turns = await Promise.all(
    [1, 0.5].map(async strength => {
      const task = quadrupedTask(quadruped.options.parse({ strength }));
      const env = new RapierVector(await loadEngine('simd'), task, 1);
      const start = restStart(task.robot);
      start.position[1] = 0.4;
      env.world.start(0, start);
      const actions = new Float32Array(12);
      actions[2] = 0.2 / strength;
      env.step(actions);
      const angle = env.world.angle(0, 2);
      env.close();
      return angle;
    }),
  );
  expect(turns[0]).toBeGreaterThan(0.02);
  expect(turns[1]).toBe(turns[0]);
  expect(() => quadruped.options.parse({ strength: 2 })).toThrow();
});

test.each([
  ['on its side', Math.PI / 2, 1, 1],
  ['leaning', 0.6, 0.3, 0],
])('%s', async (_, turn, lift, fell) => {
  const env = await make('quadruped', 1);
  const start = restStart(tasks['quadruped'].robot);
  start.turn[0] = turn;
  start.position[1] = lift;
  env.world.start(0, start);
  env.step(new Float32Array(12));
  expect(env.info['fell'][0]).toBe(fell);
  expect(env.terminated[0]).toBe(fell);
  env.close();
});

test('the reward is speed up to the target, health and effort', async () => {
  const env = new RapierVector(
    await loadEngine('simd'),
    quadrupedTask(quadruped.options.parse({ targetSpeed: 0.05 })),
    1,
  );
  env.reset({ seed: 2 });
  let before = 0;
  let capped = 0;
  for (let t = 0; t < 15; t++) {
    env.step(new Float32Array(12).fill(t % 8 < 4 ? 0.5 : -0.5));
    const speed = (env.info['x'][0] - before) / 0.02;
    before = env.info['x'][0];
    capped += speed > 0.05 ? 1 : 0;
    const healthy = 1 - env.info['fell'][0];
    expect(env.rewards[0]).toBeCloseTo(4 * Math.min(speed, 0.05) + 4.5 * healthy - 0.1 * 12 * 0.25, 3);
    if (env.terminated[0]) break;
  }
  expect(capped).toBeGreaterThan(0);
  env.close();
});
