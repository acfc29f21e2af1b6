import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { makeVectorEnvironment } from '../../../src/env/define.ts';
import { cartPoleSwingUp } from '../../../src/env/rapier/cart-pole-swing-up.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';

type Options = Parameters<typeof cartPoleSwingUp.options.parse>[0];

const open: { close(): void }[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});

async function make(options: Record<string, unknown> = {}, count = 1): Promise<RapierVector> {
  const parsed = cartPoleSwingUp.options.parse(options satisfies Options);
  const env = (await cartPoleSwingUp.makeVector!(parsed, count)) as RapierVector;
  open.push(env);
  return env;
}

/** The cart's speed after some control steps from a start with the pole hanging still. */
async function speedAfter(
  options: Record<string, unknown>,
  { speed = 0, action = 0, steps = 1 } = {},
): Promise<number> {
  const env = await make(options);
  const start = restStart(env.world.robot);
  start.angles[1] = Math.PI;
  start.speeds[0] = speed;
  env.world.start(0, start);
  for (let t = 0; t < steps; t++) env.step(Float32Array.of(action));
  return env.observations[3];
}

test.each([
  ['simd', '132e868806b723d7'],
  ['deterministic', '28fa55c468fff6c3'],
] as const)('as it comes it has the bits that are known (%s)', async (engine, bits) => {
  const env = await makeVectorEnvironment(cartPoleSwingUp, { engine }, 3);
  open.push(env);
  env.reset({ seed: 11 });
  const hash = createHash('sha256');
  for (let t = 0; t < 300; t++) {
    env.step(Float32Array.from({ length: 3 }, (_, k) => ((t * 7 + k * 5) % 21) / 10 - 1));
    for (const column of [env.observations, env.rewards, env.finalObservations])
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  expect(hash.digest('hex').slice(0, 16)).toBe(bits);
});

test('a weak motor gives its share of the force', async () => {
  const [full, half, none] = await Promise.all(
    [1, 0.5, 0].map(motorStrength => speedAfter({ motorStrength }, { action: 0.5 })),
  );
  // 5 N for 0.04 s on a kilogram and the hinge's share, a quarter, of the pole's tenth
  expect(full).toBeCloseTo(0.2 / 1.025, 3);
  expect(half / full).toBeCloseTo(0.5, 2);
  expect(none).toBeCloseTo(0, 6);
});

test('a push comes whole, up to one and a half times 10 N, either way', async () => {
  const newtons = async (action: number, motorStrength = 1) =>
    ((await speedAfter({ motorStrength }, { action })) * 1.025) / 0.04;
  expect(await newtons(1)).toBeCloseTo(10, 1);
  expect(await newtons(-1)).toBeCloseTo(-10, 1);
  expect(await newtons(1, 1.5)).toBeCloseTo(15, 1);
  expect(await newtons(1, -1.5)).toBeCloseTo(-15, 1);
});

test('masses are those that are given', async () => {
  const heavy = await speedAfter({ cartMass: 1.5, poleMass: 0.5 }, { action: 0.5 });
  expect(heavy).toBeCloseTo(0.2 / (1.5 + 0.125), 3);
  const { world } = await make({ cartMass: 1.5, poleMass: 0.5 });
  expect(world.robot.bodies.map(({ mass }) => mass)).toEqual([1, 1.5, 0.5]);
});

test('rail friction takes speed away, however hard the motor pushes besides', async () => {
  const slowed = await speedAfter({ railFriction: 2 }, { speed: 1 });
  const free = await speedAfter({}, { speed: 1 });
  expect(slowed / free).toBeCloseTo(Math.exp((-2 * 0.04) / 1.025), 2);
  const gained = (friction: number, action: number) =>
    speedAfter({ railFriction: friction }, { speed: -1, action });
  // Braking, push and friction together are more than the motor's 10 N.
  expect((await gained(3, 1)) - (await gained(3, 0))).toBeCloseTo(0.37, 1);
});

describe('back-EMF', () => {
  const emf = { emfSpeed: 1.5 };

  test('weakens pushes along the motion in proportion to speed, to nothing at its speed', async () => {
    const gain = async (options: Record<string, unknown>, speed: number, action: number) =>
      (await speedAfter(options, { speed, action })) - (await speedAfter(options, { speed }));
    for (const way of [1, -1]) {
      const full = await gain({}, 0.75 * way, 0.5 * way);
      const part = (await gain(emf, 0.75 * way, 0.5 * way)) / full;
      // Half at first, and less as the cart gets faster.
      expect(part).toBeGreaterThan(0.38);
      expect(part).toBeLessThan(0.5);
      expect(Math.abs(await gain(emf, 1.7 * way, way))).toBeLessThan(1e-6);
      expect((await gain(emf, 1 * way, -way)) / (await gain({}, 1 * way, -way))).toBeCloseTo(1, 5);
    }
  });

  test('keeps a cart that is pushed on under its speed', async () => {
    expect(await speedAfter(emf, { action: 1, steps: 12 })).toBeLessThan(1.5);
    expect(await speedAfter({}, { action: 1, steps: 12 })).toBeGreaterThan(1.5);
  });
});

test('observations are off by uniform noise, rewards and info are not', async () => {
  const [noisy, clean] = [await make({ observationNoise: 0.02 }, 8), await make({}, 8)];
  for (const env of [noisy, clean]) env.reset({ seed: 3 });
  const errors: number[] = [];
  for (let t = 0; t < 100; t++) {
    for (const env of [noisy, clean]) env.step(new Float32Array(8).fill(Math.sin(t)));
    noisy.observations.forEach((value, k) => {
      errors.push(value - clean.observations[k]);
    });
    expect(noisy.rewards).toEqual(clean.rewards);
    expect(noisy.info).toEqual(clean.info);
  }
  const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
  const deviation = Math.sqrt(errors.reduce((sum, e) => sum + (e - mean) ** 2, 0) / errors.length);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.02001);
  expect(Math.abs(mean)).toBeLessThan(1e-3);
  expect(deviation).toBeCloseTo(0.02 / Math.sqrt(3), 3);
});

test('actions are off by noise and cut to their range; the reward is of the action as told', async () => {
  const speeds = async (action: number) => {
    const env = await make({ actionNoise: 0.05 }, 64);
    env.reset({ seed: 4 });
    const clean = await make({}, 64);
    clean.reset({ seed: 4 });
    for (const one of [env, clean]) one.step(new Float32Array(64).fill(action));
    const [x, cosine, , , spin] = env.observations;
    const near = (value: number, margin: number) => 0.1 ** ((value / margin) ** 2);
    const worth = ((1 + cosine) * (1 + near(x, 2)) * (1 + near(spin, 5))) / 8;
    expect(env.rewards[0]).toBeCloseTo((worth * (5 - action ** 2)) / 5, 6);
    return Array.from({ length: 64 }, (_, k) => env.observations[5 * k + 3] - clean.observations[5 * k + 3]);
  };
  const around = await speeds(0.5);
  expect(Math.max(...around)).toBeGreaterThan(0.01);
  expect(Math.min(...around)).toBeLessThan(-0.01);
  expect(Math.max(...around.map(Math.abs))).toBeLessThan(0.0201);
  expect(Math.max(...(await speeds(1)))).toBeLessThan(1e-6);
});

test('physics that cannot be are refused, and a servo has no friction to set', async () => {
  for (const wrong of [
    { poleMass: 0 },
    { railFriction: 0.02 },
    { motorStrength: 2 },
    { emfSpeed: -1 },
    { actionNoise: -0.1 },
  ])
    await expect(makeVectorEnvironment(cartPoleSwingUp, wrong, 1)).rejects.toThrow(Object.keys(wrong)[0]);
  const { hopperTask, hopper } = await import('../../../src/env/rapier/hopper.ts');
  const env = new RapierVector(await loadEngine('simd'), hopperTask(hopper.options.parse({})), 1);
  open.push(env);
  expect(() => env.world.aim(0, 0, 0, 0.5)).toThrow('expected a drive for friction');
});
