import type { RigidBody } from '@dimforge/rapier3d-simd-compat';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type Engine, loadEngine } from '../../../src/env/rapier/engine.ts';
import type { RapierVector } from '../../../src/env/rapier/vector.ts';
import { actionSizeOf, bareWorld, fillActions, make, tasks } from './helpers.ts';

// Every number here is worked out from Rapier's own bodies, read past our arrays, with formulas of its own.

type Vector = { x: number; y: number; z: number };
type Turn = Vector & { w: number };

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('simd');
});

/** Copy 1 of two after some random steps: its observation, its info, and its bodies by name. */
async function look(name: string, steps: number) {
  const env = await make(name, 2);
  env.reset({ seed: 21 });
  const streams = [1, 2].map(i => Random.fromSeed(9).split(i));
  const actions = new Float32Array(2 * actionSizeOf(env));
  for (let t = 0; t < steps; t++) {
    fillActions(actions, streams, 0.6);
    env.step(actions);
  }
  const size = env.observations.length / 2;
  const observation = [...env.observations.subarray(size)];
  const world = bareWorld(engine, env);
  const bodies = new Map<string, RigidBody>();
  const all: RigidBody[] = [];
  world.forEachRigidBody(body => all.push(body));
  all.sort((one, other) => handleIndex(one) - handleIndex(other));
  const descriptions = tasks[name].robot.bodies;
  descriptions.forEach((body, b) => {
    bodies.set(body.name, all[descriptions.length + b]);
  });
  const info = (key: string) => env.info[key][1];
  return { env, world, observation, info, body: (key: string) => bodies.get(key)! };
}

/** Rapier's handle is an index and a generation, packed into the bits of a double. */
function handleIndex(body: RigidBody): number {
  return new Uint32Array(Float64Array.of(body.handle).buffer)[0];
}

const pitch = (body: RigidBody) => 2 * Math.atan2(body.rotation().z, body.rotation().w);

function turned(q: Turn, v: Vector): Vector {
  const x2 = q.x ** 2;
  const y2 = q.y ** 2;
  const z2 = q.z ** 2;
  const { x, y, z, w } = q;
  return {
    x: v.x * (1 - 2 * (y2 + z2)) + v.y * 2 * (x * y - z * w) + v.z * 2 * (x * z + y * w),
    y: v.x * 2 * (x * y + z * w) + v.y * (1 - 2 * (x2 + z2)) + v.z * 2 * (y * z - x * w),
    z: v.x * 2 * (x * z - y * w) + v.y * 2 * (y * z + x * w) + v.z * (1 - 2 * (x2 + y2)),
  };
}
const back = (q: Turn, v: Vector) => turned({ x: -q.x, y: -q.y, z: -q.z, w: q.w }, v);
const dot = (a: Vector, b: Vector) => a.x * b.x + a.y * b.y + a.z * b.z;

function done({ env, world }: { env: RapierVector; world: { free(): void } }) {
  world.free();
  env.close();
}

test.each([1, 12, 25])('hopper after %i steps: every index is what the table says', async steps => {
  const seen = await look('hopper', steps);
  const [torso, thigh, shank, foot] = ['torso', 'thigh', 'shank', 'foot'].map(seen.body);
  const expected = [
    torso.translation().y,
    pitch(torso),
    pitch(thigh) - pitch(torso),
    pitch(shank) - pitch(thigh),
    pitch(foot) - pitch(shank),
    torso.linvel().x,
    torso.linvel().y,
    torso.angvel().z,
    thigh.angvel().z - torso.angvel().z,
    shank.angvel().z - thigh.angvel().z,
    foot.angvel().z - shank.angvel().z,
  ];
  expect(seen.observation).toHaveLength(expected.length);
  seen.observation.forEach((value, i) => {
    expect(value, `index ${i}`).toBeCloseTo(expected[i], 3);
  });
  expect(seen.info('x')).toBeCloseTo(torso.translation().x, 5);
  expect(seen.info('height')).toBeCloseTo(torso.translation().y, 5);
  expect(seen.info('pitch')).toBeCloseTo(pitch(torso), 5);
  const sole = foot.translation().y - 0.05 - 0.11 * Math.abs(Math.sin(pitch(foot)));
  expect(seen.info('airborne')).toBe(sole > 0.01 ? 1 : 0);
  done(seen);
});

test.each([1, 25])('half-cheetah after %i steps: every index is what the table says', async steps => {
  const seen = await look('half-cheetah', steps);
  const torso = seen.body('torso');
  const legs = ['back', 'front'].map(leg => [
    torso,
    ...['thigh', 'shin', 'foot'].map(part => seen.body(`${leg} ${part}`)),
  ]);
  const wrap = (angle: number) => Math.atan2(Math.sin(angle), Math.cos(angle));
  const links = legs.flatMap(leg => leg.slice(1).map((child, i) => [leg[i], child] as const));
  const expected = [
    torso.translation().y,
    wrap(pitch(torso)),
    ...links.map(([parent, child]) => wrap(pitch(child) - pitch(parent))),
    torso.linvel().x,
    torso.linvel().y,
    torso.angvel().z,
    ...links.map(([parent, child]) => child.angvel().z - parent.angvel().z),
  ];
  expect(seen.observation).toHaveLength(17);
  seen.observation.forEach((value, i) => {
    expect(value, `index ${i}`).toBeCloseTo(expected[i], 3);
  });
  expect(seen.info('x')).toBeCloseTo(torso.translation().x, 5);
  expect(seen.info('pitch')).toBeCloseTo(wrap(pitch(torso)), 4);
  done(seen);
});

test.each([1, 8])('quadruped after %i steps: every index is what the table says', async steps => {
  const seen = await look('quadruped', steps);
  const trunk = seen.body('trunk');
  const q = trunk.rotation();
  const up = back(q, { x: 0, y: 1, z: 0 });
  const ahead = back(q, { x: 1, y: 0, z: 0 });
  const level = Math.hypot(ahead.x, ahead.z);
  const velocity = back(q, trunk.linvel());
  const spin = back(q, trunk.angvel());
  const [angles, speeds, contacts]: [number[], number[], number[]] = [[], [], []];
  for (const leg of ['front right', 'back right', 'back left', 'front left']) {
    const [hip, upper, lower] = ['hip', 'upper', 'lower'].map(part => seen.body(`${leg} ${part}`));
    // Where down of the child points, seen from the parent: to the left (−z), or forward (x).
    const down = (parent: RigidBody, child: RigidBody) =>
      back(parent.rotation(), turned(child.rotation(), { x: 0, y: -1, z: 0 }));
    const side = down(trunk, hip);
    angles.push(Math.atan2(-side.z, -side.y));
    for (const [parent, child] of [
      [hip, upper],
      [upper, lower],
    ]) {
      const swing = down(parent, child);
      angles.push(Math.atan2(swing.x, -swing.y));
    }
    const about = (parent: RigidBody, child: RigidBody, axis: Vector) => {
      const world = turned(parent.rotation(), axis);
      return dot(child.angvel(), world) - dot(parent.angvel(), world);
    };
    speeds.push(about(trunk, hip, { x: 1, y: 0, z: 0 }));
    speeds.push(about(hip, upper, { x: 0, y: 0, z: 1 }), about(upper, lower, { x: 0, y: 0, z: 1 }));
    // The foot is 0.125 m from the lower leg's middle, which leans 0.6 rad forward at rest.
    const shin = turned(lower.rotation(), { x: Math.sin(0.6), y: -Math.cos(0.6), z: 0 });
    contacts.push(lower.translation().y + 0.125 * shin.y - 0.025 <= 0.01 ? 1 : 0);
  }
  const expected = [
    trunk.translation().y,
    ...[up.x, up.y, up.z],
    ...[ahead.x / level, ahead.z / level],
    ...[velocity.x, velocity.y, velocity.z],
    ...[spin.x, spin.y, spin.z],
    ...angles,
    ...speeds,
    ...contacts,
  ];
  expect(seen.observation).toHaveLength(40);
  seen.observation.forEach((value, i) => {
    expect(value, `index ${i}`).toBeCloseTo(expected[i], i < 12 ? 3 : 2);
  });
  done(seen);
});

describe.each([1, 30])('ant after %i steps', steps => {
  test('every index is what the table says', async () => {
    const seen = await look('ant', steps);
    const torso = seen.body('torso');
    const q = torso.rotation();
    const up = back(q, { x: 0, y: 1, z: 0 });
    const ahead = back(q, { x: 1, y: 0, z: 0 });
    const level = Math.hypot(ahead.x, ahead.z);
    const velocity = back(q, torso.linvel());
    const spin = back(q, torso.angvel());
    const angles: number[] = [];
    const speeds: number[] = [];
    const contacts: number[] = [];
    for (const [leg, heading] of [
      ['front right', 45],
      ['back right', 135],
      ['back left', 225],
      ['front left', 315],
    ] as const) {
      const radians = (heading * Math.PI) / 180;
      const out = { x: Math.cos(radians), y: 0, z: Math.sin(radians) };
      const across = { x: -out.z, y: 0, z: out.x };
      const thigh = seen.body(`${leg} thigh`);
      const shin = seen.body(`${leg} shin`);
      // Where the thigh points, seen from the torso: its turn about the vertical, counter-clockwise from above.
      const points = back(q, turned(thigh.rotation(), out));
      angles.push(Math.atan2(-dot(points, across), dot(points, out)));
      // Where the shin's outward points, seen from the thigh: positive is up, towards −(across × out) = y.
      const lifts = back(thigh.rotation(), turned(shin.rotation(), out));
      angles.push(Math.atan2(lifts.y, dot(lifts, out)));
      const vertical = turned(q, { x: 0, y: 1, z: 0 });
      const hinge = turned(thigh.rotation(), across);
      speeds.push(dot(thigh.angvel(), vertical) - dot(torso.angvel(), vertical));
      speeds.push(dot(shin.angvel(), hinge) - dot(thigh.angvel(), hinge));
      // The foot is 0.2 m from the shin's middle, 1.05 rad below the horizontal.
      const down = { x: out.x * Math.cos(1.05), y: -Math.sin(1.05), z: out.z * Math.cos(1.05) };
      const foot = shin.translation().y + 0.2 * turned(shin.rotation(), down).y - 0.04;
      contacts.push(foot <= 0.01 ? 1 : 0);
    }
    const expected = [
      torso.translation().y,
      ...[up.x, up.y, up.z],
      ...[ahead.x / level, ahead.z / level],
      ...[velocity.x, velocity.y, velocity.z],
      ...[spin.x, spin.y, spin.z],
      ...angles,
      ...speeds,
      ...contacts,
    ];
    expect(seen.observation).toHaveLength(expected.length);
    seen.observation.forEach((value, i) => {
      expect(value, `index ${i}`).toBeCloseTo(expected[i], i < 12 ? 3 : 2);
    });
    expect(seen.info('height')).toBeCloseTo(torso.translation().y, 5);
    expect(seen.info('upright')).toBeCloseTo(turned(q, { x: 0, y: 1, z: 0 }).y, 4);
    expect(seen.info('feet')).toBe(contacts.reduce((sum, contact) => sum + contact, 0));
    // Copy 1 stands two metres to the side of copy 0; what it reports is its own way.
    expect(seen.info('x')).toBeCloseTo(torso.translation().x - 2, 4);
    expect(seen.info('y')).toBeCloseTo(torso.translation().z, 4);
    done(seen);
  });
});

test.each([1, 20, 60])(
  'cart-pole swing-up after %i steps: every index is what the table says',
  async steps => {
    const seen = await look('cart-pole-swing-up', steps);
    const [cart, pole] = ['cart', 'pole'].map(seen.body);
    // From where the pole's middle stands over the cart: half a metre along it.
    const cosine = (pole.translation().y - cart.translation().y) / 0.5;
    const sine = -(pole.translation().x - cart.translation().x) / 0.5;
    const expected = [cart.translation().x, cosine, sine, cart.linvel().x, pole.angvel().z];
    expect(seen.observation).toHaveLength(expected.length);
    seen.observation.forEach((value, i) => {
      expect(value, `index ${i}`).toBeCloseTo(expected[i], 2);
    });
    expect(seen.info('x')).toBeCloseTo(cart.translation().x, 3);
    expect(Math.cos(seen.info('angle'))).toBeCloseTo(cosine, 2);
    done(seen);
  },
);
