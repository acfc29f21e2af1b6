import { afterEach, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { Random } from '../../../src/core/random.ts';
import { box, type EnvironmentRef, loadEnvironment, type VectorEnvironment } from '../../../src/env/index.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { generatorRef } from '../../../src/learners/simgan/generator.ts';
import { identificationOf } from '../../../src/learners/simgan/identification.ts';
import { refinementOf } from '../../../src/learners/simgan/refinement.ts';
import { robotOf } from '../../../src/learners/simgan/robots.ts';

const open: VectorEnvironment[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});
async function load(ref: EnvironmentRef, count: number, options = {}): Promise<VectorEnvironment> {
  const env = await loadEnvironment({ ...ref, options: { ...ref.options, ...options } }, count);
  open.push(env);
  return env;
}

const robot = robotOf('cart-pole');
const spaces = { observation: box(5), action: box(1, { low: -1, high: 1 }) };
const policy = policyRef(ppoPolicy, { hidden: [] }, spaces);
/** Linear: weights of the five observations, bias, five of the value and its bias, log-std. */
const behaving = (bias: number, logStd: number) =>
  Float32Array.of(0.3, 0.1, 0, 0.2, 0.1, bias, 0, 0, 0, 0, 0, 0, logStd);
const source = robot.parameters.map(parameter => parameter.source);
const every = (count: number, theta: readonly number[]) =>
  Float32Array.from({ length: count * theta.length }, (_, i) => theta[i % theta.length]);

test('with the source’s parameters, transitions of identification are the source’s', async () => {
  const count = 3;
  const env = await load(identificationOf('cart-pole', policy, [behaving(0.1, -1)]), count);
  const plain = await load(robot.in('source'), count);
  for (const one of [env, plain]) one.reset({ seed: 4 });
  let far = 0;
  for (let t = 0; t < 20; t++) {
    const actions = Float32Array.from({ length: count }, (_, copy) => env.observations[copy * 6 + 5]);
    env.step(every(count, source));
    plain.step(actions);
    for (let copy = 0; copy < count; copy++) {
      for (let k = 0; k < 5; k++)
        far = Math.max(far, Math.abs(env.observations[copy * 6 + k] - plain.observations[copy * 5 + k]));
    }
  }
  // The noise is drawn alike: what is left is that atanh and tanh round.
  expect(far).toBeLessThan(1e-5);
  expect([...env.rewards]).toEqual([0, 0, 0]);
});

test('copies behave by turns as one of the policies, in bounds, and what is seen holds no θ', async () => {
  const env = await load(identificationOf('cart-pole', policy, [behaving(5, -1), behaving(-5, -1)]), 4);
  env.reset({ seed: 1 });
  expect([0, 1, 2, 3].map(copy => env.observations[copy * 6 + 5])).toEqual([1, -1, 1, -1]);
  const before = env.observations.slice();
  const other = await load(identificationOf('cart-pole', policy, [behaving(5, -1), behaving(-5, -1)]), 4);
  other.reset({ seed: 1 });
  expect(other.observations).toEqual(before);
  // Without a push θ cannot matter, not even for what is seen next.
  const still = identificationOf('cart-pole', policy, [behaving(0, -20).fill(0, 0, 6)]);
  const [a, b] = [await load(still, 1), await load(still, 1)];
  expect(env.observationSpace).toEqual(box(6));
  for (const one of [a, b]) one.reset({ seed: 2 });
  a.step(Float32Array.of(3, -3));
  b.step(Float32Array.of(-3, -3));
  expect(a.info['strength'][0]).toBeGreaterThan(b.info['strength'][0] + 1.9);
  for (let k = 0; k < 5; k++) expect(Math.abs(a.observations[k] - b.observations[k])).toBeLessThan(0.05);
});

const generator = generatorRef(robot, { hidden: [4], split: false });
/** A generator that gives the same whatever it sees: its last layer has a bias alone. */
function constant(theta: readonly number[], logStd: number): Float32Array {
  const parameters = new Float32Array(generator.size);
  // [6 × 4] + 4, [4 × 4], then the bias: means, deviations.
  parameters.set([...theta, logStd, logStd], 6 * 4 + 4 + 4 * 4);
  return parameters;
}

test('a constant generator makes refinement the hybrid simulator with these parameters', async () => {
  const count = 2;
  const theta = [0.2, 1.5];
  const refs = [true, false].map(stochastic =>
    refinementOf('cart-pole', generator, [constant(theta, -30)], { stochastic }),
  );
  const hybrid = await load(robot.hybrid(), count);
  for (const ref of refs) {
    const env = await load(ref, count);
    for (const one of [env, hybrid]) one.reset({ seed: 6 });
    for (let t = 0; t < 10; t++) {
      const push = [Math.sin(t), -Math.cos(t)];
      env.step(Float32Array.from(push));
      hybrid.step(Float32Array.from(push.flatMap(a => [a, ...theta])));
      expect(env.observations).toEqual(hybrid.observations);
      expect(env.rewards).toEqual(hybrid.rewards);
    }
  }
});

test('each step draws a snapshot and its parameters anew; seeds repeat, and a restored copy goes on the same', async () => {
  const ref = refinementOf('cart-pole', generator, [constant([2, 0], -30), constant([-2, 0], -30)]);
  const [env, again, third] = [await load(ref, 40), await load(ref, 40), await load(ref, 40)];
  const steps = (one: VectorEnvironment, from: number, to: number) => {
    for (let t = from; t < to; t++) one.step(Float32Array.from({ length: 40 }, (_, i) => Math.sin(t + i)));
    return one.observations.slice();
  };
  for (const one of [env, again]) one.reset({ seed: 3 });
  expect(steps(env, 0, 4)).toEqual(steps(again, 0, 4));
  const strengths = [...env.info['strength']];
  const strong = strengths.filter(strength => strength > 1.4).length;
  expect(strengths.filter(strength => strength < -0.4).length + strong).toBe(40);
  expect(strong).toBeGreaterThan(8);
  expect(strong).toBeLessThan(32);
  third.restore?.(env.snapshot?.() ?? null);
  expect(steps(third, 4, 6)).toEqual(steps(env, 4, 6));
  const noisy = await load(refinementOf('cart-pole', generator, [constant([0, 0], -1)]), 40);
  noisy.reset({ seed: 3 });
  steps(noisy, 0, 1);
  expect(new Set(noisy.info['strength']).size).toBe(40);
});

test('identification goes on the same from a snapshot, and at an episode’s end has its true last observation', async () => {
  const ref = identificationOf('cart-pole', policy, [behaving(0, -1)], { maxEpisodeSteps: 5 });
  const [env, again] = [await load(ref, 2), await load(ref, 2)];
  env.reset({ seed: 8 });
  for (let t = 0; t < 4; t++) env.step(every(2, source));
  again.restore?.(env.snapshot?.() ?? null);
  for (const one of [env, again]) one.step(every(2, source));
  expect([...env.truncated]).toEqual([1, 1]);
  expect(again.finalObservations).toEqual(env.finalObservations);
  expect(again.observations).toEqual(env.observations);
  // It hangs on, while the new episode starts near the middle with another action.
  expect(env.finalObservations[5]).not.toBe(env.observations[5]);
  expect(env.finalObservations[3]).not.toBe(env.observations[3]);
});

test('a split generator has a trunk for motors and one for contacts, and a blind one is the same everywhere', async () => {
  const ref = generatorRef(robot, { hidden: [8] });
  expect(ref.config['trunks']).toEqual([1, 1]);
  const blind = await compilePolicy(generatorRef(robot, { hidden: [8], seesState: false }));
  const seeing = await compilePolicy(ref);
  const rows = { shape: [2, 6], data: Float32Array.from({ length: 12 }, () => random.normal()) };
  const [a, b] = [blind, seeing].map(one => one.decide(rows).data);
  expect([a[2], a[3]]).toEqual([a[0], a[1]]);
  expect(b[2]).not.toBe(b[0]);
});

const random = Random.fromSeed(5);
