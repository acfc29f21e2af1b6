import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { conduct } from '../../src/actors/conduct.ts';
import { policyRef } from '../../src/actors/policy.ts';
import { rollout } from '../../src/actors/rollout.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import type { MetricRow } from '../../src/core/metric-rows.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { describeEnvironment, environmentRef } from '../../src/env/define.ts';
import type { ActionSpace } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { tallyingLearner } from './tallying-learner.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-learner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let marks = 0;

interface Plan {
  readonly lag: 0 | 1;
  readonly rounds: number;
  readonly dieAt?: number;
  readonly evaluateEvery?: number;
  readonly checkpointEvery?: number;
}

/** Rounds of 2 workers × 2 copies × 4 steps = 16 steps. */
async function run({ lag, rounds, dieAt, evaluateEvery, checkpointEvery }: Plan) {
  const system = await startSystem({ seed: 9 });
  try {
    const environment = environmentRef(cartPole, {});
    const { observationSpace, actionSpace } = await describeEnvironment(environment);
    const spaces = { observation: observationSpace, action: actionSpace as ActionSpace };
    const shape = { policy: policyRef(ppoPolicy, { hidden: [4] }, spaces), count: 2, steps: 4, lag } as const;
    const rollouts = await system.spawn(rollout, { environment, ...shape }, { copies: 2, on: 'main' });
    const learner = await system.spawn(
      tallyingLearner,
      {
        ...shape,
        workers: 2,
        totalSteps: 16 * rounds - 3,
        evaluateEvery: evaluateEvery ?? null,
        checkpointEvery: checkpointEvery ?? null,
        dieAt: dieAt ?? null,
        mark: join(folder, `${marks++}`),
      },
      // An error in an actor's own work can be laid at its door in a worker only.
      { on: dieAt === undefined ? 'main' : 'worker' },
    );
    system.link(learner.outputs.policies, rollouts.inputs.policies);
    system.link(rollouts.outputs.trajectories, learner.inputs.trajectories);
    const rows: MetricRow[] = [];
    learner.outputs.metrics.subscribe(row => rows.push(row));
    const barriers: string[] = [];
    learner.outputs.barriers.subscribe(({ step, reasons }) => barriers.push(`${step} ${reasons}`));
    const { step, parameters } = await Promise.race([
      system.failed,
      conduct({
        system,
        learner,
        actors: { rollouts },
        steps: 16 * rounds,
        signal: new AbortController().signal,
        record: {
          metrics() {},
          async settled(sent) {
            while (rows.length < sent) await new Promise(resolve => setImmediate(resolve));
          },
          progress() {},
          async checkpoint() {},
        },
        async evaluate() {},
        async keep() {},
        interrupted: () => new Error('interrupted'),
      }),
    ]);
    const values = rows.map(row => ({ step: row.step, values: row.values }));
    return { step, parameters, rows: values, barriers, restarts: learner.restarts };
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

  test('a learner that dies in a round learns it again, and the run keeps its bits', {
    timeout: 60_000,
  }, async () => {
    const calm = await run({ lag, rounds: 5 });
    for (const dieAt of [0, 3]) {
      const died = await run({ lag, rounds: 5, dieAt });
      expect(died.restarts).toBe(1);
      expect(died.parameters).toEqual(calm.parameters);
      expect(died.rows).toEqual(calm.rows);
    }
  });
});
