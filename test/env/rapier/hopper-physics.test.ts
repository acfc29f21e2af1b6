import { expect, test } from 'vitest';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { hopper, hopperTask } from '../../../src/env/rapier/hopper.ts';
import { hopperRobot } from '../../../src/env/rapier/hopper-robot.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { massOf } from '../../../src/env/rapier/robot.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';
import { bareWorld, make, play, sameBits } from './helpers.ts';

async function made(physics: object, count = 1): Promise<RapierVector> {
  return new RapierVector(await loadEngine('simd'), hopperTask(hopper.options.parse(physics)), count);
}

/** Speed of the knee after one control step in the air that stretches it, from a speed of its own, rad/s. */
async function kick(physics: object, { speed = 0, action = 1 } = {}): Promise<number> {
  const env = await made(physics);
  const start = restStart(env.world.robot);
  start.position[1] = 1;
  start.speeds[1] = speed;
  env.world.start(0, start);
  env.step(Float32Array.of(0, action, 0));
  const after = env.world.speed(0, 1);
  env.close();
  return after;
}

test('motors of less strength turn a joint less, and full strength is the motor as it is', async () => {
  const [full, same, half, none] = [
    await kick({}),
    await kick({ motorStrength: 1 }),
    await kick({ motorStrength: 0.5 }),
    await kick({ motorStrength: 0 }),
  ];
  expect(same).toBe(full);
  expect(half / full).toBeGreaterThan(0.4);
  expect(half / full).toBeLessThan(0.8);
  expect(Math.abs(none)).toBeLessThan(0.02 * full);
});

test('back-EMF weakens what drives a joint along, by its speed, and never what brakes it', async () => {
  const weak = { emfSpeed: 10 };
  // A joint at rest is driven in full at first.
  expect((await kick(weak)) / (await kick({}))).toBeGreaterThan(0.5);
  const gain = async (physics: object, speed: number) =>
    (await kick(physics, { speed })) - (await kick({ motorStrength: 0 }, { speed }));
  // At 8 rad/s, a fifth is left.
  expect((await gain(weak, 8)) / (await gain({}, 8))).toBeLessThan(0.4);
  // Above the speed at which nothing is left, nothing is.
  expect(Math.abs(await gain({ emfSpeed: 4 }, 8))).toBeLessThan(0.05 * (await gain({}, 8)));
  // Against the motion: as strong as ever.
  const [braked, same, idle] = [
    await kick({ motorStrength: 0.15 }, { speed: -8 }),
    await kick({ motorStrength: 0.15, emfSpeed: 8 }, { speed: -8 }),
    await kick({ motorStrength: 0 }, { speed: -8 }),
  ];
  expect(braked - idle).toBeGreaterThan(1);
  expect(braked).toBeLessThan(0);
  expect(same).toBe(braked);
});

test('where nothing is left out of order, back-EMF of a very fast motor is the hopper to the last bit', async () => {
  const [env, plain] = [await made({ emfSpeed: 1e30 }, 2), await make('hopper', 2)];
  for (const one of [env, plain]) one.reset({ seed: 7 });
  expect(sameBits(play(env, 7, 60), play(plain, 7, 60))).toBe(true);
  for (const one of [env, plain]) one.close();
});

test('a load adds to the torso and raises its centre of mass', async () => {
  const env = await made({ torsoLoad: 3.85 });
  const world = bareWorld(await loadEngine('simd'), env);
  world.step();
  const masses: number[] = [];
  world.forEachRigidBody(body => {
    if (body.isDynamic()) masses.push(body.mass());
  });
  expect(massOf(env.world.robot)).toBeCloseTo(massOf(hopperRobot) + 3.85, 6);
  expect(Math.max(...masses)).toBeCloseTo(1.55 * 7, 4);
  const torso = world.bodies.getAll().find(body => Math.abs(body.mass() - 10.85) < 1e-3);
  expect((torso?.worldCom().y ?? 0) - (torso?.translation().y ?? 0)).toBeCloseTo((3.85 * 0.28) / 10.85, 3);
  expect(env.render(0).objects.map(({ id }) => id)).toContain('torso load');
  world.free();
  env.close();
});

test('noise of observations and actions is as large as told, and drawn from the copy’s own stream', async () => {
  const [env, quiet, again] = [
    await made({ observationNoise: 0.02 }),
    await made({}),
    await made({ observationNoise: 0.02 }),
  ];
  let most = 0;
  for (const one of [env, quiet, again]) one.reset({ seed: 3 });
  for (let t = 0; t < 20; t++) {
    for (const one of [env, quiet, again]) one.step(Float32Array.of(0.2, -0.1, 0.3));
    env.observations.forEach((value, k) => {
      most = Math.max(most, Math.abs(value - quiet.observations[k]));
    });
  }
  expect(env.observations).toEqual(again.observations);
  expect(most).toBeGreaterThan(0.01);
  expect(most).toBeLessThanOrEqual(0.0201);
  const shaky = await made({ actionNoise: 0.3 });
  shaky.reset({ seed: 3 });
  quiet.reset({ seed: 3 });
  for (const one of [shaky, quiet]) for (let t = 0; t < 5; t++) one.step(new Float32Array(3));
  expect(shaky.observations).not.toEqual(quiet.observations);
  for (const one of [env, quiet, again, shaky]) one.close();
});
