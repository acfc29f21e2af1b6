import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { conduct } from '../../../src/actors/conduct.ts';
import type { Placement } from '../../../src/actors/contract.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import { replay } from '../../../src/actors/replay/replay.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import type { MetricRow } from '../../../src/core/metric-rows.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { walk } from '../../fixtures/environments/walk.ts';
import { mortalExplorer, toyLearner } from './toy-learner.ts';
import { leaning } from './toy-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let marks = 0;
const nextTurn = () => new Promise(resolve => setImmediate(resolve));

type Saved = Readonly<Record<'learner' | 'explorers' | 'replay', readonly Snapshot[]>> & {
  readonly step: number;
};

interface Plan {
  readonly prioritized?: boolean;
  /** Helpings after which the learner dies in the next one. */
  readonly dieAfter?: number;
  /** The step of a barrier at which it dies. */
  readonly dieAtBarrier?: number;
  readonly explorer?: z.input<typeof mortalExplorer.config>['die'];
  readonly on?: Placement;
  readonly resume?: Saved;
}

/** 8 rounds of 2 explorers × 2 copies × 4 steps = 16 steps: from the third one on, 16 updates in 6 helpings. */
async function run({ prioritized = false, on = 'main', resume, ...plan }: Plan) {
  const system = await startSystem({ seed: 9 });
  try {
    const environment = environmentRef(walk, {});
    const spaces = { observation: box(1, { low: -6, high: 6 }), action: discrete(2) };
    const policy = policyRef(leaning, {}, spaces);
    const collected = { policy, count: 2, steps: 4 };
    const rounds = { ...collected, workers: 2, batch: 8, updates: 3 };
    const restore = (name: 'learner' | 'explorers' | 'replay') => ({
      ...(resume && { restore: resume[name] }),
    });
    const mark = () => join(folder, `${marks++}`);
    const explorers = await system.spawn(
      mortalExplorer,
      {
        environment,
        ...collected,
        random: { from: 0.8, to: 0.1, steps: 64, schedule: 'linear' },
        die: plan.explorer ?? null,
        mark: mark(),
      },
      { copies: 2, on, ...restore('explorers') },
    );
    const held = await system.spawn(
      replay,
      {
        ...rounds,
        capacity: 64,
        startAfter: 20,
        nStep: 2,
        prioritized: prioritized ? { betaSteps: 50 } : null,
      },
      { on: 'main', restarts: { times: 0, within: 1_000 }, ...restore('replay') },
    );
    const learner = await system.spawn(
      toyLearner,
      {
        ...rounds,
        totalSteps: 128,
        checkpointEvery: 32,
        reportEvery: 20,
        dieAfter: plan.dieAfter ?? null,
        mark: mark(),
      },
      { on, ...restore('learner') },
    );
    system.link(learner.outputs.policies, explorers.inputs.policies);
    system.link(explorers.outputs.transitions, held.inputs.transitions);
    system.link(held.outputs.helpings, learner.inputs.helpings, { depth: 2 });
    if (prioritized) system.link(learner.outputs.priorities, held.inputs.priorities);
    const rows: MetricRow[] = [];
    learner.outputs.metrics.subscribe(row => rows.push(row));
    const before = (resume?.learner[0] as { rows: number } | undefined)?.rows ?? 0;
    const saved: Saved[] = [];
    let dead = false;
    const ended = await Promise.race([
      system.failed,
      conduct({
        system,
        learner,
        actors: { explorers, replay: held },
        steps: 128,
        signal: new AbortController().signal,
        resumedAt: resume?.step,
        record: {
          metrics() {},
          async settled(sent) {
            while (before + rows.length < sent) await nextTurn();
          },
          progress() {},
          async checkpoint(step, state) {
            saved.push({ step, ...(structuredClone(state) as unknown as Omit<Saved, 'step'>) });
          },
        },
        evaluate: async () => false,
        async keep(_, step) {
          if (step !== plan.dieAtBarrier || dead) return;
          dead = true;
          const restarted = firstValueFrom(system.events.pipe(filter(({ type }) => type === 'restarted')));
          await learner.call.die();
          await restarted;
        },
        interrupted: () => new Error('interrupted'),
      }),
    ]);
    const values = rows.map(row => ({ step: row.step, values: row.values }));
    return { ...ended, rows: values, saved, restarts: learner.restarts + explorers.restarts };
  } finally {
    await system.stop();
  }
}

describe.each([false, true])('off-policy learning, prioritised: %o', prioritized => {
  const calm = run({ prioritized });

  test('tells of its episodes, its updates and its store', async () => {
    const { rows, saved } = await calm;
    expect(rows.map(({ step }) => step)).toEqual([32, 48, 64, 80, 112, 128]);
    expect(rows.map(({ values }) => values['updates'])).toEqual([12, 28, 44, 60, 92, 108]);
    expect(rows.at(-1)?.values).toMatchObject({ stored: expect.any(Number), episodes: expect.any(Number) });
    expect(rows.at(-1)?.values['episode_length']).toBeGreaterThan(1);
    expect(saved.map(({ step }) => step)).toEqual([0, 32, 64, 96, 128]);
  });

  test.each<Plan>([
    { dieAfter: 0 },
    { dieAfter: 9 },
    { dieAfter: 9, on: 'worker' },
    { dieAtBarrier: 32 },
    { dieAtBarrier: 128 },
    { explorer: { in: 'collecting', times: 0 } },
    { explorer: { in: 'collecting', times: 18 } },
    { explorer: { in: 'collecting', times: 18 }, on: 'worker' },
    { explorer: { in: 'saving', times: 0 } },
    { explorer: { in: 'saving', times: 4 } },
    { explorer: { in: 'saving', times: 4 }, on: 'worker' },
  ])('an actor that dies changes no bit: %o', { timeout: 60_000 }, async plan => {
    const { parameters, rows, saved } = await calm;
    const died = await run({ prioritized, ...plan });
    expect(died.restarts).toBe(1);
    expect(died.parameters).toEqual(parameters);
    expect(died.rows).toEqual(rows);
    expect(died.saved).toEqual(saved);
  });

  test('a run that goes on from any checkpoint ends in the same bits', { timeout: 60_000 }, async () => {
    const { parameters, rows, saved } = await calm;
    for (const resume of saved) {
      const rest = await run({ prioritized, resume });
      expect(rest.parameters).toEqual(parameters);
      expect(rest.rows).toEqual(rows.filter(({ step }) => step > resume.step));
      expect(rest.saved.map(({ step }) => step)).toEqual(
        saved.map(({ step }) => step).filter(step => step > resume.step),
      );
      expect(rest.saved).toEqual(saved.filter(({ step }) => step > resume.step));
    }
  });
});

test('priorities change what is drawn', async () => {
  const [evenly, byPriority] = [await run({}), await run({ prioritized: true })];
  expect(byPriority.parameters).not.toEqual(evenly.parameters);
});
