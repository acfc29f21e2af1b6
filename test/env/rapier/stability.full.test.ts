import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { bodyStride } from '../../../src/env/rapier/kinematics.ts';
import { actionSizeOf, make, tasks } from './helpers.ts';

const count = 8;

/** Ways to act: what action `k` of all copies' is at step `t`. */
const ways: Readonly<Record<string, (t: number, k: number, random: Random) => number>> = {
  nothing: () => 0,
  chance: (_, __, random) => random.uniform(-1, 1),
  'bang-bang': (t, k) => ((Math.floor(t / 5) + (k % 3)) % 2 === 1 ? 1 : -1),
  'bang-bang at every step': (t, k) => ((t + (k % 3)) % 2 === 1 ? 1 : -1),
};

/** How far joints may ever go past their limits, rad, and how fast bodies may ever be, m/s. */
const most: Readonly<Record<string, { past: number; speed: number }>> = {
  'half-cheetah': { past: 0.7, speed: 15 },
  reacher: { past: 0.1, speed: 5 },
  quadruped: { past: 0.6, speed: 15 },
};

describe.each(Object.keys(most))('%s over 2,000 steps', name => {
  test.each(Object.keys(ways))('of %s', async way => {
    const env = await make(name, count);
    env.reset({ seed: 1 });
    const { joints, bodies } = tasks[name].robot;
    const random = Random.fromSeed(3);
    const actions = new Float32Array(count * actionSizeOf(env));
    const { states, stride } = env.world;
    let [worst, far, seen, fastest, deepest] = [0, 0, 0, 0, 0];
    for (let t = 0; t < 2000; t++) {
      for (let k = 0; k < actions.length; k++) actions[k] = ways[way](t, k, random);
      env.step(actions);
      expect([...env.observations, ...env.rewards].every(Number.isFinite)).toBe(true);
      for (let copy = 0; copy < count; copy++) {
        joints.forEach(({ limits }, j) => {
          if (!limits) return;
          const angle = env.world.angle(copy, j);
          const past = Math.max(limits[0] - angle, angle - limits[1]);
          worst = Math.max(worst, past);
          far += past > 0.15 ? 1 : 0;
          seen++;
        });
        bodies.forEach((body, b) => {
          const at = copy * stride + b * bodyStride;
          fastest = Math.max(fastest, Math.hypot(...states.subarray(at + 7, at + 10)));
          if (env.world.hasGround && body.touches !== false)
            deepest = Math.min(deepest, env.world.clearance(copy, b));
        });
      }
    }
    expect(worst).toBeLessThan(most[name].past);
    // All but instants are within a little of the limits.
    expect(far / seen).toBeLessThan(0.01);
    // Speeds stay those of a robot: no energy comes from nowhere.
    expect(fastest).toBeLessThan(most[name].speed);
    expect(deepest).toBeGreaterThan(-0.05);
    env.close();
  });
});
