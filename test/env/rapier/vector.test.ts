import { expect, expectTypeOf, test } from 'vitest';
import { TroupeError } from '../../../src/core/errors.ts';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import {
  type EnvironmentDefinition,
  makeEnvironment,
  makeVectorEnvironment,
} from '../../../src/env/define.ts';
import { ant } from '../../../src/env/rapier/ant.ts';
import { cartPoleSwingUp, cartPoleTask } from '../../../src/env/rapier/cart-pole-swing-up.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { halfCheetah } from '../../../src/env/rapier/half-cheetah.ts';
import { hopper } from '../../../src/env/rapier/hopper.ts';
import { quadruped } from '../../../src/env/rapier/quadruped.ts';
import { reacher } from '../../../src/env/rapier/reacher.ts';
import type { Memory, RapierTask } from '../../../src/env/rapier/task.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';
import { flatSize } from '../../../src/env/spaces.ts';
import { actionSizeOf, make, tasks } from './helpers.ts';

const names = Object.keys(tasks);
const definitions: EnvironmentDefinition[] = [hopper, ant, halfCheetah, reacher, quadruped, cartPoleSwingUp];

/** Those that are left out are in `conformance.full.test.ts`. */
const quick = [hopper, ant, reacher, cartPoleSwingUp] as const;

test.each<EnvironmentDefinition>(quick)('$name keeps every rule of the conformance kit', async definition => {
  const report = await checkEnvironment(definition, { steps: 40, patience: 520 });
  expect(describeReport(report)).toContain('keeps all');
});

test.each(definitions)('$name takes a time limit', async definition => {
  const env = await makeVectorEnvironment(definition, { maxEpisodeSteps: 2 }, 2);
  const idle = new Float32Array(2 * flatSize(env.actionSpace));
  env.step(idle);
  expect([...env.truncated]).toEqual([0, 0]);
  env.step(idle);
  expect([...env.truncated]).toEqual([1, 1]);
  env.close();
  await expect(makeVectorEnvironment(definition, { maxEpisodeSteps: 0 }, 1)).rejects.toThrow(
    `${definition.name} options: maxEpisodeSteps = 0`,
  );
});

test.each(names)('%s is made with the engine that is asked for', async name => {
  const definition = definitions.find(one => one.name === name)!;
  const env = await makeVectorEnvironment(definition, { engine: 'deterministic' }, 1);
  expect(env.snapshot?.()).toMatchObject({ engine: 'deterministic', version: '0.21.0', task: name });
  env.close();
  await expect(makeVectorEnvironment(definition, { engine: 'fast' }, 1)).rejects.toThrow(
    new RegExp(`^${name} options: engine = "fast": .*simd.*deterministic`),
  );
});

test('after a reset, info is about where the episodes start', async () => {
  const env = await make('hopper', 2);
  const size = flatSize(env.observationSpace);
  env.step(new Float32Array(6));
  env.reset({ seed: 3 });
  const { height, pitch, airborne, fell } = env.info as Record<string, Float32Array>;
  expect([...height]).toEqual([env.observations[0], env.observations[size]]);
  expect([...pitch]).toEqual([env.observations[1], env.observations[size + 1]]);
  expect([...airborne, ...fell]).toEqual([1, 1, 0, 0]);
  env.close();
  const one = await makeEnvironment(hopper, { maxEpisodeSteps: 1 });
  for (let episode = 0; episode < 2; episode++) {
    const begun = one.reset(episode === 0 ? { seed: 3 } : {});
    expect(begun.info['height']).toBe(begun.observation[0]);
    expect(one.step(new Float32Array(3)).truncated).toBe(true);
  }
  one.close?.();
});

test('a snapshot of another engine, task or count is refused in one line', async () => {
  const [simd, other, more, task] = [
    await make('hopper', 2),
    await make('hopper', 2, 'deterministic'),
    await make('hopper', 3),
    await make('ant', 2),
  ];
  const snapshot = simd.snapshot();
  const before = other.snapshot();
  expect(() => other.restore(snapshot)).toThrow('hopper snapshot: engine = simd, expected deterministic');
  expect(other.snapshot()).toEqual(before);
  expect(() => more.restore(snapshot)).toThrow('hopper snapshot: count = 2, expected 3');
  expect(() => task.restore(snapshot)).toThrow('ant snapshot: task = hopper, expected ant');
  const older = { ...(snapshot as Record<string, never>), version: '0.19.3' };
  expect(() => simd.restore(older)).toThrow('hopper snapshot: version = 0.19.3, expected 0.20.0');
  for (const env of [simd, other, more, task]) env.close();
});

test('a snapshot of another robot is refused, whatever the task is called', async () => {
  const engine = await loadEngine('simd');
  const [light, heavy, deep] = [1, 2, 1].map((mass, i) => {
    const { robot } = cartPoleTask;
    const bodies = robot.bodies.map(body => ({ ...body, mass: body.mass * mass }));
    const task = { ...cartPoleTask, robot: { ...robot, bodies }, physicsSteps: i === 2 ? 8 : 4 };
    return new RapierVector(engine, task, 1);
  });
  for (const other of [heavy, deep]) {
    const before = other.snapshot();
    expect(() => other.restore(light.snapshot())).toThrow(
      /^cart-pole-swing-up snapshot: design = \w+, expected \w+$/,
    );
    expect(other.snapshot()).toEqual(before);
  }
  for (const env of [light, heavy, deep]) env.close();
});

test('a damaged snapshot is refused in one line', async () => {
  const env = await make('hopper', 1);
  const snapshot = env.snapshot() as Record<string, never>;
  const broken = [
    null,
    {},
    { ...snapshot, world: [1, 2, 3] },
    { ...snapshot, world: Uint8Array.of(1, 2, 3) },
    { ...snapshot, columns: {} },
    { ...snapshot, memory: null },
    { ...snapshot, streams: new Uint32Array(3) },
  ];
  env.step(new Float32Array(3));
  const before = env.snapshot();
  for (const wrong of broken) {
    expect(() => env.restore(wrong)).toThrow(TroupeError);
    expect(() => env.restore(wrong)).toThrow(/^[^\n]+$/);
    expect(env.snapshot()).toEqual(before);
  }
  env.restore(snapshot);
  env.close();
});

test.each(names)('%s renders its bodies where they stand, around the copy itself', async name => {
  const env = await make(name, 3);
  env.step(new Float32Array(3 * actionSizeOf(env)).fill(0.2));
  const scene = env.render(2);
  const { bodies, joints } = tasks[name].robot;
  const ids = scene.objects.map(object => object.id);
  expect(ids).toEqual([
    ...(tasks[name].world.ground ? ['ground'] : []),
    ...bodies.map(body => body.name),
    ...(name === 'reacher' ? ['target', 'fingertip'] : []),
  ]);
  const drawn = scene.objects.filter(({ id }) => bodies.some(body => body.name === id));
  drawn.forEach((object, b) => {
    const at = 2 * env.world.stride + b * 13;
    expect(object.position).toEqual([...env.world.states.subarray(at, at + 3)]);
    expect(Math.hypot(...object.position)).toBeLessThan(3);
    expect(Math.hypot(...object.rotation)).toBeCloseTo(1, 5);
    expect(object.shape).toBe(bodies[b].shape);
  });
  expect(joints.length).toBeGreaterThan(0);
  const captions: Readonly<Record<string, RegExp>> = {
    'cart-pole-swing-up': /^\d+° from upright$/,
    reacher: /^\d+\.\d cm from the target$/,
  };
  expect(scene.caption).toMatch(captions[name] ?? /^-?\d+\.\d m$/);
  env.close();
});

test('a turned capsule is drawn along its limb', async () => {
  const env = await make('hopper', 1);
  const scene = env.render(0);
  const thigh = scene.objects.find(object => object.id === 'thigh')!;
  const [x, y, z, w] = thigh.rotation;
  // The capsule's own y axis, upper end: the thigh leans forward below, so back above.
  expect(2 * (x * y - w * z)).toBeCloseTo(-Math.sin(0.5), 1);
  expect(1 - 2 * (x * x + z * z)).toBeCloseTo(Math.cos(0.5), 1);
  env.close();
});

test('closing twice is closing once', async () => {
  const env = await make('ant', 1);
  env.close();
  expect(() => env.close()).not.toThrow();
});

test('an environment that is used after close says so', async () => {
  const env = await make('hopper', 1);
  const snapshot = env.snapshot();
  env.close();
  const uses = [
    () => env.step(new Float32Array(3)),
    () => env.reset(),
    () => env.render(0),
    () => env.snapshot(),
    () => env.restore(snapshot),
  ];
  for (const use of uses) expect(use).toThrow('environment hopper: used after close');
});

test('a task plays with the memory and the info that it names', () => {
  const { play } = cartPoleTask;
  const task: RapierTask<'last', 'speed'> = {
    ...cartPoleTask,
    memory: ['last'],
    info: ['speed'],
    play(stage) {
      expectTypeOf(stage.memory).toEqualTypeOf<Memory<'last'>>();
      expectTypeOf(stage.info).toEqualTypeOf<Readonly<Record<'speed', Float32Array>>>();
      // @ts-expect-error a memory that the task does not name
      stage.memory.first;
      return play({ ...stage, memory: {}, info: { x: stage.info.speed, angle: stage.info.speed } });
    },
  };
  expectTypeOf(task).toExtend<RapierTask>();
});

test('a step that ends the task as time runs out says both, as in the other families', async () => {
  const { play } = cartPoleTask;
  const task: typeof cartPoleTask = {
    ...cartPoleTask,
    episodeSteps: 1,
    play: stage => ({ ...play(stage), ended: () => true }),
  };
  const env = new RapierVector(await loadEngine('simd'), task, 1);
  env.step(new Float32Array(1));
  expect([env.terminated[0], env.truncated[0]]).toEqual([1, 1]);
  env.close();
});
