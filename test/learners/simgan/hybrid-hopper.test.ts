import { afterEach, expect, test } from 'vitest';
import type { VectorEnvironment } from '../../../src/env/contract.ts';
import { environmentRef, loadEnvironment } from '../../../src/env/define.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';
import { hybridHopper, hybridHopperTask } from '../../../src/learners/simgan/hybrid-hopper.ts';
import { type HopperDomain, hopperIn } from '../../../src/learners/simgan/targets.ts';

const open: VectorEnvironment[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});

const quiet = { observationNoise: 0, actionNoise: 0 };
async function hybrid(count = 1, options = {}) {
  const env = await loadEnvironment(environmentRef(hybridHopper, options), count);
  open.push(env);
  return env;
}
async function quietly(domain: HopperDomain) {
  const ref = hopperIn(domain);
  const env = await loadEnvironment({ ...ref, options: { ...ref.options, ...quiet } }, 1);
  open.push(env);
  return env;
}

const strengthAt = (strength: number) => Math.atanh(strength - 0.5) - Math.atanh(0.5);
const stiffnessAt = (newtons: number) => Math.atanh((Math.log10(newtons) - 4.5) / 1.5) - 1;
const dampingAt = (damping: number) => Math.atanh((Math.log10(damping) - 2.25) / 1.25);
/** Raw outputs that mean the source: full strength, friction 1, no bounce, a floor as stiff as can be. */
const asSource = [0, 0, 0, Math.atanh(-0.6), -30, 30, 30] as const;
/** A blind hop. */
const action = (t: number) =>
  [
    [-0.42, 0.38, -0.88],
    [0.04, 0.28, -2.14],
    [0.09, 0.5, -0.03],
  ].map(([offset, amplitude, phase]) => offset + amplitude * Math.sin(2 * Math.PI * 2.76 * 0.02 * t + phase));

/** The largest difference of the first numbers observed over some steps: height, pitch and the three angles. */
function gap(
  env: VectorEnvironment,
  other: VectorEnvironment,
  u: readonly number[],
  steps: number,
  first = 5,
): number {
  for (const one of [env, other]) one.reset({ seed: 5 });
  let most = 0;
  for (let t = 0; t < steps; t++) {
    env.step(Float32Array.from([...action(t), ...u]));
    other.step(Float32Array.from(action(t)));
    for (let k = 0; k < first; k++)
      most = Math.max(most, Math.abs(env.observations[k] - other.observations[k]));
  }
  return most;
}

test('with raw outputs that mean the source it flies as the source to the last bit, and lands near it', async () => {
  const [env, source] = [await hybrid(1, quiet), await quietly('source')];
  expect(gap(env, source, asSource, 5)).toBe(0);
  expect(gap(env, source, asSource, 40)).toBeLessThan(0.05);
  const half = asSource.with(1, strengthAt(0.5));
  expect(gap(env, source, half, 5)).toBeGreaterThan(0.02);
});

test.each([8e3, 3e4])(
  'a foot at rest on a spring of %d N/m sinks by the robot’s weight over it',
  async stiffness => {
    const task = hybridHopperTask(hybridHopper.options.parse(quiet));
    const env = new RapierVector(await loadEngine('simd'), task, 1);
    open.push(env);
    env.reset({ seed: 1 });
    const actions = Float32Array.of(0, 0, 0, ...asSource);
    actions[8] = stiffnessAt(stiffness);
    actions[9] = dampingAt(600);
    // It stands on its servos for a second and a half before it tips over.
    const sinks: number[] = [];
    for (let t = 0; t < 70; t++) {
      env.step(actions);
      if (t >= 30) sinks.push(env.info['sink'][0]);
    }
    expect(env.info['stiffness'][0] / stiffness).toBeCloseTo(1, 4);
    const mean = sinks.reduce((sum, value) => sum + value, 0) / sinks.length;
    expect(mean / ((10 * 9.81) / stiffness)).toBeGreaterThan(0.9);
    expect(mean / ((10 * 9.81) / stiffness)).toBeLessThan(1.12);
  },
);

test('a soft floor puts the torso nearer to where it is on tiles than a rigid one does', async () => {
  const [env, deform] = [await hybrid(1, quiet), await quietly('deform')];
  const soft = asSource.with(5, stiffnessAt(14_000)).with(6, dampingAt(200));
  expect(gap(env, deform, asSource, 16, 1)).toBeGreaterThan(0.01);
  expect(gap(env, deform, soft, 16, 1)).toBeLessThan(0.008);
});

test('what is set at a step is told by info alone, holds for it, and is gone at the next start', async () => {
  const env = await hybrid(2, { ...quiet, maxEpisodeSteps: 30 });
  env.reset({ seed: 1 });
  const second = [strengthAt(0.2), -30, strengthAt(1.4), 0.3, 2, stiffnessAt(5000), dampingAt(100)];
  const step = () => env.step(Float32Array.from([0, 0, 0, ...asSource, 0, 0, 0, ...second]));
  step();
  const told = (name: string) => env.info[name];
  expect([...told('hip')]).toEqual([expect.closeTo(1, 6), expect.closeTo(0.2, 5)]);
  expect([...told('knee')]).toEqual([expect.closeTo(1, 6), 0]);
  expect([...told('ankle')]).toEqual([expect.closeTo(1, 6), expect.closeTo(1.4, 5)]);
  expect([...told('friction')]).toEqual([expect.closeTo(1, 5), expect.closeTo(3.228, 2)]);
  expect([...told('restitution')]).toEqual([0, expect.closeTo(0.5, 5)]);
  expect(told('stiffness')[0]).toBeCloseTo(1e6, -3);
  expect(told('damping')[1]).toBeCloseTo(100, 2);
  for (let t = 0; t < 29; t++) step();
  expect(env.truncated[0]).toBe(1);
  // Whatever came before, an episode that begins with the same numbers is the same.
  const run = () => {
    env.reset({ seed: 2 });
    const seen: number[] = [];
    for (let t = 0; t < 20; t++) {
      env.step(Float32Array.from([...action(t), ...asSource, ...action(t), ...asSource]));
      seen.push(...env.observations);
    }
    return seen;
  };
  const after = run();
  const fresh = await hybrid(2, { ...quiet, maxEpisodeSteps: 30 });
  fresh.reset({ seed: 2 });
  for (let t = 0; t < 20; t++)
    fresh.step(Float32Array.from([...action(t), ...asSource, ...action(t), ...asSource]));
  expect(after.slice(-22)).toEqual([...fresh.observations]);
});

test('a snapshot goes on to the same bits', async () => {
  const env = await hybrid(2);
  env.reset({ seed: 9 });
  const actions = (t: number) => Float32Array.from({ length: 20 }, (_, k) => Math.sin(t + k));
  for (let t = 0; t < 12; t++) env.step(actions(t));
  const snapshot = env.snapshot!();
  const onward = (one: VectorEnvironment) => {
    for (let t = 12; t < 24; t++) one.step(actions(t));
    return one.observations.slice();
  };
  const expected = onward(env);
  const other = await hybrid(2);
  other.restore!(snapshot);
  expect(onward(other)).toEqual(expected);
});

test('it starts where the robot is clear of its floor', async () => {
  const task = hybridHopperTask(hybridHopper.options.parse(quiet));
  const env = new RapierVector(await loadEngine('simd'), task, 1);
  open.push(env);
  expect(() => env.world.start(0, restStart(env.world.robot))).toThrow('foot starts');
});
