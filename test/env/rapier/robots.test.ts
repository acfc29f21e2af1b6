import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type Engine, engineNames, loadEngine } from '../../../src/env/rapier/engine.ts';
import { bodyStride, restStart } from '../../../src/env/rapier/kinematics.ts';
import { PackedWorld } from '../../../src/env/rapier/packed-world.ts';
import { massOf } from '../../../src/env/rapier/robot.ts';
import { actionSizeOf, bareWorld, fillActions, make, tasks } from './helpers.ts';

const names = Object.keys(tasks);
/** Costly to step: less of them here, 2,000 steps in `stability.full.test.ts`. */
const large = ['half-cheetah', 'quadruped'];

describe.each(names)('%s', name => {
  test('weighs what its description says', async () => {
    const env = await make(name, 1);
    const world = bareWorld(await loadEngine('simd'), env);
    let mass = 0;
    world.forEachRigidBody(body => {
      if (body.isDynamic()) mass += body.mass();
    });
    expect(mass).toBeCloseTo(massOf(tasks[name].robot), 4);
    world.free();
    env.close();
  });

  test('stands in the pose it is put into, no joint torn', async () => {
    const env = await make(name, 2);
    const { world } = env;
    const { joints } = tasks[name].robot;
    const random = Random.fromSeed(4);
    const start = restStart(tasks[name].robot);
    start.position[1] = 0.6;
    for (let j = 0; j < joints.length; j++) {
      start.angles[j] = random.uniform(-0.5, 0.5);
      start.speeds[j] = random.uniform(-1, 1);
    }
    start.turn[2] = 0.2;
    if (tasks[name].robot.bodies[0].fixed) {
      start.position.fill(0);
      start.turn.fill(0);
    }
    world.start(1, start);
    for (let j = 0; j < joints.length; j++) {
      expect(world.angle(1, j)).toBeCloseTo(start.angles[j], 4);
      expect(world.speed(1, j)).toBeCloseTo(start.speeds[j], 4);
    }
    // A torn joint would be pulled together at once, and speeds would jump far beyond what motors do in a step.
    const before = world.states.slice();
    world.step();
    world.gather(1);
    for (let b = 0; b < tasks[name].robot.bodies.length; b++) {
      for (let k = 0; k < 3; k++) {
        const at = world.stride + b * bodyStride + k;
        expect(Math.abs(world.states[at] - before[at])).toBeLessThan(0.05);
      }
    }
    env.close();
  });

  test('its limits hold while it flails', async () => {
    const env = await make(name, 4);
    const streams = Array.from({ length: 4 }, (_, i) => Random.fromSeed(5).split(i));
    const actions = new Float32Array(4 * actionSizeOf(env));
    const { joints } = tasks[name].robot;
    // As the tables of these two say.
    const past = { quadruped: 0.5, 'half-cheetah': 0.25 }[name] ?? 0.15;
    for (let t = 0; t < (large.includes(name) ? 40 : 150); t++) {
      fillActions(actions, streams);
      env.step(actions);
      for (let j = 0; j < joints.length; j++) {
        const [low, high] = joints[j].limits ?? [-Math.PI - 1, Math.PI + 1];
        for (let copy = 0; copy < 4; copy++) {
          expect(env.world.angle(copy, j)).toBeGreaterThan(low - past);
          expect(env.world.angle(copy, j)).toBeLessThan(high + past);
        }
      }
    }
    env.close();
  });
});

test('an ant that jerks from end to end passes its limits for instants alone', async () => {
  const env = await make('ant', 8);
  const { joints } = tasks['ant'].robot;
  const actions = new Float32Array(8 * joints.length);
  let [worst, far, seen] = [0, 0, 0];
  for (let t = 0; t < 250; t++) {
    for (let k = 0; k < actions.length; k++) actions[k] = (Math.floor(t / 5) + (k % 3)) % 2 === 1 ? 1 : -1;
    env.step(actions);
    for (let copy = 0; copy < 8; copy++) {
      for (let j = 0; j < joints.length; j++) {
        const [low, high] = joints[j].limits!;
        const angle = env.world.angle(copy, j);
        const past = Math.max(low - angle, angle - high);
        worst = Math.max(worst, past);
        far += past > 0.15 ? 1 : 0;
        seen++;
      }
    }
  }
  // As its table says: what a joint turns in a physics step or two.
  expect(worst).toBeLessThan(0.6);
  expect(far / seen).toBeLessThan(0.03);
  env.close();
});

describe.each(engineNames)('without motors on the %s build', engineName => {
  test.each(names)('%s has never more energy than it started with', async name => {
    const engine = await loadEngine(engineName);
    const { robot: motored, world: options } = tasks[name];
    const robot = { ...motored, joints: motored.joints.map(({ motor: _, ...joint }) => joint) };
    const world = new PackedWorld(engine, robot, 1, options);
    const start = restStart(robot);
    if (robot.bodies[0].fixed) start.angles[1] = 2;
    else {
      start.position[1] = 1.5;
      start.velocity[0] = 2;
      start.spin[2] = 2;
    }
    start.speeds.forEach((_, j) => {
      start.speeds[j] = j % 2 === 0 ? -4 : 4;
    });
    world.start(0, start);
    const energy = () => energyOf(engine, world, -(options.gravity ?? -9.81));
    const before = energy();
    for (let t = 0; t < (large.includes(name) ? 150 : 300); t++) {
      world.step();
      if (t % 5 === 0) expect(energy()).toBeLessThan(before + (options.gravity === 0 ? 0.001 : 0.1));
    }
    world.free();
  });
});

/** Kinetic and potential energy of all bodies, J, as Rapier's own figures have it. */
function energyOf(engine: Engine, packed: PackedWorld, gravity: number): number {
  const world = engine.rapier.World.restoreSnapshot(packed.snapshot());
  let energy = 0;
  world.forEachRigidBody(body => {
    if (!body.isDynamic()) return;
    const { x, y, z } = body.linvel();
    energy += body.mass() * (0.5 * (x * x + y * y + z * z) + gravity * body.worldCom().y);
    const { m11, m12, m13, m22, m23, m33 } = body.effectiveAngularInertia();
    const spin = body.angvel();
    // What is locked has no inertia to speak of, and does not turn.
    const turning =
      m11 * spin.x ** 2 +
      m22 * spin.y ** 2 +
      m33 * spin.z ** 2 +
      2 * (m12 * spin.x * spin.y + m13 * spin.x * spin.z + m23 * spin.y * spin.z);
    energy += 0.5 * turning;
  });
  world.free();
  return energy;
}

test.each(['hopper', 'half-cheetah', 'reacher', 'cart-pole-swing-up'])(
  '%s stays in its plane',
  async name => {
    const env = await make(name, 3);
    const streams = Array.from({ length: 3 }, (_, i) => Random.fromSeed(6).split(i));
    const actions = new Float32Array(3 * actionSizeOf(env));
    for (let t = 0; t < (large.includes(name) ? 60 : 300); t++) {
      fillActions(actions, streams);
      env.step(actions);
      const { states } = env.world;
      for (let at = 0; at < states.length; at += bodyStride) {
        const outOfPlane = [at + 2, at + 3, at + 4, at + 9, at + 10, at + 11].map(k => Math.abs(states[k]));
        expect(Math.max(...outOfPlane)).toBeLessThan(1e-4);
      }
    }
    env.close();
  },
);

test('the feet of a standing ant stay where they are', async () => {
  const env = await make('ant', 1);
  const feet = tasks['ant'].robot.bodies.flatMap((body, b) => (body.name.endsWith('shin') ? [b] : []));
  const idle = new Float32Array(8);
  const place = (b: number) => env.world.states.slice(b * bodyStride, b * bodyStride + 3);
  for (let t = 0; t < 25; t++) env.step(idle);
  const before = feet.map(place);
  for (let t = 0; t < 25; t++) env.step(idle);
  feet.forEach((b, i) => {
    const now = place(b);
    expect(Math.hypot(now[0] - before[i][0], now[2] - before[i][2])).toBeLessThan(0.02);
  });
  expect(env.info['feet'][0]).toBe(4);
  env.close();
});

test('motors in the air cannot move the middle of mass', async () => {
  const env = await make('ant', 1);
  const { world } = env;
  const { bodies } = tasks['ant'].robot;
  const start = restStart(tasks['ant'].robot);
  start.position[1] = 20;
  world.start(0, start);
  const momentum = (k: number) =>
    bodies.reduce((sum, body, b) => sum + body.mass * world.states[b * bodyStride + 7 + k], 0);
  for (let t = 0; t < 50; t++) {
    for (let j = 0; j < 8; j++) world.aim(0, j, 0.6 * Math.sin(0.3 * t + j));
    world.step();
  }
  world.gather(0);
  expect(momentum(0)).toBeCloseTo(0, 1);
  expect(momentum(2)).toBeCloseTo(0, 1);
  expect(momentum(1) / massOf(tasks['ant'].robot)).toBeCloseTo(-9.81 * 0.5, 1);
  env.close();
});
