import { beforeAll, describe, expect, test } from 'vitest';
import type { WorldOptions } from '../../../src/env/rapier/build.ts';
import { type Engine, engineNames, loadEngine } from '../../../src/env/rapier/engine.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { PackedWorld } from '../../../src/env/rapier/packed-world.ts';
import type { MotorDescription, RobotDescription } from '../../../src/env/rapier/robot.ts';

const g = 9.81;
const still: WorldOptions = { dt: 0.005, iterations: 4, sweeps: 2, spacing: 1 };
const onGround: WorldOptions = { ...still, ground: { friction: 1 } };

const box = { kind: 'box', half: [0.2, 0.1, 0.2] } as const;

const crate: RobotDescription = {
  name: 'crate',
  bodies: [{ name: 'crate', shape: box, position: [0, 0.1, 0], mass: 4, friction: 0.5, color: '#888' }],
  joints: [],
};

/** A box that slides and carries a mass, in the plane. */
const sled: RobotDescription = {
  name: 'sled',
  planar: true,
  bodies: [
    { name: 'load', shape: box, position: [0, 0.1, 0], mass: 2, touches: false, color: '#888' },
    { name: 'runner', shape: box, position: [0, 0.1, 0], mass: 2, friction: 0.5, color: '#888' },
  ],
  joints: [
    { name: 'pin', kind: 'hinge', parent: 'load', child: 'runner', anchor: [0, 0.1, 0], axis: [0, 0, 1] },
  ],
};

/** A one-metre arm of 2 kg that points forward from a post. */
const arm = (motor?: MotorDescription, limits?: readonly [number, number]): RobotDescription => ({
  name: 'arm',
  planar: true,
  bodies: [
    { name: 'post', shape: box, position: [0, 2, 0], mass: 1, fixed: true, color: '#888' },
    {
      name: 'arm',
      shape: { kind: 'box', half: [0.5, 0.02, 0.02] },
      position: [0.5, 2, 0],
      mass: 2,
      touches: false,
      color: '#888',
    },
  ],
  joints: [
    {
      name: 'shoulder',
      kind: 'hinge',
      parent: 'post',
      child: 'arm',
      anchor: [0, 2, 0],
      axis: [0, 0, 1],
      ...(limits && { limits }),
      ...(motor && { motor }),
    },
  ],
});

const cart = (damping: number): RobotDescription => ({
  name: 'cart',
  planar: true,
  bodies: [
    { name: 'rail', shape: box, position: [0, 1, 0], mass: 1, fixed: true, color: '#888' },
    { name: 'cart', shape: box, position: [0, 1, 0], mass: 2, touches: false, color: '#888' },
  ],
  joints: [
    {
      name: 'slide',
      kind: 'slider',
      parent: 'rail',
      child: 'cart',
      anchor: [0, 1, 0],
      axis: [1, 0, 0],
      motor: { kind: 'drive', damping, maxTorque: 50 },
    },
  ],
});

describe.each(engineNames)('on the %s build', name => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(name);
  });

  /** Steps for a time and gives the world, gathered, to look at. */
  function run(
    robot: RobotDescription,
    options: WorldOptions,
    seconds: number,
    prepare?: (world: PackedWorld) => void,
  ) {
    const world = new PackedWorld(engine, robot, 1, options);
    prepare?.(world);
    for (let t = 0; t < Math.round(seconds / options.dt); t++) world.step();
    world.gather(0);
    return world;
  }

  test('a body falls as g says', () => {
    const world = run(crate, still, 1);
    // Semi-implicit steps of h = dt / iterations fall ½ g t (t + h).
    expect(world.states[1] - 0.1).toBeCloseTo(-0.5 * g * (1 + 0.005 / 4), 2);
    expect(world.states[8]).toBeCloseTo(-g, 3);
    world.free();
  });

  test.each([crate, sled])('a sliding $name stops after v² / 2 μ g', robot => {
    const world = run(robot, onGround, 2, made => {
      const start = restStart(robot);
      start.position[1] = 0.031;
      start.velocity[0] = 3;
      made.start(0, start);
    });
    // It drops 31 mm first; stopping that fall costs μ times as much forward speed.
    const impact = Math.sqrt(2 * g * 0.031);
    const speed = 3 - 0.5 * impact;
    expect(world.states[7]).toBeCloseTo(0, 2);
    expect(world.states[0] - (3 * impact) / g).toBeCloseTo(speed ** 2 / (2 * 0.5 * g), 1);
    world.free();
  });

  test('a drive gives the force it is told', () => {
    const world = run(cart(0.01), still, 1, made => made.aim(0, 0, 10));
    expect(world.speed(0, 0)).toBeCloseTo(5, 1);
    expect(world.angle(0, 0)).toBeCloseTo(2.5, 1);
    expect(world.states[13 + 1]).toBeCloseTo(1, 4);
    world.free();
  });

  test('a servo holds what its torque can hold, and no more', () => {
    const weight = 2 * g * 0.5;
    const servo = (maxTorque: number) =>
      ({ kind: 'servo', stiffness: 2000, damping: 100, maxTorque }) as const;
    const strong = run(arm(servo(1.1 * weight)), still, 1);
    expect(strong.angle(0, 0)).toBeCloseTo(-weight / 2000, 3);
    strong.free();
    const weak = run(arm(servo(0.8 * weight)), still, 1);
    expect(weak.angle(0, 0)).toBeLessThan(-0.3);
    weak.free();
  });

  test('limits hold against a motor that drives past them', () => {
    const servo = { kind: 'servo', stiffness: 100, damping: 5, maxTorque: 60 } as const;
    const world = run(arm(servo, [-0.5, 0.5]), still, 2, made => made.aim(0, 0, 2));
    expect(world.angle(0, 0)).toBeGreaterThan(0.45);
    expect(world.angle(0, 0)).toBeLessThan(0.53);
    world.free();
  });

  test('a swinging arm keeps its energy', () => {
    const world = new PackedWorld(engine, arm(), 1, still);
    const energy = () => {
      world.gather(0);
      const [, y] = world.states.subarray(13);
      const [vx, vy] = world.states.subarray(13 + 7);
      const spin = world.states[13 + 12];
      const inertia = (2 * (1 + 0.04 ** 2)) / 12;
      return 2 * g * (y - 1.5) + (vx ** 2 + vy ** 2) + 0.5 * inertia * spin ** 2;
    };
    const before = energy();
    for (let t = 0; t < 400; t++) world.step();
    expect(Math.abs(energy() - before) / before).toBeLessThan(0.03);
    world.free();
  });

  test('a start in reach of the ground is refused: it would inherit contacts', () => {
    const world = new PackedWorld(engine, crate, 1, onGround);
    const start = restStart(crate);
    start.position[1] = 0.01;
    expect(() => world.start(0, start)).toThrow(
      'crate starts 0.010 m over the ground, expected at least 0.03',
    );
    world.free();
  });
});

test('a planar robot whose first body touches stays in its plane, and friction stops it as it stops others', async () => {
  const engine = await loadEngine('simd');
  const slide = (planar: boolean) => {
    const world = new PackedWorld(engine, { ...crate, planar }, 2, onGround);
    const start = restStart(crate);
    start.position[1] = 0.04;
    start.velocity[0] = 2;
    world.start(1, start);
    for (let t = 0; t < 200; t++) world.step();
    world.gather(1);
    const [x, y, z] = world.states.subarray(13);
    world.free();
    return { x, y, z };
  };
  const [held, free] = [slide(true), slide(false)];
  expect(free.x).toBeGreaterThan(0.1);
  expect(held.x).toBeCloseTo(free.x, 2);
  expect(held.y).toBeCloseTo(free.y, 3);
  expect(Math.abs(held.z)).toBeLessThan(1e-4);
});

test('joints must form a tree from the first body', async () => {
  const engine = await loadEngine('simd');
  const loose = { ...sled, joints: [] };
  expect(() => new PackedWorld(engine, loose, 1, still)).toThrow(
    'expected every body after the first to hang',
  );
  const [pin] = sled.joints;
  const twice = { ...sled, joints: [{ ...pin, parent: 'runner', child: 'load' }] };
  expect(() => new PackedWorld(engine, twice, 1, still)).toThrow(
    'joint pin: expected runner to be placed before',
  );
});
