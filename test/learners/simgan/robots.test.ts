import { expect, test } from 'vitest';
import { TroupeError } from '../../../src/core/errors.ts';
import { loadEnvironment } from '../../../src/env/define.ts';
import { flatSize } from '../../../src/env/spaces.ts';
import { parameterTransforms } from '../../../src/learners/simgan/parameters.ts';
import { parameterValue, policyBounds, robotOf, robots } from '../../../src/learners/simgan/robots.ts';

const all = Object.values(robots);
const quiet = { observationNoise: 0, actionNoise: 0 };

test.each(all)('$name: what the table says is so in every environment of it', async robot => {
  const hybrid = await loadEnvironment(robot.hybrid(), 2);
  const theta = robot.parameters.length;
  expect(flatSize(hybrid.observationSpace)).toBe(robot.observations);
  expect(flatSize(hybrid.actionSpace)).toBe(robot.actions + theta);
  expect(policyBounds(hybrid.actionSpace, robot).low).toEqual(new Array(robot.actions).fill(-1));
  const others = [...['source', ...robot.targets].map(domain => robot.in(domain)), robot.randomized()];
  for (const ref of others) {
    const env = await loadEnvironment({ ...ref, options: { ...ref.options, maxEpisodeSteps: 1 } }, 1);
    expect([flatSize(env.observationSpace), flatSize(env.actionSpace)]).toEqual([
      robot.observations,
      robot.actions,
    ]);
    env.step(new Float32Array(robot.actions));
    expect(env.truncated[0] + env.terminated[0]).toBeGreaterThan(0);
    env.close();
  }
  // The generator's outputs come behind the policy's, in the table's order, and are told by the names of the table.
  const raw = robot.parameters.map((_, k) => 0.5 * Math.sin(k));
  const sources = robot.parameters.map(({ source }) => source);
  const idle = new Array<number>(robot.actions).fill(0);
  hybrid.reset({ seed: 1 });
  hybrid.step(Float32Array.from([...idle, ...raw, ...idle, ...sources]));
  for (const [k, parameter] of robot.parameters.entries()) {
    const { name } = parameter;
    const told = hybrid.info[name];
    expect(told[0] / parameterValue(parameter, raw[k]), name).toBeCloseTo(1, 4);
    const { low, high } = parameterTransforms[parameter.transform];
    for (const value of told)
      expect(value >= Math.fround(low) && value <= Math.fround(high), name).toBe(true);
  }
  hybrid.close();
});

test.each(all)('$name: with the table’s raw outputs of the source, it begins as the source', async robot => {
  const ref = robot.in('source');
  const source = await loadEnvironment({ ...ref, options: { ...ref.options, ...quiet } }, 1);
  const like = robot.hybrid();
  const hybrid = await loadEnvironment({ ...like, options: { ...like.options, ...quiet } }, 1);
  const theta = robot.parameters.map(({ source }) => source);
  for (const one of [source, hybrid]) one.reset({ seed: 3 });
  expect(hybrid.observations).toEqual(source.observations);
  for (let t = 0; t < 5; t++) {
    const actions = Array.from({ length: robot.actions }, (_, k) => 0.3 * Math.sin(t + k));
    source.step(Float32Array.from(actions));
    hybrid.step(Float32Array.from([...actions, ...theta]));
  }
  source.observations.forEach((value, k) => {
    expect(Math.abs(value - hybrid.observations[k])).toBeLessThan(0.05);
  });
  for (const one of [source, hybrid]) one.close();
});

test('randomised hoppers and quadrupeds differ from episode to episode, by what info tells', async () => {
  for (const robot of [robots.hopper, robots.quadruped]) {
    const env = await loadEnvironment(robot.randomized({ maxEpisodeSteps: 5 }), 2);
    env.reset({ seed: 4 });
    const drawn = new Set<number>();
    for (let t = 0; t < 15; t++) {
      env.step(new Float32Array(2 * robot.actions));
      for (const mass of env.info['mass']) drawn.add(mass);
    }
    expect(drawn.size).toBe(6);
    for (const mass of drawn) expect(mass > 0.5 && mass < 1.5).toBe(true);
    const seen = env.observations.slice();
    env.reset({ seed: 4 });
    for (let t = 0; t < 15; t++) env.step(new Float32Array(2 * robot.actions));
    expect(env.observations).toEqual(seen);
    env.close();
  }
});

test('robots and domains that are not there are named', () => {
  expect(() => robotOf('snake')).toThrow(/^robot: snake, expected one of cart-pole, hopper, quadruped$/);
  for (const robot of all) {
    expect(() => robot.in('moon')).toThrow(TroupeError);
    expect(() => robot.in('moon')).toThrow(`robot ${robot.name}: domain = moon, expected one of source, `);
  }
});
