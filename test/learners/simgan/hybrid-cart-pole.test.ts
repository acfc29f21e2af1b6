import { afterEach, expect, test } from 'vitest';
import type { VectorEnvironment } from '../../../src/env/contract.ts';
import { environmentRef, loadEnvironment } from '../../../src/env/define.ts';
import { hybridCartPole } from '../../../src/learners/simgan/hybrid-cart-pole.ts';
import { cartPoleIn } from '../../../src/learners/simgan/targets.ts';

const open: VectorEnvironment[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});

const quiet = { observationNoise: 0, actionNoise: 0 };
async function hybrid(count = 1, options = {}) {
  const env = await loadEnvironment(environmentRef(hybridCartPole, options), count);
  open.push(env);
  return env;
}
/** A domain without its noise. */
async function quietly(domain: Parameters<typeof cartPoleIn>[0]) {
  const ref = cartPoleIn(domain);
  const env = await loadEnvironment({ ...ref, options: { ...ref.options, ...quiet } }, 1);
  open.push(env);
  return env;
}

const strengthAt = (strength: number) => Math.atanh(strength - 0.5);
const frictionAt = (friction: number) => 2 + Math.atanh(friction / 2.5 - 1);
const force = (t: number) => 0.8 * Math.sin(0.3 * t) - 0.1;

/** The largest difference of observations over 40 steps. */
function gap(env: VectorEnvironment, other: VectorEnvironment, u: readonly [number, number]): number {
  for (const one of [env, other]) one.reset({ seed: 5 });
  let most = 0;
  for (let t = 0; t < 40; t++) {
    env.step(Float32Array.of(force(t), ...u));
    other.step(Float32Array.of(force(t)));
    env.observations.forEach((value, k) => {
      most = Math.max(most, Math.abs(value - other.observations[k]));
    });
  }
  return most;
}

test('with full strength and a bearing of its own it is the source; with half of it, the weak target', async () => {
  const env = await hybrid(1, quiet);
  const [source, weak] = [await quietly('source'), await quietly('weak')];
  const full = [strengthAt(1), frictionAt(0.025)] as const;
  const half = [0, frictionAt(0.025)] as const;
  expect(gap(env, source, full)).toBeLessThan(2e-3);
  expect(gap(env, weak, half)).toBeLessThan(2e-3);
  expect(gap(env, source, half)).toBeGreaterThan(0.3);
  expect(gap(env, source, [strengthAt(1), frictionAt(2)])).toBeGreaterThan(0.3);
});

test('a generator that weakens pushes by the speed comes near to back-EMF', async () => {
  const [env, source, emf] = [await hybrid(1, quiet), await quietly('source'), await quietly('emf')];
  const gapTo = (other: VectorEnvironment) => {
    for (const one of [env, other]) one.reset({ seed: 5 });
    let most = 0;
    for (let t = 0; t < 40; t++) {
      const [a, v] = [force(t), env.observations[3]];
      const left = Math.max(0, Math.min(1, 1 - Math.max(0, v * Math.sign(a)) / 1.5));
      env.step(Float32Array.of(a, strengthAt(left), frictionAt(0.025)));
      other.step(Float32Array.of(a));
      most = Math.max(most, Math.abs(env.observations[0] - other.observations[0]));
    }
    return most;
  };
  expect(gapTo(emf)).toBeLessThan(0.35 * gapTo(source));
});

test('parameters are set anew at every step, told by info alone, and strength may be below zero', async () => {
  const env = await hybrid(2, quiet);
  env.reset({ seed: 1 });
  expect([...env.info['strength']]).toEqual([0, 0]);
  const before = [env.observations[3], env.observations[8]];
  env.step(Float32Array.of(1, strengthAt(1.2), frictionAt(0.05), 1, strengthAt(-0.4), -30));
  expect([...env.info['strength']]).toEqual([expect.closeTo(1.2, 5), expect.closeTo(-0.4, 5)]);
  expect([...env.info['friction']]).toEqual([expect.closeTo(0.05, 4), expect.closeTo(0.025, 5)]);
  expect(env.observations[3] - before[0]).toBeCloseTo(1.2 * 0.39, 1);
  expect(env.observations[8] - before[1]).toBeCloseTo(-0.4 * 0.39, 1);
  const speeds = [env.observations[3], env.observations[8]];
  env.step(Float32Array.of(0, 0, 30, 0, 0, -30));
  // 5 N·s/m for 0.04 s on about a kilogram takes a sixth of the speed away.
  expect(env.observations[3] / speeds[0]).toBeLessThan(0.86);
  expect(env.observations[8] / speeds[1]).toBeGreaterThan(0.9);
});

test('noise is drawn from the copy’s own stream: seeds repeat, and a snapshot goes on the same', async () => {
  const [env, again] = [await hybrid(2), await hybrid(2)];
  for (const one of [env, again]) one.reset({ seed: 9 });
  const actions = (t: number) => Float32Array.from({ length: 6 }, (_, k) => Math.sin(t + k));
  for (let t = 0; t < 10; t++) for (const one of [env, again]) one.step(actions(t));
  expect(env.observations).toEqual(again.observations);
  const snapshot = env.snapshot!();
  const onward = (one: VectorEnvironment) => {
    for (let t = 10; t < 15; t++) one.step(actions(t));
    return one.observations.slice();
  };
  const expected = onward(env);
  const third = await hybrid(2);
  third.restore!(snapshot);
  expect(onward(third)).toEqual(expected);
  const silent = await hybrid(2, quiet);
  silent.reset({ seed: 9 });
  expect(silent.observations).not.toEqual(env.observations);
});
