import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { BrokenLearning } from '../../../src/actors/learner.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import {
  type Helping,
  helpingFields,
  type Priorities,
  priorityFields,
} from '../../../src/actors/replay/fields.ts';
import type {
  ReplayLearnerConfig,
  ReplayLearnerContext,
  ReplayMethod,
} from '../../../src/actors/replay/learner.ts';
import { runReplayLearner } from '../../../src/actors/replay/learner-shell.ts';
import { allocateSlab, type PolicySlab, policyFields } from '../../../src/actors/trajectory.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { leaning } from './toy-policy.ts';

const spaces = { observation: box(1), action: discrete(2) };
const policy = policyRef(leaning, {}, spaces);
const shape = { spaces, batch: 2, updates: 3 };
const settled = () => new Promise(resolve => setImmediate(resolve));

interface Row {
  readonly step: number;
  readonly values: Record<string, number>;
  readonly time: Record<string, number>;
}

/** One life of a learner, by hand: rounds of 2 steps, rows every 4 steps, a barrier every 4 and at 10. */
function live(restored?: Snapshot, learn?: ReplayMethod['learn']) {
  const helpings = new Subject<Helping>();
  const life = {
    requests: [] as number[],
    rows: [] as Row[],
    barriers: [] as { step: number; sent: number; reasons: readonly string[] }[],
    priorities: [] as Priorities[],
    /** The first reward of each helping that was learned from, and the run's progress then. */
    learned: [] as [number, number][],
    errors: [] as string[],
    saved: null as Snapshot,
    now: 0,
  };
  const ready = async () => {};
  const context = {
    name: 'learner',
    config: {
      ...{ policy, workers: 1, count: 1, steps: 2, batch: 2, updates: 3, totalSteps: 9 },
      ...{ evaluateEvery: null, checkpointEvery: 4, reportEvery: 4, executor: 'eager' },
    },
    inputs: { helpings },
    outputs: {
      policies: {
        ready,
        write(fill: (slab: PolicySlab) => void) {
          const slab = allocateSlab(policyFields(policy));
          fill(slab);
          life.requests.push(slab.version[0]);
        },
      },
      priorities: {
        ready,
        write(fill: (slab: Priorities) => void) {
          const slab = allocateSlab(priorityFields(shape));
          fill(slab);
          life.priorities.push(slab);
        },
      },
      metrics: {
        ready,
        next: ({ step, values, time }: Row) => life.rows.push({ step, values, time }),
        error: (error: Error) => life.errors.push(`${error.name}: ${error.message}`),
      },
      barriers: { ready, next: (barrier: (typeof life.barriers)[number]) => life.barriers.push(barrier) },
    },
    restored,
    signal: new AbortController().signal,
    clock: { now: () => life.now },
    save: (state: Snapshot) => {
      life.saved = structuredClone(state);
    },
    heartbeat() {},
  } as unknown as ReplayLearnerContext<ReplayLearnerConfig>;
  const method = {
    executor: { name: 'none', reason: '' },
    async learn(helping: Helping, progress: number) {
      await learn?.(helping, progress);
      life.learned.push([helping.rewards[0], progress]);
      return { figures: { loss: helping.rewards[0] }, errors: helping.rewards.map(Math.abs) };
    },
    writeParameters() {},
    snapshot: () => null,
    restore() {},
  } as unknown as ReplayMethod;
  const learner = runReplayLearner(context, method);
  const give = async (
    round: number,
    helping: number,
    { reward = 0, count = 1, last = true, episodes = 0 } = {},
  ) => {
    await settled();
    const slab = allocateSlab(helpingFields(shape));
    slab.round[0] = round;
    slab.helping[0] = helping;
    slab.count[0] = count;
    slab.last[0] = last ? 1 : 0;
    slab.rewards[0] = reward;
    slab.indices[1] = 5;
    slab.stored[0] = 2 * (round + 1);
    slab.episodes[0] = episodes;
    slab.episodeReturn[0] = -7;
    slab.episodeLength[0] = 3;
    helpings.next(slab);
    // As of a ring: what was given is overwritten.
    slab.rewards[0] = Number.NaN;
    await settled();
  };
  return { life, learner, give };
}

describe('a learner from a replay', () => {
  test('learns from the helpings of a round in order, gives their priorities back, and asks for the next round', async () => {
    const { life, learner, give } = live();
    expect(life.requests).toEqual([]);
    learner.begin();
    await give(0, 0, { reward: 1, last: false });
    expect(life.requests).toEqual([0]);
    await give(0, 1, { reward: -2, count: 2 });
    expect(life.requests).toEqual([0, 1]);
    expect(life.learned).toEqual([
      [1, 0],
      [-2, 0],
    ]);
    expect(
      life.priorities.map(({ round, helping, count, indices, errors }) => [
        round[0],
        helping[0],
        count[0],
        indices[1],
        errors[0],
      ]),
    ).toEqual([
      [0, 0, 1, 5, 1],
      [0, 1, 2, 5, 2],
    ]);
    await give(1, 0, { reward: 3 });
    expect(life.learned.at(-1)).toEqual([3, 0.2]);
  });

  test('goes on at once from a round of which nothing is to be learned', async () => {
    const { life, learner, give } = live();
    learner.begin();
    await give(0, 0, { count: 0 });
    expect(life).toMatchObject({ requests: [0, 1], learned: [], priorities: [] });
  });

  test('drops what comes twice, what is of another round, and what is not next', async () => {
    const { life, learner, give } = live();
    learner.begin();
    await give(0, 1, { reward: 9 });
    await give(0, 0, { reward: 1, last: false });
    await give(0, 0, { reward: 1, last: false });
    await give(1, 0, { reward: 9 });
    await give(0, 1, { reward: 2 });
    await give(0, 1, { reward: 2 });
    expect(life.learned.map(([reward]) => reward)).toEqual([1, 2]);
    expect(life.requests).toEqual([0, 1]);
  });

  test('tells of means over the batches since the last row, of episodes and of the store, every few steps', async () => {
    const { life, learner, give } = live();
    learner.begin();
    await give(0, 0, { reward: 1 });
    expect(life.rows).toEqual([]);
    life.now = 1_000;
    await give(1, 0, { reward: 5, count: 3, episodes: 2 });
    expect(life.rows).toEqual([
      {
        step: 4,
        values: { episodes: 2, episode_return: -7, episode_length: 3, stored: 4, loss: 4, updates: 4 },
        time: { steps_per_second: 4, updates_per_second: 4, waiting_seconds: 1, learning_seconds: 0 },
      },
    ]);
    learner.proceed(4);
    await give(2, 0, { reward: 8 });
    await give(3, 0, { reward: 0 });
    expect(life.rows[1]).toMatchObject({ step: 8, values: { episodes: 0, loss: 4, updates: 6 } });
    expect(Object.keys(life.rows[1].values)).not.toContain('episode_return');
  });

  test('stands at barriers until it is told to proceed, and ends with a row', async () => {
    const { life, learner, give } = live();
    learner.begin();
    await give(0, 0);
    await give(1, 0);
    expect(life.barriers).toEqual([{ step: 4, sent: 1, reasons: ['checkpoint'] }]);
    expect(life.requests).toEqual([0, 1]);
    learner.proceed(4);
    learner.ask();
    await give(2, 0);
    expect(life.barriers.at(-1)).toEqual({ step: 6, sent: 1, reasons: ['asked'] });
    learner.proceed(6);
    await give(3, 0);
    learner.proceed(8);
    // 9 steps are 5 rounds.
    await give(4, 0);
    expect(life.rows.map(({ step }) => step)).toEqual([4, 8, 10]);
    expect(life.barriers.at(-1)).toEqual({ step: 10, sent: 3, reasons: ['end'] });
    expect(life.requests).toEqual([0, 1, 2, 3, 4]);
  });

  test('asks again, in its next life, for the round that it died in, and learns it from the first helping', async () => {
    const first = live();
    first.learner.begin();
    await first.give(0, 0, { reward: 1 });
    await first.give(1, 0, { reward: 2, last: false });
    const second = live(first.life.saved);
    await settled();
    expect(second.life.requests).toEqual([1]);
    // What the first life had not taken in.
    await second.give(1, 1, { reward: 6, count: 2 });
    expect(second.life.learned).toEqual([]);
    await second.give(1, 0, { reward: 2, last: false });
    await second.give(1, 1, { reward: 6, count: 2 });
    expect(second.life.learned.map(([reward]) => reward)).toEqual([2, 6]);
    expect(second.life.rows).toMatchObject([{ step: 4, values: { loss: (1 + 2 + 2 * 6) / 4, updates: 4 } }]);
    expect(second.life.barriers).toEqual([{ step: 4, sent: 1, reasons: ['checkpoint'] }]);
  });

  test('goes on from a snapshot only when it is told to, and stands at no barrier twice', async () => {
    const first = live();
    first.learner.begin();
    await first.give(0, 0, { reward: 1 });
    await first.give(1, 0, { reward: 2 });
    const second = live(structuredClone(first.learner.snapshot()) as unknown as Snapshot);
    await settled();
    expect(second.life.requests).toEqual([]);
    second.learner.begin();
    await second.give(2, 0, { reward: 3 });
    expect(second.life).toMatchObject({ requests: [2, 3], barriers: [] });
  });

  test('ends where learning breaks down, saved before the round', async () => {
    const { life, learner, give } = live(undefined, () => Promise.reject(new BrokenLearning('loss = NaN')));
    learner.begin();
    await give(0, 0);
    expect(life.errors).toEqual(['FinalError: learner at step 2: loss = NaN']);
    expect(life.saved).toMatchObject({ rounds: 0, updates: 0, running: true });
  });
});
