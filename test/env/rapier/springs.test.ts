import { expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type EngineName, loadEngine } from '../../../src/env/rapier/engine.ts';
import { hopper, hopperTask } from '../../../src/env/rapier/hopper.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { PackedWorld } from '../../../src/env/rapier/packed-world.ts';
import type { RobotDescription } from '../../../src/env/rapier/robot.ts';
import { alongX } from '../../../src/env/rapier/shapes.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';
import { fillActions, play, sameBits } from './helpers.ts';

const options = { dt: 0.005, iterations: 2, sweeps: 2, ground: { friction: 1 }, spacing: 1 };

/** One body alone. */
const weightOf = (mass: number, shape: RobotDescription['bodies'][number]['shape']): RobotDescription => ({
  name: 'weight',
  planar: true,
  bodies: [{ name: 'weight', shape, turn: alongX, position: [0, 0.05, 0], mass, color: '#000000' }],
  joints: [],
});
const bar = { kind: 'capsule', radius: 0.05, halfHeight: 0.11 } as const;
const ball = { kind: 'sphere', radius: 0.05 } as const;

/** Drops it, and waits. @returns the world, seconds later */
async function dropped(robot: RobotDescription, springs: object, { height = 0.05, seconds = 4, x = 0 } = {}) {
  const world = new PackedWorld(await loadEngine('simd'), robot, 1, {
    ...options,
    springs: { under: ['weight'], mass: 0.5, stiffness: 3000, damping: 60, ...springs },
    apart: true,
  });
  const start = restStart(robot);
  start.position[0] = x;
  start.position[1] = height;
  world.start(0, start);
  for (let t = 0; t < seconds / options.dt; t++) world.step();
  world.gather(0);
  return world;
}

test.each([
  ['a plate', 10, {}, 10 * 9.81],
  ['a plate of half the stiffness', 10, { stiffness: 1500 }, 2 * 10 * 9.81],
  ['a plate under a third of the weight', 10 / 3, {}, (10 / 3) * 9.81],
  ['one of many tiles', 5, { row: { tiles: 8, width: 0.4 } }, 5 * 9.81],
])('on %s a dropped weight comes to rest at m g / k', async (_, mass, springs, newtons) => {
  const world = await dropped(weightOf(mass, bar), springs, { x: 0.2 });
  const sink = newtons / 3000;
  expect(world.sink(0, 0)).toBeCloseTo(sink, 4);
  // The weight is where its tile is, but for what Rapier lets contacts overlap.
  expect(-world.clearance(0, 0)).toBeGreaterThan(sink - 1e-3);
  expect(-world.clearance(0, 0)).toBeLessThan(sink + 4e-3);
  world.free();
});

test('tiles share a weight: a bar on three of them sinks less than a ball on one', async () => {
  const row = { tiles: 8, width: 0.1 };
  const [wide, narrow] = [
    await dropped(weightOf(5, bar), { row }, { x: 0.05 }),
    await dropped(weightOf(5, ball), { row }, { x: 0.05 }),
  ];
  expect(narrow.sink(0, 0)).toBeCloseTo((5 * 9.81) / 3000, 4);
  expect(wide.sink(0, 0)).toBeLessThan(0.6 * narrow.sink(0, 0));
  for (const world of [wide, narrow]) world.free();
});

test('a damper takes the bounce away, and a spring gives no more than it got', async () => {
  /** Heights of the body's underside after it first touched, over a second and a half. */
  const bounce = async (damping: number) => {
    const world = await dropped(weightOf(5, ball), { damping }, { height: 0.4, seconds: 0.3 });
    let highest = -1;
    for (let t = 0; t < 300; t++) {
      world.step();
      world.gather(0);
      if (t > 20) highest = Math.max(highest, world.clearance(0, 0));
    }
    world.free();
    return highest;
  };
  const [loose, tight] = [await bounce(10), await bounce(200)];
  expect(loose).toBeGreaterThan(0.1);
  expect(loose).toBeLessThan(0.4);
  expect(tight).toBeLessThan(0.3 * loose);
});

test.each([0, 0.5, 1])('restitution %d gives back no more than it got', async restitution => {
  const engine = await loadEngine('simd');
  const world = new PackedWorld(engine, weightOf(1, ball), 1, options);
  const start = restStart(world.robot);
  start.position[1] = 0.5;
  world.start(0, start);
  world.grip(0, 0, 1, restitution);
  let [highest, landed] = [0, false];
  for (let t = 0; t < 150; t++) {
    world.step();
    world.gather(0);
    if (world.clearance(0, 0) < 0.01) landed = true;
    else if (landed) highest = Math.max(highest, world.clearance(0, 0));
  }
  // A bounce of e of the speed comes back to e² of the height.
  expect(highest).toBeLessThanOrEqual(0.5 * restitution ** 2 + 0.01);
  expect(highest).toBeGreaterThan(0.5 * restitution ** 2 - 0.06);
  // The next start knows nothing of it.
  world.start(0, start);
  for (let t = 0; t < 100; t++) world.step();
  world.gather(0);
  expect(world.clearance(0, 0)).toBeLessThan(0.01);
  world.free();
});

async function onTiles(count: number, engine: EngineName = 'simd'): Promise<RapierVector> {
  const chosen = hopper.options.parse({ tileStiffness: 5000, engine });
  return new RapierVector(await loadEngine(engine), hopperTask(chosen), count);
}

test('on tiles, too, a reset forgets, copies do not know each other, and snapshots go on the same', async () => {
  const [env, alone] = [await onTiles(2), await onTiles(1)];
  alone.reset({ seed: 7 });
  const expected = play(alone, 7, 24);
  for (const before of [25]) {
    env.reset({ seed: before });
    play(env, before, before);
    env.reset({ seed: 7 });
    expect(sameBits(play(env, 7, 24, 0), expected)).toBe(true);
  }
  const snapshot = structuredClone(env.snapshot());
  const onward = play(env, 9, 12, 1);
  const other = await onTiles(2);
  other.restore(snapshot);
  expect(sameBits(play(other, 9, 12, 1), onward)).toBe(true);
  for (const one of [env, alone, other]) one.close();
});

test('tiles come along with who goes far, and lie level ahead', async () => {
  const env = await onTiles(1);
  const start = restStart(env.world.robot);
  start.position[1] = 0.06;
  start.velocity[0] = 12;
  env.world.start(0, start);
  const actions = new Float32Array(3);
  const streams = [Random.fromSeed(1)];
  for (let t = 0; t < 60 && env.info['x'][0] < 7; t++) {
    fillActions(actions, streams, 0);
    // Held up: the foot goes on flying forward.
    start.position[0] = 0.24 * t;
    env.world.write(0, flying(env, 0.24 * t));
    env.step(actions);
  }
  const tiles = env.render(0).objects.filter(({ id }) => id.startsWith('tile'));
  const x = env.world.states[0];
  expect(x).toBeGreaterThan(6);
  expect(tiles).toHaveLength(40);
  const places = tiles.map(({ position }) => position[0]).sort((a, b) => a - b);
  expect(places[0]).toBeLessThan(x - 2.5);
  expect(places[39]).toBeGreaterThan(x + 2.5);
  expect(new Set(places.map(place => place.toFixed(3))).size).toBe(40);
  env.close();
});

/** A copy's state, its robot put so far forward and high. */
function flying(env: RapierVector, x: number): Float64Array {
  const { world } = env;
  const out = new Float64Array(world.copySize);
  world.read(0, out);
  const dx = x - out[0];
  const dy = 1.3 - out[1];
  for (let at = 0; at < world.stride; at += 13) {
    out[at] += dx;
    out[at + 1] += dy;
  }
  return out;
}

test('a state of a copy holds its tiles', async () => {
  const env = await onTiles(2);
  env.reset({ seed: 4 });
  play(env, 4, 14);
  expect(env.world.sink(1, 0)).toBeGreaterThan(0.002);
  const state = env.copyState(1);
  const sink = env.world.sink(1, 0);
  env.setCopyState(0, state);
  expect(env.world.sink(0, 0)).toBeCloseTo(sink, 6);
  env.close();
});

test('springs that cannot be are refused', async () => {
  const engine = await loadEngine('simd');
  const springs = { under: ['weight'], mass: 1, stiffness: 1000, damping: 10 };
  const make = (more: object, count = 1) =>
    new PackedWorld(engine, weightOf(1, ball), count, { ...options, springs: { ...springs, ...more } });
  expect(() => make({}, 2)).toThrow('springs under 2 robots, expected worlds apart');
  expect(() => make({ stiffness: 0 })).toThrow('springs: stiffness = 0, expected a number above 0');
  expect(() => make({ row: { tiles: 0.5, width: 1 } })).toThrow('springs: tiles = 0.5');
  expect(() => make({ row: { tiles: 5, width: Number.NaN } })).toThrow('springs: width = NaN');
  expect(() => make({ under: ['leg'] })).toThrow('no body named leg');
  expect(() => make({ under: [] })).toThrow('springs: under = 0 bodies');
});
