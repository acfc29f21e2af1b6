import { beforeEach, describe, expect, test } from 'vitest';
import type { ActorContext } from '../../../src/actors/contract.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import {
  allocateSlab,
  type PolicySlab,
  policyFields,
  type Trajectory,
} from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { withLogStd } from '../../../src/learners/simgan/log-std.ts';
import {
  booked,
  emptyBook,
  isBudgetExceeded,
  type TargetBook,
} from '../../../src/learners/simgan/target-book.ts';
import { playTargetEpisodes } from '../../../src/learners/simgan/target-episodes.ts';
import { targetGate } from '../../../src/learners/simgan/target-gate.ts';
import { countedTarget, seen } from '../../fixtures/simgan/counted-target.ts';

const policy = policyRef(
  ppoPolicy,
  { hidden: [4] },
  { observation: box(2), action: box(1, { low: -1, high: 1 }) },
);
const parameters = new Float32Array(policy.size).fill(0.1);
const targetOf = (options: { lengths?: number[]; dies?: number } = {}) =>
  environmentRef(countedTarget, options);

type Methods = {
  collect(
    request: object,
  ): Promise<{ observations: Float32Array; actions: Float32Array; next: Float32Array; lengths: number[] }>;
  evaluate(trial: object): Promise<{ returns: number[]; lengths: number[] }>;
  book(): TargetBook;
};

/** A gate without the runtime around it. */
async function gateAlone(
  settings: { budget: number | null; target?: object; copies?: number; training?: object | null },
  restored?: Snapshot,
) {
  let heard: (policy: PolicySlab) => void = () => {};
  const policies = {
    subscribe(next: (policy: PolicySlab) => void) {
      heard = next;
    },
  };
  const sent: Trajectory[] = [];
  let saved = restored;
  const config = {
    ...{ target: targetOf(), policy, copies: 4, training: null, executor: 'auto' },
    ...settings,
  };
  const context = {
    ...{ config, restored, inputs: { policies }, random: Random.fromSeed(1), index: 0 },
    outputs: {
      trajectories: {
        write(fill: (slab: Trajectory) => void) {
          const { outputs } = targetGate;
          const ports = typeof outputs === 'function' ? outputs(config as never) : outputs;
          const slab = allocateSlab(ports.trajectories.fields) as Trajectory;
          fill(slab);
          sent.push(slab);
        },
      },
    },
    signal: new AbortController().signal,
    save(state: Snapshot) {
      saved = structuredClone(state);
    },
    heartbeat() {},
  };
  const gate = (await targetGate.start(
    context as unknown as ActorContext<never, never, never>,
  )) as unknown as Methods;
  const train = (version: number) => {
    const slab = allocateSlab(policyFields(policy));
    slab.version[0] = version;
    slab.parameters.set(parameters);
    heard(slab);
  };
  return { gate, train, sent, saved: () => saved };
}

beforeEach(() => {
  seen.steps = 0;
  seen.worlds = 0;
  seen.actions = [];
});

describe('the budget', () => {
  test('is for collecting and training together, to the step; testing is booked, and free', async () => {
    const { gate, train } = await gateAlone({ budget: 20, training: { count: 2, steps: 3, lag: 0 } });
    await gate.collect({ parameters, episodes: 2, seed: 1 });
    train(0);
    await gate.evaluate({ parameters, episodes: 6, seed: 1 });
    expect(gate.book()).toEqual({ collected: 10, trained: 6, evaluated: 30 });
    expect(seen.steps).toBe(46);
    await expect(gate.collect({ parameters, episodes: 1, seed: 2 })).rejects.toMatchObject({
      name: 'BudgetExceeded',
      message: '20 of budget = 20 target steps are used, expected at most 0 more, got 1',
    });
    expect(seen.steps).toBe(50);
    expect(() => train(1)).toThrow('20 of budget = 20 target steps are used');
    await gate.evaluate({ parameters, episodes: 1, seed: 1 });
    expect(gate.book()).toEqual({ collected: 14, trained: 6, evaluated: 35 });
    expect(seen.steps).toBe(55);
  });

  test('of an arm without one is only booked', async () => {
    const { gate } = await gateAlone({ budget: null });
    await gate.collect({ parameters, episodes: 100, seed: 1 });
    expect(gate.book()).toEqual({ collected: 500, trained: 0, evaluated: 0 });
  });

  test('counts each episode to its end and no further', async () => {
    const { gate } = await gateAlone({ budget: 100, target: targetOf({ lengths: [2, 7, 3] }), copies: 3 });
    const { lengths } = await gate.collect({ parameters, episodes: 4, seed: 1 });
    expect(lengths).toEqual([2, 7, 3, 2]);
    expect(gate.book().collected).toBe(14);
  });

  /** Steps that the world has taken when a rule refuses the next one. */
  async function takenUntilRefused(rule: (book: TargetBook, steps: number) => TargetBook): Promise<number> {
    let book = emptyBook;
    const programs = await compilePolicy(policy);
    const taking = (steps: number) => {
      book = rule(book, steps);
    };
    const asked = { episodes: 4, seed: 1, copies: 1, taking, alive() {} };
    await expect(
      playTargetEpisodes(targetOf(), { ...asked, player: { programs, drawn: true } }),
    ).rejects.toThrow('target steps are used');
    programs.dispose();
    return seen.steps;
  }
  test('is kept to the step', async () => {
    expect(await takenUntilRefused((book, steps) => booked(book, 12, 'collected', steps))).toBe(12);
  });
  test('planted: a gate that lets one more step through is seen by the world', async () => {
    expect(await takenUntilRefused((book, steps) => booked(book, 12 + 1, 'collected', steps))).toBe(13);
  });
});

describe('the book', () => {
  test('is kept over a restart', async () => {
    const first = await gateAlone({ budget: 20 });
    await first.gate.collect({ parameters, episodes: 3, seed: 1 });
    await first.gate.evaluate({ parameters: 'random', episodes: 2, seed: 1 });
    const { gate } = await gateAlone({ budget: 20 }, first.saved());
    expect(gate.book()).toEqual({ collected: 15, trained: 0, evaluated: 10 });
    await expect(gate.collect({ parameters, episodes: 2, seed: 1 })).rejects.toThrow('of budget = 20');
  });

  test('keeps the steps of a question that the gate died over, and counts them once if it is asked again', async () => {
    const target = targetOf({ dies: 8 });
    const first = await gateAlone({ budget: 15, target });
    const question = { parameters, episodes: 3, seed: 1 };
    await expect(first.gate.collect(question)).rejects.toThrow('the world broke');

    const other = await gateAlone({ budget: 15 }, first.saved());
    expect(other.gate.book().collected).toBe(9);
    await expect(other.gate.collect({ ...question, seed: 2 })).rejects.toThrow('of budget = 15');

    const same = await gateAlone({ budget: 15 }, first.saved());
    const tuples = await same.gate.collect(question);
    expect(same.gate.book().collected).toBe(15);
    expect(tuples).toEqual(await (await gateAlone({ budget: 15 })).gate.collect(question));
  });

  test('of training is kept with the round, and a round sent again is not booked again', async () => {
    const settings = { budget: 12, training: { count: 2, steps: 3, lag: 0 } };
    const first = await gateAlone(settings);
    first.train(0);
    const after = await gateAlone(settings, first.saved());
    after.train(0);
    expect(after.gate.book().trained).toBe(6);
    expect(after.sent).toEqual(first.sent);
    after.train(1);
    expect(after.gate.book().trained).toBe(12);
    expect(() => after.train(2)).toThrow('12 of budget = 12');
  });
});

describe('what the gate gives', () => {
  test('transitions as they were: what was seen, what was done within bounds, what came', async () => {
    const { gate } = await gateAlone({ budget: 100, target: targetOf({ lengths: [2, 3] }), copies: 2 });
    const { observations, actions, next, lengths } = await gate.collect({
      parameters,
      episodes: 3,
      seed: 4,
      logStd: 1.5,
    });
    expect(lengths).toEqual([2, 3, 2]);
    const times = (rows: Float32Array) => Array.from({ length: 7 }, (_, i) => rows[2 * i + 1]);
    expect(times(observations)).toEqual([0, 1, 0, 1, 2, 0, 1]);
    expect(times(next)).toEqual([1, 2, 1, 2, 3, 1, 2]);
    // The first number names the episode.
    for (const [i, row] of [0, 0, 2, 2, 2, 5, 5].entries()) {
      expect([observations[2 * i], next[2 * i]]).toEqual([observations[2 * row], observations[2 * row]]);
    }
    expect(Math.max(...actions.map(Math.abs))).toBe(1);
    expect(new Set(actions.map(Math.abs)).size).toBeGreaterThan(1);
  });

  test('the same for the same question, whatever was asked before; other seeds, other episodes', async () => {
    const { gate } = await gateAlone({ budget: null });
    const first = await gate.collect({ parameters, episodes: 6, seed: 4 });
    await gate.collect({ parameters, episodes: 2, seed: 5 });
    expect(await gate.collect({ parameters, episodes: 6, seed: 4 })).toEqual(first);
    expect((await gate.collect({ parameters, episodes: 6, seed: 5 })).observations).not.toEqual(
      first.observations,
    );
  });

  test('exploration is the one that is asked for, none in tests; all policies meet the same starts', async () => {
    const { gate } = await gateAlone({ budget: null });
    const spread = (actions: Float32Array) => new Set(actions).size;
    const still = new Float32Array(policy.size);
    expect(
      spread((await gate.collect({ parameters: still, episodes: 4, seed: 1, logStd: -9 })).actions),
    ).toBeGreaterThan(4);
    expect((await gate.evaluate({ parameters: still, episodes: 4, seed: 1 })).returns).toEqual([0, 0, 0, 0]);
    const random = await gate.evaluate({ parameters: 'random', episodes: 4, seed: 1 });
    expect(new Set(random.returns).size).toBe(4);
    expect(random).toEqual(await gate.evaluate({ parameters: 'random', episodes: 4, seed: 1 }));
  });
});

describe('what the gate refuses', () => {
  test('parameters of another policy, no episodes, and training where none may', async () => {
    const { gate, train } = await gateAlone({ budget: 20 });
    const ask = (request: object) => gate.collect({ parameters, episodes: 1, seed: 1, ...request });
    await expect(ask({ parameters: new Float32Array(3) })).rejects.toThrow(
      `expected ${policy.size} parameters, got 3`,
    );
    await expect(ask({ episodes: 0 })).rejects.toThrow('episodes = 0, expected a positive integer');
    await expect(ask({ logStd: Number.NaN })).rejects.toThrow(
      'withLogStd: value = NaN, expected a finite number',
    );
    expect(() => train(0)).toThrow('training = null, expected count and steps');
    expect(seen.steps).toBe(0);
    expect(gate.book()).toEqual(emptyBook);
  });

  test('an exploration that the policy does not have', async () => {
    const discrete = policyRef(
      ppoPolicy,
      { hidden: [4] },
      {
        observation: box(2),
        action: { kind: 'discrete', n: 2 },
      },
    );
    await expect(withLogStd(discrete, new Float32Array(discrete.size), -1)).rejects.toThrow(
      'policy ppo has no logStd',
    );
    const changed = await withLogStd(policy, parameters, -1.3);
    expect([...changed].filter((value, i) => value !== parameters[i])).toEqual([Math.fround(-1.3)]);
  });
});

test('in a system: what it refuses is told as such, and its state is what it goes on from', async () => {
  const system = await startSystem({ seed: 1 });
  const config = { target: targetOf(), policy, budget: 10 };
  const gate = await system.spawn(targetGate, config, { on: 'main' });
  await gate.call.collect({ parameters, episodes: 2, seed: 1 });
  const refused = await gate.call
    .collect({ parameters, episodes: 1, seed: 1 })
    .catch((error: unknown) => error);
  expect(isBudgetExceeded(refused)).toBe(true);
  expect(isBudgetExceeded(new Error('another', { cause: new Error('still another') }))).toBe(false);
  const next = await system.spawn(targetGate, config, {
    on: 'main',
    name: 'next',
    restore: await gate.snapshot(),
  });
  expect(await next.call.book()).toEqual({ collected: 10, trained: 0, evaluated: 0 });
  await system.stop();
});
