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
import { withLogStd } from '../../../src/learners/simgan/log-std.ts';
import { robotOf } from '../../../src/learners/simgan/robots.ts';
import { targetGate } from '../../../src/learners/simgan/target-gate.ts';
import type { Lane } from '../../../src/scenarios/arms/index.ts';
import { trainPpo } from '../../../src/scenarios/sim-to-real/train.ts';
import { stale } from '../../fixtures/simgan/stale-identification.ts';

const robot = robotOf('cart-pole');
const policy = policyRef(
  ppoPolicy,
  { hidden: [32, 32] },
  { observation: box(5), action: box(1, { low: -1, high: 1 }) },
);
const ppo = ppoConfig.parse({
  ...{ environments: 16, horizon: 250, minibatch: 500, epochs: 5, learningRate: 1e-3 },
  ...{ hidden: [32, 32], normalizeRewards: true, initialLogStd: -0.5 },
});
let taught: Promise<Float32Array> | undefined;
/** A policy that has learned in the source for a while: it swings, and rarely holds. */
function behaving(): Promise<Float32Array> {
  taught ??= (async () => {
    const lane = await openLane();
    const environment = robot.in('source');
    const { parameters } = await trainPpo(lane, {
      ...{ name: 'source', environment, policy, ppo, iterations: 40 },
    });
    return withLogStd(policy, parameters, -1.3);
  })();
  return taught;
}
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

/** A lane of one thread, without a run around it. */
async function openLane(): Promise<Lane> {
  const system = await startSystem({ seed: 1 });
  systems.push(system);
  const spawn = (definition: never, config: never, options: object) =>
    system.spawn(definition, config, { ...options, on: { thread: 'lane' }, deadline: 600_000 });
  return {
    ...{ arm: 'test', seed: 1, progress() {}, row() {}, spawn, learner: spawn },
    link: system.link.bind(system),
  } as unknown as Lane;
}

interface Trial {
  readonly target: string;
  readonly iterations: number;
  readonly learningRate: number;
  readonly logStd: number;
  readonly environment?: (ref: EnvironmentRef) => EnvironmentRef;
  /** Default: one that has learned a little, in whole episodes. */
  readonly behavior?: Float32Array;
  readonly episodeSteps?: number;
  /** Of the discriminator. */
  readonly judging?: number;
}

/** Identifies a target, and gives what the discriminator told. */
async function identify({
  target,
  iterations,
  learningRate,
  logStd,
  environment = ref => ref,
  behavior,
  episodeSteps = 250,
  judging = 1e-3,
}: Trial) {
  const parameters = behavior ?? (await behaving());
  const lane = await openLane();
  const limit = { maxEpisodeSteps: episodeSteps };
  const budget = 24 * 250;
  const gate = await lane.spawn(targetGate, { target: robot.in(target, limit), policy, budget });
  const real = await gate.call.collect({ parameters, episodes: budget / episodeSteps, seed: 3 });
  const judge = await lane.spawn(simganDiscriminator, {
    ...{ policy: generator, count: 16, steps: 250, observations: 5, actions: 1, real },
    ...{ hidden: [64, 64], minibatches: 60, learningRate: judging },
  });
  const rows: Readonly<Record<string, number>>[] = [];
  judge.outputs.metrics.subscribe(({ values }) => rows.push(values));
  await trainPpo(lane, {
    ...{ name: 'identify', judge, policy: generator, iterations, init: atSource(logStd) },
    ppo: ppoConfig.parse({
      ...{ ...ppo, ...generator.config, learningRate, learningRateSchedule: 'constant' },
    }),
    environment: environment(identificationOf('cart-pole', policy, [parameters], limit)),
  });
  return rows;
}

test('from the source’s parameters on, identification on weak motors more than halves the distance to the target', async () => {
  const rows = await identify({ target: 'weak', iterations: 45, learningRate: 2e-3, logStd: -0.5 });
  const meanOf = (some: typeof rows) => some.reduce((sum, row) => sum + row['distance'] / some.length, 0);
  expect(meanOf(rows.slice(-5)) / meanOf(rows.slice(0, 3))).toBeLessThan(0.5);
});

/** Pushes that have nothing to do with each other, in episodes so short that speeds tell them. */
const still: Trial = {
  ...{ target: 'source', iterations: 12, learningRate: 1e-9, logStd: -6, judging: 3e-3 },
  ...{ behavior: new Float32Array(policy.size).fill(-0.3, policy.size - 1), episodeSteps: 10 },
};
const tellsApart = async (environment?: (ref: EnvironmentRef) => EnvironmentRef): Promise<number> => {
  const rows = await identify({ ...still, ...(environment && { environment }) });
  return rows.slice(-5).reduce((sum, row) => sum + row['accuracy'] / 5, 0);
};

test('where the hybrid simulator is the target, D can tell nothing; fed with the last step’s action it tells most', async () => {
  const [healthy, planted] = [await tellsApart(), await tellsApart(stale)];
  expect(healthy).toBeLessThan(0.6);
  expect(planted).toBeGreaterThan(0.65);
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
