import { expect, test } from 'vitest';
import { bodyStride } from '../../../src/env/rapier/kinematics.ts';
import { make } from './helpers.ts';

test('targets are drawn anew at every start, evenly over the disc, and stay through the episode', async () => {
  const count = 64;
  const env = await make('reacher', count, 'simd');
  env.reset({ seed: 1 });
  const targets = () =>
    Array.from({ length: count }, (_, i) => [...env.observations.subarray(10 * i + 4, 10 * i + 6)]);
  const first = targets();
  const idle = new Float32Array(2 * count);
  for (let t = 0; t < 49; t++) env.step(idle);
  expect(targets()).toEqual(first);
  env.step(idle);
  const radii = [...first, ...targets()].map(([x, y]) => Math.hypot(x, y));
  expect(targets().filter(([x], i) => x === first[i][0])).toEqual([]);
  expect(Math.max(...radii)).toBeLessThan(0.2);
  // A uniform disc: half of the targets are beyond 1/√2 of the radius.
  const far = radii.filter(radius => radius > 0.2 * Math.SQRT1_2).length / radii.length;
  expect(Math.abs(far - 0.5)).toBeLessThan(0.15);
  env.close();
});

test('fingertip, distance, reward and picture agree with the angles', async () => {
  const env = await make('reacher', 2);
  env.reset({ seed: 2 });
  for (let t = 0; t < 30; t++) {
    const actions = Float32Array.of(0.3, -0.4, 0.8 * Math.cos(t / 8), 0.6 * Math.sin(t / 5));
    env.step(actions);
    const [c1, c2, s1, s2, x, y, w1, w2, dx, dy] = env.observations.subarray(10);
    const [shoulder, elbow] = [Math.atan2(s1, c1), Math.atan2(s2, c2)];
    const tip = [
      0.1 * Math.cos(shoulder) + 0.11 * Math.cos(shoulder + elbow),
      0.1 * Math.sin(shoulder) + 0.11 * Math.sin(shoulder + elbow),
    ];
    expect(dx).toBeCloseTo(tip[0] - x, 3);
    expect(dy).toBeCloseTo(tip[1] - y, 3);
    const { states, stride } = env.world;
    expect(w1).toBeCloseTo(states[stride + bodyStride + 12], 4);
    expect(w1 + w2).toBeCloseTo(states[stride + 2 * bodyStride + 12], 4);
    const distance = Math.hypot(dx, dy);
    expect(env.info['distance'][1]).toBeCloseTo(distance, 5);
    expect(env.rewards[1]).toBeCloseTo(-distance - 0.1 * (actions[2] ** 2 + actions[3] ** 2), 5);
    const at = (id: string) => env.render(1).objects.find(object => object.id === id)!.position;
    expect(at('target')[0]).toBeCloseTo(x, 5);
    expect(at('target')[1]).toBeCloseTo(y, 5);
    expect(at('fingertip')[0]).toBeCloseTo(tip[0], 3);
  }
  env.close();
});

test('nothing weighs: left alone it stays where it is', async () => {
  const env = await make('reacher', 1);
  env.reset({ seed: 3 });
  const before = env.observations.slice(0, 4);
  for (let t = 0; t < 49; t++) env.step(new Float32Array(2));
  before.forEach((value, i) => {
    expect(env.observations[i]).toBeCloseTo(value, 1);
  });
  env.close();
});

test('stretched out, full torque turns it as stiff rods of its weight turn', async () => {
  const env = await make('reacher', 1);
  env.reset({ seed: 4 });
  const before = env.world.speed(0, 0);
  env.world.aim(0, 0, 0.3);
  env.world.step();
  env.world.gather(0);
  // 0.3 N·m on two rods of 0.25 kg whose elbow is free, by the two-link equations: M = [a + 2b, d + b; d + b, d].
  const [m, l1, l2] = [0.25, 0.1, 0.11];
  const rod = (l: number) => m * (l ** 2 / 12 + l ** 2 / 4);
  const b = m * l1 * (l2 / 2);
  const [m11, m12, m22] = [rod(l1) + rod(l2) + m * l1 ** 2 + 2 * b, rod(l2) + b, rod(l2)];
  const expected = (0.3 * m22) / (m11 * m22 - m12 ** 2);
  const acceleration = (env.world.speed(0, 0) - before) / 0.01;
  // Round ends add to the inertia, bearings take some of the torque.
  expect(acceleration / expected).toBeGreaterThan(0.7);
  expect(acceleration / expected).toBeLessThan(1.05);
  env.close();
});
