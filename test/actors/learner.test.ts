import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { conduct } from '../../src/actors/conduct.ts';
import type { Placement } from '../../src/actors/contract.ts';
import { policyRef } from '../../src/actors/policy.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import type { MetricRow } from '../../src/core/metric-rows.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { describeEnvironment, environmentRef } from '../../src/env/define.ts';
import type { ActionSpace } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { type deathInMethod, mortalRollout } from './mortal.ts';
import { tallyingLearner } from './tallying-learner.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-learner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let marks = 0;
const nextTurn = () => new Promise(resolve => setImmediate(resolve));

interface Plan {
  readonly lag: 0 | 1;
  readonly rounds: number;
  /** Rounds after which it dies in the next one. */
  readonly dieAt?: number;
  /** The step of a barrier at which it dies. */
  readonly dieAtBarrier?: number;
  /** The method of the learner in which it dies. */
  readonly dieIn?: z.input<typeof deathInMethod>;
  /** Rounds after which a rollout dies in its snapshot. */
  readonly rolloutDiesAt?: number;
  readonly rolloutsOn?: Placement;
  readonly evaluateEvery?: number;
  readonly checkpointEvery?: number;
  /** Interrupt the run as it begins. */
  readonly interrupt?: boolean;
  readonly on?: Placement;
  /** Go on from a checkpoint. */
  readonly resume?: Saved;
}

interface Saved {
  readonly step: number;
  readonly learner: readonly { readonly rounds: number }[];
  readonly rollouts: readonly Snapshot[];
}

/** Rounds of 2 workers × 2 copies × 4 steps = 16 steps. */
async function run(plan: Plan) {
  const { lag, rounds, dieAt, dieAtBarrier, evaluateEvery, checkpointEvery, on = 'main' } = plan;
  const { interrupt, resume, dieIn, rolloutDiesAt, rolloutsOn = 'main' } = plan;
  const system = await startSystem({ seed: 9 });
  try {
    const environment = environmentRef(cartPole, {});
    const { observationSpace, actionSpace } = await describeEnvironment(environment);
    const spaces = { observation: observationSpace, action: actionSpace as ActionSpace };
    const shape = { policy: policyRef(ppoPolicy, { hidden: [4] }, spaces), count: 2, steps: 4, lag } as const;
    const rollouts = await system.spawn(
      mortalRollout,
      { environment, ...shape, dieAtRound: rolloutDiesAt ?? null, mark: join(folder, `${marks++}`) },
      { copies: 2, on: rolloutsOn, ...(resume && { restore: resume.rollouts }) },
    );
    const learner = await system.spawn(
      tallyingLearner,
      {
        ...shape,
        workers: 2,
        totalSteps: 16 * rounds - 3,
        evaluateEvery: evaluateEvery ?? null,
        checkpointEvery: checkpointEvery ?? null,
        dieAt: dieAt ?? null,
        dieIn: dieIn ?? null,
        mark: join(folder, `${marks++}`),
      },
      { on, ...(resume && { restore: resume.learner as unknown as Snapshot[] }) },
    );
    system.link(learner.outputs.policies, rollouts.inputs.policies);
    system.link(rollouts.outputs.trajectories, learner.inputs.trajectories);
    const rows: MetricRow[] = [];
    learner.outputs.metrics.subscribe(row => rows.push(row));
    const barriers: string[] = [];
    learner.outputs.barriers.subscribe(({ step, reasons }) => barriers.push(`${step} ${reasons}`));
    const controller = new AbortController();
    if (interrupt) controller.abort();
    const saved: Saved[] = [];
    const before = resume?.learner[0].rounds ?? 0;
    let dead = false;
    /** Called at barriers, before any snapshot. */
    async function dieOnce(step: number): Promise<void> {
      if (step !== dieAtBarrier || dead) return;
      dead = true;
      const restarted = firstValueFrom(system.events.pipe(filter(({ type }) => type === 'restarted')));
      await learner.call.die();
      await restarted;
    }
    const ended = await Promise.race([
      system.failed,
      conduct({
        system,
        learner,
        actors: { rollouts },
        steps: 16 * rounds,
        signal: controller.signal,
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
        keep: (_, step) => dieOnce(step),
        interrupted: () => new Error('interrupted'),
      }).catch(error => {
        if (!interrupt) throw error;
        return undefined;
      }),
    ]);
    const values = rows.map(row => ({ step: row.step, values: row.values }));
    return { ...ended, rows: values, barriers, saved, restarts: learner.restarts + rollouts.restarts };
  } finally {
    await system.stop();
  }
}

describe.each([0, 1] as const)('the learner shell, lag %i', lag => {
  test('learns from whole rounds until the steps are done', async () => {
    const { step, rows, barriers } = await run({ lag, rounds: 5 });
    expect(step).toBe(80);
    expect(rows.map(row => row.step)).toEqual([16, 32, 48, 64, 80]);
    expect(rows.map(row => row.values['policy_lag'])).toEqual([0, lag, lag, lag, lag]);
    expect(barriers).toEqual(['80 end']);
  });

  test('stops at barriers where they fall due', async () => {
    const { barriers } = await run({ lag, rounds: 5, evaluateEvery: 30, checkpointEvery: 48 });
    // 30 is passed at 32, 60 at 64; 48 is met at 48; the end is both due and the end.
    expect(barriers).toEqual(['32 evaluate', '48 checkpoint', '64 evaluate', '80 end']);
  });

  test.each(['main', 'worker', 'tensors'] as const)(
    'a learner that dies in a round learns it again, on %s',
    {
      timeout: 60_000,
    },
    async on => {
      const calm = await run({ lag, rounds: 5 });
      for (const dieAt of on === 'main' ? [0, 3] : [3]) {
        const died = await run({ lag, rounds: 5, dieAt, on });
        expect(died.restarts).toBe(1);
        expect(died.parameters).toEqual(calm.parameters);
        expect(died.rows).toEqual(calm.rows);
      }
    },
  );

  test('a learner that dies at a barrier stands there again, and has sent every row once', {
    timeout: 60_000,
  }, async () => {
    const plan = { lag, rounds: 5, checkpointEvery: 32 };
    const calm = await run(plan);
    for (const dieAtBarrier of [32, 64, 80]) {
      const died = await run({ ...plan, dieAtBarrier });
      expect(died.restarts).toBe(1);
      expect(died.parameters).toEqual(calm.parameters);
      expect(died.rows).toEqual(calm.rows);
      expect(died.saved).toEqual(calm.saved);
    }
  });

  const plan = { lag, rounds: 5, checkpointEvery: 32 } as const;
  const deaths = (['snapshot', 'policy', 'proceed'] as const).flatMap(method =>
    (['before', 'after'] as const).map(when => ({ dieIn: { method, when, rounds: 2 } })),
  );
  test.each([
    ...deaths,
    { dieIn: { method: 'snapshot', when: 'before', rounds: 0 } as const },
    { dieIn: { method: 'begin', when: 'after', rounds: 0 } as const },
    { dieIn: { method: 'snapshot', when: 'before', rounds: 5 } as const },
    { rolloutDiesAt: 0 },
    { rolloutDiesAt: 2 + lag },
    { rolloutDiesAt: 2 + lag, rolloutsOn: 'worker' as const },
  ])(
    'an actor that dies over what it is asked at a barrier is asked again: %o',
    {
      timeout: 60_000,
    },
    async death => {
      const calm = await run(plan);
      const died = await run({ ...plan, ...death });
      expect(died.restarts).toBe(1);
      expect(died.parameters).toEqual(calm.parameters);
      expect(died.rows).toEqual(calm.rows);
      expect(died.saved).toEqual(calm.saved);
    },
  );

  test('a learner that dies in the first round after a resume learns it again', {
    timeout: 60_000,
  }, async () => {
    const whole = await run({ lag, rounds: 5, checkpointEvery: 32 });
    const resume = whole.saved.find(({ step }) => step === 32) as Saved;
    const died = await run({ lag, rounds: 5, resume, dieAt: 2 });
    expect(died.restarts).toBe(1);
    expect(died.parameters).toEqual(whole.parameters);
    expect(died.rows).toEqual(whole.rows.slice(2));
  });

  test('a barrier that was asked for stands when the learner dies at it', { timeout: 60_000 }, async () => {
    const { saved, barriers, restarts } = await run({ lag, rounds: 5, interrupt: true, dieAtBarrier: 16 });
    expect(restarts).toBe(1);
    expect(new Set(barriers)).toEqual(new Set(['16 asked']));
    expect(saved.map(({ step, learner }) => [step, learner[0].rounds])).toEqual([
      [0, 0],
      [16, 1],
    ]);
  });
});
