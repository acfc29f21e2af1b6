import { afterEach, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import { Random } from '../../../src/core/random.ts';
import { box, type EnvironmentRef } from '../../../src/env/index.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { simganDiscriminator } from '../../../src/learners/simgan/discriminator-actor.ts';
import {
  type DiscriminatorSettings,
  discriminatorLearning,
} from '../../../src/learners/simgan/discriminator-learning.ts';
import { generatorRef } from '../../../src/learners/simgan/generator.ts';
import { identificationOf } from '../../../src/learners/simgan/identification.ts';
import { robotOf } from '../../../src/learners/simgan/robots.ts';
import { targetGate } from '../../../src/learners/simgan/target-gate.ts';
import type { Lane } from '../../../src/scenarios/arms/index.ts';
import { trainPpo } from '../../../src/scenarios/sim-to-real/train.ts';
import { stale } from '../../fixtures/simgan/stale-identification.ts';

const robot = robotOf('cart-pole');
const policy = policyRef(
  ppoPolicy,
  { hidden: [] },
  { observation: box(5), action: box(1, { low: -1, high: 1 }) },
);
/** Pumps the pole, keeps near the middle, and tries things: weights of what is seen, bias; value; log-std. */
const behavior = Float32Array.of(-0.5, 0, 0.5, -0.4, -0.25, 0, 0, 0, 0, 0, 0, 0, -0.7);
const generator = generatorRef(robot, { hidden: [32] });
/** A generator whose means are the source's, its other weights small: the hybrid simulator begins as the source. */
function atSource(logStd: number): Float32Array {
  const parameters = new Float32Array(generator.size);
  const random = Random.fromSeed(2);
  const hidden = 6 * 32 + 32;
  // Each trunk: [6 × 32], 32, [32 × 2], then the biases of mean and deviation; the critic lies between them.
  const trunk = hidden + 32 * 2 + 2;
  const critic = hidden + 32 + 1;
  for (const [k, from] of [0, trunk + critic].entries()) {
    for (let i = 0; i < hidden; i++) parameters[from + i] = 0.4 * random.normal();
    parameters[from + trunk - 2] = robot.parameters[k].source;
    parameters[from + trunk - 1] = logStd;
  }
  return parameters;
}

const systems: Awaited<ReturnType<typeof startSystem>>[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.stop();
});

interface Trial {
  readonly target: string;
  readonly iterations: number;
  readonly learningRate: number;
  readonly logStd: number;
  readonly environment?: (ref: EnvironmentRef) => EnvironmentRef;
}

/** Identifies a target, and gives what the discriminator told. */
async function identify({ target, iterations, learningRate, logStd, environment = ref => ref }: Trial) {
  const system = await startSystem({ seed: 1 });
  systems.push(system);
  const on = { thread: 'lane' };
  const lane = {
    ...{ arm: 'test', seed: 1, progress() {}, row() {} },
    spawn: (definition: never, config: never, options: object) =>
      system.spawn(definition, config, { ...options, on, deadline: 600_000 }),
    learner: (definition: never, config: never, options: object) =>
      system.spawn(definition, config, { ...options, on, deadline: 600_000 }),
    link: system.link.bind(system),
  } as unknown as Lane;
  const gate = await lane.spawn(targetGate, { target: robot.in(target), policy, budget: 24 * 250 });
  const real = await gate.call.collect({ parameters: behavior, episodes: 24, seed: 3 });
  const ppo = ppoConfig.parse({
    ...{ ...generator.config, environments: 16, horizon: 250, minibatch: 500, epochs: 5, learningRate },
    ...{ learningRateSchedule: 'constant', normalizeRewards: true },
  });
  const judge = await lane.spawn(simganDiscriminator, {
    ...{ policy: generator, count: 16, steps: 250, observations: 5, actions: 1, real },
    ...{ hidden: [64, 64], minibatches: 40 },
  });
  const rows: Readonly<Record<string, number>>[] = [];
  judge.outputs.metrics.subscribe(({ values }) => rows.push(values));
  await trainPpo(lane, {
    ...{ name: 'identify', judge, policy: generator, ppo, iterations, init: atSource(logStd) },
    environment: environment(identificationOf('cart-pole', policy, [behavior])),
  });
  return rows;
}

test('from the source’s parameters on, identification on weak motors more than halves the distance to the target', async () => {
  const rows = await identify({ target: 'weak', iterations: 40, learningRate: 1e-3, logStd: -1 });
  console.log(rows.map(row => row['distance'].toFixed(3)).join(' '));
  const last = rows.slice(-5).map(row => row['distance']);
  expect(Math.max(...last) / rows[0]['distance']).toBeLessThan(0.5);
});

const still = { target: 'source', iterations: 15, learningRate: 1e-9, logStd: -6 };
const tellsApart = async (environment?: (ref: EnvironmentRef) => EnvironmentRef): Promise<number> => {
  const rows = await identify({ ...still, ...(environment && { environment }) });
  return rows.slice(-5).reduce((sum, row) => sum + row['accuracy'] / 5, 0);
};

test('where the hybrid simulator is the target, D can tell nothing; fed with the last step’s action it tells all', async () => {
  const [healthy, planted] = [await tellsApart(), await tellsApart(stale)];
  console.log(healthy, planted);
  expect(healthy).toBeLessThan(0.6);
  expect(planted).toBeGreaterThan(0.7);
});

type Learning = Awaited<ReturnType<typeof discriminatorLearning>>;
const settings: DiscriminatorSettings = {
  ...{ hidden: [8], learningRate: 1e-12, steps: 2, batch: 16, penalty: 10 },
};
const normals = (mean: number, seed: number) => {
  const random = Random.fromSeed(seed);
  return Float32Array.from({ length: 3 * 100 }, () => mean + random.normal());
};
const learningFrom = (values: Float32Array): Promise<Learning> =>
  discriminatorLearning({ values, size: 3 }, settings, Random.fromSeed(1), () => {});

/** The bug, planted: the scale is of all that was seen, fakes as well. */
async function moving(): Promise<Learning> {
  let seen = normals(0, 1);
  let inner = await learningFrom(seen);
  return {
    ...inner,
    async learn(fakes) {
      const figures = await inner.learn(fakes);
      const state = await inner.snapshot();
      seen = Float32Array.of(...seen, ...fakes);
      inner = await learningFrom(seen);
      inner.restore(state);
      return figures;
    },
    logits: transitions => inner.logits(transitions),
  };
}

test('rewards of the same transitions stand still as fakes move, unless the normaliser moves with them', async () => {
  const drift = async (learning: Learning): Promise<number> => {
    const probe = normals(0.5, 2);
    const before = await learning.logits(probe);
    await learning.learn(normals(5, 3));
    const after = await learning.logits(probe);
    return Math.max(...after.map((logit, i) => Math.abs(logit - before[i])));
  };
  expect(await drift(await learningFrom(normals(0, 1)))).toBeLessThan(1e-6);
  expect(await drift(await moving())).toBeGreaterThan(0.05);
});
