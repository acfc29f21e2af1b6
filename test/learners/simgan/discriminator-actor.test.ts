import { expect, test } from 'vitest';
import type { ActorContext } from '../../../src/actors/contract.ts';
import { allocateSlab, type Trajectory, trajectoryFields } from '../../../src/actors/trajectory.ts';
import type { MetricRow } from '../../../src/core/metric-rows.ts';
import { Random } from '../../../src/core/random.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { simganDiscriminator } from '../../../src/learners/simgan/discriminator-actor.ts';
import { generatorRef } from '../../../src/learners/simgan/generator.ts';
import { robotOf } from '../../../src/learners/simgan/robots.ts';

const robot = robotOf('cart-pole');
const policy = generatorRef(robot, { hidden: [4], split: false });
const shape = { count: 2, steps: 6 };
const fields = trajectoryFields({ spaces: policy.spaces, ...shape });

const random = Random.fromSeed(3);
const normals = (count: number, mean: number) =>
  Float32Array.from({ length: count }, () => mean + random.normal());
const real = {
  ...{ observations: normals(40 * 5, 0), actions: normals(40, 0), next: normals(40 * 5, 0) },
  lengths: [20, 20],
};

/** A trajectory whose states are `mean` off the real ones, cut at its last step but one. */
function trajectory(round: number, mean: number): Trajectory {
  const made = allocateSlab(fields);
  made.observations.set(normals(made.observations.length, mean));
  made.actions.fill(0.25);
  made.logProbs.fill(-1);
  made.truncated[4 * shape.count] = 1;
  made.round[0] = round;
  return made;
}

type Methods = { snapshot(): Promise<Snapshot>; stop(): void };

/** A discriminator without the runtime around it. */
async function alone(restored?: Snapshot) {
  let heard: (trajectory: Trajectory) => void = () => {};
  const rows: MetricRow[] = [];
  const waiting: ((trajectory: Trajectory) => void)[] = [];
  const config = {
    ...{ policy, ...shape, workers: 1, observations: 5, actions: 1, real, executor: 'auto' },
    ...{ hidden: [8], learningRate: 1e-2, minibatches: 4, batch: 16, penalty: 10 },
  };
  const context = {
    ...{ config, restored, random: Random.fromSeed(1), name: 'discriminator', save() {}, heartbeat() {} },
    signal: new AbortController().signal,
    inputs: {
      trajectories: {
        subscribe(next: (trajectory: Trajectory) => void) {
          heard = next;
        },
      },
    },
    outputs: {
      trajectories: {
        async ready() {},
        write(fill: (slab: Trajectory) => void) {
          const slab = allocateSlab(fields);
          fill(slab);
          waiting.shift()?.(slab);
        },
      },
      metrics: { async ready() {}, next: (row: MetricRow) => rows.push(row) },
    },
    crash(error: unknown) {
      throw error;
    },
  };
  const actor = (await simganDiscriminator.start(
    context as unknown as ActorContext<never, never, never>,
  )) as unknown as Methods;
  const ask = (given: Trajectory) =>
    new Promise<Trajectory>(resolve => {
      waiting.push(resolve);
      heard(given);
    });
  return { actor, ask, rows };
}

test('rewards alone are replaced: what nobody could judge has its neighbour’s, and returns are of the new ones', async () => {
  const { actor, ask, rows } = await alone();
  const given = trajectory(0, 2);
  const judged = await ask(given);
  for (const name of Object.keys(fields) as (keyof typeof fields)[]) {
    if (name === 'rewards' || name === 'episodeReturns') continue;
    expect(judged[name], name).toEqual(given[name]);
  }
  const of = (step: number, copy: number) => judged.rewards[step * shape.count + copy];
  expect(new Set(judged.rewards).size).toBe(9);
  expect([of(4, 0), of(5, 1)]).toEqual([of(3, 0), of(4, 1)]);
  // After an end at the last step but one, the last one’s episode has nobody before it that was judged but its own end.
  expect(of(5, 0)).toBe(of(4, 0));
  const total = [0, 1, 2, 3, 4].reduce((sum, step) => sum + of(step, 0), 0);
  expect(judged.episodeReturns[4 * shape.count]).toBeCloseTo(total, 4);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ source: 'discriminator', step: 12 });
  // One end and half of two copies, against 12 steps of 20.
  expect(rows[0].values['alive_correction']).toBeCloseTo(Math.log(2 / 0.6), 5);
  actor.stop();
});

test('it learns to tell them apart, and what looks real earns more', async () => {
  const { actor, ask, rows } = await alone();
  for (let round = 0; round < 30; round++) await ask(trajectory(round, 1.5));
  expect(rows[29].values['accuracy']).toBeGreaterThan(0.85);
  expect(rows[29].values['of_real']).toBeGreaterThan(rows[29].values['of_fake'] + 0.3);
  const mean = (rewards: Float32Array) => rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const far = mean((await ask(trajectory(30, 1.5))).rewards);
  const near = mean((await ask(trajectory(31, 0))).rewards);
  expect(near).toBeGreaterThan(far + 1);
  actor.stop();
});

test('asked again it answers the same, and a restored one goes on to the bit', async () => {
  const { actor, ask } = await alone();
  const rounds = [0, 1, 2].map(round => trajectory(round, 1));
  await ask(rounds[0]);
  const second = await ask(rounds[1]);
  expect(await ask(rounds[1])).toEqual(second);
  const state = structuredClone(await actor.snapshot());
  const third = await ask(rounds[2]);
  const later = await alone(state);
  expect(await later.ask(rounds[2])).toEqual(third);
  actor.stop();
  later.actor.stop();
});
