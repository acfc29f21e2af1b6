import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineActor, port, type System, startSystem } from '../../../src/actors/index.ts';
import { analyst } from '../../../src/evaluation/actors/analyst.ts';
import type {
  AssignReveal,
  JoinedTrials,
  PolicyRequest,
  PolicyShelf,
  TrialOutcomes,
  TrialRequest,
  TrialRows,
  TrialsAssigned,
  TrialsLogged,
  UnitOutcome,
} from '../../../src/evaluation/actors/messages.ts';
import { peekGate } from '../../../src/evaluation/actors/peek-gate.ts';
import { trialLog } from '../../../src/evaluation/actors/trial-log.ts';
import { trialScheduler } from '../../../src/evaluation/actors/trial-scheduler.ts';
import { weightStore } from '../../../src/evaluation/actors/weight-store.ts';
import { assignArm } from '../../../src/evaluation/assignment/index.ts';
import type { Design } from '../../../src/evaluation/contract.ts';
import { readLog, trialsOf } from '../../../src/evaluation/log/index.ts';

const policy = {
  name: 'policy',
  arms: [
    { name: 'old', weight: 1, parameters: { speed: 1 } },
    { name: 'new', weight: 1, parameters: { speed: 2 } },
  ],
};
const shape = { trials: 5, batch: 2, window: 2 };

/** Sends whatever a test has it send. */
const hand = defineActor(import.meta.url, {
  name: 'hand',
  config: z.object({}),
  outputs: {
    requests: port<TrialRequest>(),
    logged: port<TrialsLogged>(),
    shelves: port<PolicyShelf>(),
    policyRequests: port<PolicyRequest>(),
    assigned: port<TrialsAssigned>(),
    outcomes: port<TrialOutcomes>(),
    reveals: port<AssignReveal>(),
    rows: port<TrialRows>(),
    joined: port<JoinedTrials>(),
  },
  start: ({ outputs }) => ({
    send(name: string, message: unknown): void {
      (outputs as unknown as Record<string, { next(value: unknown): void }>)[name].next(message);
    },
  }),
});

/** Runs a test in a system of its own. */
async function inSystem(work: (system: System) => Promise<void>): Promise<void> {
  const system = await startSystem({ seed: 1 });
  try {
    await work(system);
  } finally {
    await system.stop();
  }
}
const on = { on: 'main' } as const;

describe('the scheduler', () => {
  it('tells the log of a batch before a cell may have it, as far as the window goes, and draws by the secret', () =>
    inSystem(async system => {
      const scheduler = await system.spawn(trialScheduler, { secret: 's', layers: [policy], ...shape }, on);
      const tester = await system.spawn(hand, {}, on);
      system.link(tester.outputs.requests, scheduler.inputs.requests);
      system.link(tester.outputs.logged, scheduler.inputs.logged);
      const seen: string[] = [];
      scheduler.outputs.assigned.subscribe(({ batch }) => seen.push(`assigned ${batch}`));
      scheduler.outputs.orders.subscribe(({ batch, orders }) =>
        seen.push(`order ${batch} of ${orders.length}`),
      );
      const shelves = firstValueFrom(scheduler.outputs.shelves.pipe(take(3), toArray()));
      const reveals = firstValueFrom(scheduler.outputs.reveals);
      await scheduler.call.begin(0);
      await tester.call.send('requests', { type: 'request', batch: 2 });
      await tester.call.send('requests', { type: 'request', batch: 0 });
      await tester.call.send('requests', { type: 'request', batch: 9 });
      await tester.call.send('logged', { type: 'logged', batch: 0 });
      await tester.call.send('requests', { type: 'request', batch: 1 });
      const given = (await shelves).toSorted((a, b) => a.batch - b.batch);
      // Links have no common order; what must come before what is all that is promised.
      expect(seen.filter(each => each.startsWith('assigned'))).toEqual([
        'assigned 0',
        'assigned 1',
        'assigned 2',
      ]);
      expect(seen.toSorted().slice(3)).toEqual(['order 0 of 2', 'order 1 of 2', 'order 2 of 1']);
      for (const batch of [0, 1, 2]) {
        const ordered = seen.findIndex(each => each.startsWith(`order ${batch}`));
        expect(seen.indexOf(`assigned ${batch}`)).toBeLessThan(ordered);
      }
      const speeds = given.flatMap(({ policies }) => policies.map(({ parameters }) => parameters['speed']));
      const armOf = (index: number) => assignArm('s', 'policy', `trial-${index}`, policy.arms);
      expect(speeds).toEqual([0, 1, 2, 3, 4].map(index => armOf(index).parameters.speed));
      const handles = given.flatMap(({ policies }) => policies.map(({ handle }) => handle));
      expect(new Set(handles).size).toBe(5);
      expect(await reveals).toEqual({
        type: 'reveal',
        batch: 0,
        reveals: [0, 1].map(index => ({ unitId: `trial-${index}`, arms: { policy: armOf(index).name } })),
      });
    }));

  it('refuses a parameter that two layers set', () =>
    inSystem(async system => {
      const layers = [policy, { ...policy, name: 'gripper' }];
      await expect(system.spawn(trialScheduler, { secret: 's', layers, ...shape }, on)).rejects.toThrow(
        'layer gripper: parameter speed belongs to layer policy',
      );
    }));
});

describe('the weight store', () => {
  it('answers a request that was faster than its shelf, and fails for a handle that nobody gave out', () =>
    inSystem(async system => {
      const store = await system.spawn(weightStore, {}, { ...on, restarts: { times: 0, within: 1000 } });
      const tester = await system.spawn(hand, {}, on);
      system.link(tester.outputs.shelves, store.inputs.shelves);
      system.link(tester.outputs.policyRequests, store.inputs.requests);
      const answer = firstValueFrom(store.outputs.policies);
      await tester.call.send('policyRequests', { type: 'policies wanted', batch: 0, handles: ['b', 'a'] });
      await tester.call.send('shelves', {
        type: 'shelf',
        batch: 0,
        policies: [
          { handle: 'a', parameters: { speed: 1 } },
          { handle: 'b', parameters: { speed: 2 } },
        ],
      });
      expect(await answer).toEqual({ type: 'policies', batch: 0, policies: [{ speed: 2 }, { speed: 1 }] });
      const failed = expect(system.failed).rejects.toThrow('handle = c: expected one that was given out');
      await tester.call.send('policyRequests', { type: 'policies wanted', batch: 0, handles: ['c'] });
      await failed;
    }));
});

describe('the log', () => {
  const design: Design = {
    name: 'test',
    hypothesis: 'None.',
    arms: policy.arms.map(({ name, weight }) => ({ name, weight })),
    unit: 'trial',
    metric: { name: 'success', kind: 'binary', better: 'higher' },
    secondary: [],
    strata: ['operator', 'robot'],
    stopping: { rule: 'fixed', units: 5 },
    level: 0.95,
  };
  const outcome = (index: number): UnitOutcome => ({
    unitId: `trial-${index}`,
    index,
    robot: 'r',
    operatorId: 'o',
    success: index === 3 ? undefined : index % 2 === 0,
    metrics: {},
    startState: [],
    when: {},
  });
  const assigned = (batch: number) => ({
    type: 'assigned',
    batch,
    trials: [0, 1]
      .map(i => batch * 2 + i)
      .filter(index => index < 5)
      .map(index => ({ trial: `trial-${index}`, unit: `trial-${index}`, index })),
  });

  it('writes batches in order, whole, once, whoever comes first or twice', () =>
    inSystem(async system => {
      const file = join(mkdtempSync(join(tmpdir(), 'troupe-log-')), 'log.jsonl');
      const log = await system.spawn(
        trialLog,
        { seed: 1, files: [{ layer: 'policy', file, design }], ...shape },
        on,
      );
      const tester = await system.spawn(hand, {}, on);
      system.link(tester.outputs.assigned, log.inputs.assigned);
      system.link(tester.outputs.outcomes, log.inputs.outcomes);
      system.link(tester.outputs.reveals, log.inputs.reveals);
      const first = firstValueFrom(log.outputs.logged);
      const rows = firstValueFrom(log.outputs.rows.pipe(take(3), toArray()));
      const send = (name: string, message: unknown) => tester.call.send(name, message);
      for (const batch of [0, 1]) await send('assigned', assigned(batch));
      await send('outcomes', { type: 'outcomes', batch: 1, outcomes: [outcome(3)] });
      await send('outcomes', { type: 'outcomes', batch: 0, outcomes: [outcome(1), outcome(0)] });
      await send('outcomes', { type: 'outcomes', batch: 0, outcomes: [outcome(0)] });
      await send('outcomes', { type: 'outcomes', batch: 1, outcomes: [outcome(3), outcome(2)] });
      await first;
      // Batch 1 is whole, but the log waits for the assignments of batch 2, which stand before it.
      expect(await log.call.logged()).toBe(1);
      await expect(log.call.unblind()).rejects.toThrow('unblind: 1 of 3 batches are logged, expected all');
      await send('assigned', assigned(2));
      await send('outcomes', { type: 'outcomes', batch: 2, outcomes: [outcome(4)] });
      expect((await rows).flatMap(each => each.rows.map(({ index }) => index))).toEqual([0, 1, 2, 3, 4]);
      const arms = ['old', 'new', 'new', 'old', 'new'];
      for (const batch of [2, 0, 1])
        await send('reveals', {
          type: 'reveal',
          batch,
          reveals: assigned(batch).trials.map(({ trial, index }) => ({
            unitId: trial,
            arms: { policy: arms[index] },
          })),
        });
      const heads = await log.call.unblind();
      expect(heads['policy']).toMatch(/^[0-9a-f]{64}$/);
      const records = [...readLog(file)];
      expect(records.map(({ type }) => type)).toEqual(
        ['opened', ...Array(4).fill('assigned'), ...Array(2).fill('outcome'), 'assigned']
          .concat(Array(3).fill('outcome'))
          .concat(['stopped', ...Array(5).fill('revealed')]),
      );
      expect(records.every(record => record.type !== 'assigned' || !('arm' in record))).toBe(true);
      const joined = trialsOf(records);
      expect(joined.trials.map(({ arm }) => arm)).toEqual(arms);
      expect(joined.arms).toMatchObject([
        { arm: 'old', assigned: 2, done: 1, failed: 1 },
        { arm: 'new', assigned: 3, done: 3, failed: 0 },
      ]);
    }));
});

describe('analyst and peek gate', () => {
  it('join a batch when both of its parts are there, in order, and leave aborted trials out of the test', () =>
    inSystem(async system => {
      const joiner = await system.spawn(analyst, {}, on);
      const gate = await system.spawn(peekGate, { layer: 'policy', arms: policy.arms, planned: 40 }, on);
      const tester = await system.spawn(hand, {}, on);
      system.link(tester.outputs.rows, joiner.inputs.rows);
      system.link(tester.outputs.reveals, joiner.inputs.reveals);
      system.link(joiner.outputs.joined, gate.inputs.joined);
      const looks = firstValueFrom(gate.outputs.looks.pipe(take(2), toArray()));
      const rows = (batch: number) => ({
        type: 'rows',
        batch,
        rows: Array.from({ length: 20 }, (_, i) => ({ metrics: i === 7 ? {} : { success: i % 2 } })),
      });
      const reveals = (batch: number) => ({
        type: 'reveal',
        batch,
        reveals: Array.from({ length: 20 }, (_, i) => ({
          unitId: `${i}`,
          arms: { policy: i % 2 ? 'new' : 'old' },
        })),
      });
      for (const [name, message] of [
        ['rows', rows(1)],
        ['reveals', reveals(1)],
        ['reveals', reveals(0)],
        ['rows', rows(0)],
      ] as const)
        await tester.call.send(name, message);
      const [first, second] = await looks;
      expect(first).toMatchObject([{ arm: 'new', trials: 20, compared: 19 }]);
      expect(second).toMatchObject([{ arm: 'new', trials: 40, compared: 38 }]);
      // The new arm always succeeds and the old one never does.
      const [{ sequence, p }] = second;
      expect(sequence.estimable && sequence.low > 0 && sequence.value > 0.8).toBe(true);
      expect(p).toBeLessThan(0.01);
      expect(await joiner.call.counts()).toEqual([
        { layer: 'policy', arm: 'old', assigned: 20, analysed: 20, successes: 0 },
        { layer: 'policy', arm: 'new', assigned: 20, analysed: 18, successes: 18 },
      ]);
    }));
});
