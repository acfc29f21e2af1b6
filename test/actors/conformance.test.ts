import { describe, expect, test } from 'vitest';
import { evaluator } from '../../src/actors/evaluator.ts';
import { policyRef } from '../../src/actors/policy.ts';
import { rollout } from '../../src/actors/rollout.ts';
import { checkActor } from '../../src/actors/runtime/check/check.ts';
import { describeActorReport } from '../../src/actors/runtime/check/rules.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { environmentRef } from '../../src/env/define.ts';
import { box, discrete } from '../../src/env/spaces.ts';
import { ppoLearner } from '../../src/learners/ppo/learner.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';

const environment = environmentRef(cartPole, {});
const policy = policyRef(ppoPolicy, { hidden: [4] }, { observation: box(4), action: discrete(2) });
const shape = { policy, count: 2, steps: 8, lag: 0 } as const;
const parameters = new Float32Array(policy.size).fill(0.1);

// The kit plays each actor several times, each in a worker of its own.
describe('the stock actors hold what every actor must hold', { timeout: 120_000 }, () => {
  test('rollout', async () => {
    const report = await checkActor(
      rollout,
      { environment, ...shape },
      {
        inputs: { policies: [0, 1].map(version => ({ version: Int32Array.of(version), parameters })) },
        awaits: { trajectories: 2 },
      },
    );
    expect(report.passed, describeActorReport(report)).toBe(true);
  });

  test('evaluator', async () => {
    const calls = { evaluate: [{ player: { parameters }, episodes: 2, seed: 1 }] } as const;
    const report = await checkActor(evaluator, { environment, policy, count: 2 }, { calls: calls as never });
    expect(report.passed, describeActorReport(report)).toBe(true);
  });

  test('PPO’s learner', async () => {
    const ppo = { environments: 2, horizon: 8, minibatch: 8, hidden: [4] };
    const report = await checkActor(ppoLearner, { ...shape, workers: 1, totalSteps: 64, ppo });
    expect(report.passed, describeActorReport(report)).toBe(true);
  });
});
