import { afterEach, expect, test } from 'vitest';
import type { VectorEnvironment } from '../../../src/env/contract.ts';
import { loadEnvironment } from '../../../src/env/define.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';
import { hybridQuadruped, hybridQuadrupedTask } from '../../../src/learners/simgan/hybrid-quadruped.ts';
import { robots } from '../../../src/learners/simgan/robots.ts';

const robot = robots.quadruped;
const theta = robot.parameters.map(({ source }) => source);
const quiet = { observationNoise: 0, actionNoise: 0 };

const open: VectorEnvironment[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});
async function made(ref = robot.hybrid(), options: object = quiet): Promise<VectorEnvironment> {
  const env = await loadEnvironment({ ...ref, options: { ...ref.options, ...options } }, 1);
  open.push(env);
  return env;
}

/** Torques of springs with damping to the pose at rest, from the angles and speeds that are observed. */
function hold({ observations }: VectorEnvironment): number[] {
  return Array.from({ length: 12 }, (_, j) => {
    const torque = -200 * observations[12 + j] - 1.5 * observations[24 + j];
    return Math.max(-1, Math.min(1, torque / (j % 3 === 0 ? 20 : 40)));
  });
}

/** Stands for so many steps. @returns height at the end */
function stand(env: VectorEnvironment, raw: readonly number[], steps = 80): number {
  env.reset({ seed: 1 });
  for (let t = 0; t < steps; t++) env.step(Float32Array.from([...hold(env), ...raw]));
  expect(env.info['feet'][0]).toBe(4);
  return env.info['height'][0];
}

const softly = (stiffness: number) =>
  theta.map((source, k) => {
    const { name } = robot.parameters[k];
    if (name.endsWith('stiffness')) return Math.atanh((Math.log10(stiffness) - 4.5) / 1.5) - 1;
    return name.endsWith('damping') ? -0.4 : source;
  });

test('it stands as the source does, and its feet sink in by its weight over their springs', async () => {
  const [env, source] = [await made(), await made(robot.in('source'))];
  expect(Math.abs(stand(env, theta) - stand(source, []))).toBeLessThan(0.015);
  const task = hybridQuadrupedTask(hybridQuadruped.options.parse(quiet));
  const seen = new RapierVector(await loadEngine('simd'), task, 1);
  open.push(seen);
  for (const stiffness of [3000]) {
    stand(seen, softly(stiffness));
    const total = [0, 1, 2, 3].reduce((sum, foot) => sum + seen.world.sink(0, foot), 0);
    expect((total * stiffness) / (25 * 9.81)).toBeGreaterThan(0.9);
    expect((total * stiffness) / (25 * 9.81)).toBeLessThan(1.1);
  }
  // The deform target is four springs of that kind.
  const deform = await made(robot.in('deform'));
  expect(Math.abs(stand(deform, []) - stand(env, softly(3000)))).toBeLessThan(0.015);
});

test('without strength it cannot stand, and turned round it kicks the other way', async () => {
  const env = await made();
  env.reset({ seed: 1 });
  const none = theta.map((source, k) => (k < 12 ? -Math.atanh(0.5) : source));
  let fell = 0;
  for (let t = 0; t < 50; t++) {
    env.step(Float32Array.from([...hold(env), ...none]));
    fell += env.terminated[0];
  }
  expect(env.info['front left knee'][0]).toBeCloseTo(0, 6);
  expect(fell).toBeGreaterThan(0);
  const kick = (u: number) => {
    env.reset({ seed: 1 });
    const before = env.observations[24 + 1];
    const raw = theta.map((source, k) => (k === 1 ? u : source));
    env.step(Float32Array.from([...Array.from({ length: 12 }, (_, k) => (k === 1 ? 0.5 : 0)), ...raw]));
    return env.observations[24 + 1] - before;
  };
  expect(kick(Math.atanh(0.5))).toBeGreaterThan(1);
  expect(kick(-Math.atanh(0.9))).toBeLessThan(-0.4);
});

test('back-EMF and a heavy leg make other episodes; a snapshot goes on to the same bits', async () => {
  const play = (env: VectorEnvironment, steps: number) => {
    for (let t = 0; t < steps; t++)
      env.step(Float32Array.from({ length: 12 }, (_, k) => 0.8 * Math.sin(0.4 * t + k)));
    return env.observations.slice();
  };
  const ends = [];
  for (const domain of ['source', 'emf', 'heavy', 'deform']) {
    const env = await made(robot.in(domain));
    env.reset({ seed: 2 });
    ends.push(play(env, 25).join());
  }
  expect(new Set(ends).size).toBe(4);
  const env = await made(robot.hybrid(), {});
  env.reset({ seed: 9 });
  const actions = (t: number) => Float32Array.from({ length: 40 }, (_, k) => 0.5 * Math.sin(t + k));
  for (let t = 0; t < 10; t++) env.step(actions(t));
  const snapshot = env.snapshot!();
  const onward = (one: VectorEnvironment) => {
    for (let t = 10; t < 20; t++) one.step(actions(t));
    return one.observations.slice();
  };
  const expected = onward(env);
  const other = await made(robot.hybrid(), {});
  other.restore!(snapshot);
  expect(onward(other)).toEqual(expected);
});
