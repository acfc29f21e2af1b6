import { conduct } from '../../src/actors/conduct.ts';
import type { Placement } from '../../src/actors/contract.ts';
import { evaluator, type Trial } from '../../src/actors/evaluator.ts';
import { type Episodes, episodeMeans } from '../../src/actors/evaluator-episodes.ts';
import { policyRef } from '../../src/actors/policy.ts';
import { rollout } from '../../src/actors/rollout.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import type { MetricRow } from '../../src/core/metric-rows.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { EnvironmentRef } from '../../src/env/contract.ts';
import { describeEnvironment } from '../../src/env/define.ts';
import type { ActionSpace } from '../../src/env/spaces.ts';
import { ppoConfig } from '../../src/learners/ppo/config.ts';
import { ppoLearner } from '../../src/learners/ppo/learner.ts';
import { ppoPolicy, ppoPolicyConfig } from '../../src/learners/ppo/networks.ts';

export interface Training {
  readonly environment: EnvironmentRef;
  readonly steps: number;
  readonly seed?: number;
  readonly ppo?: Record<string, unknown>;
  readonly checkpointEvery?: number;
  readonly resume?: Readonly<Record<string, readonly Snapshot[]>>;
  readonly on?: Placement;
  readonly episodes?: number;
}

export interface Trained {
  readonly rows: MetricRow[];
  readonly parameters: Float32Array;
  readonly checkpoints: Map<number, Readonly<Record<string, readonly Snapshot[]>>>;
  readonly episodes: Episodes;
  readonly restarts: number;
}

const nextTurn = () => new Promise(resolve => setImmediate(resolve));

/** Trains with PPO through real actors, without files. */
export async function train(training: Training): Promise<Trained> {
  const { environment, steps, seed = 1, checkpointEvery = null, resume, on = 'main' } = training;
  const ppo = ppoConfig.parse({ workers: 1, ...training.ppo });
  const { observationSpace, actionSpace } = await describeEnvironment(environment);
  const spaces = { observation: observationSpace, action: actionSpace as ActionSpace };
  const policy = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppo), spaces);
  const workers = ppo.workers ?? 1;
  const shape = {
    policy,
    count: ppo.environments / workers,
    steps: ppo.horizon,
    lag: ppo.overlapped ? 1 : 0,
  } as const;
  const system = await startSystem({ seed });
  const rows: MetricRow[] = [];
  const before = (resume?.['learner'][0] as { rounds: number } | undefined)?.rounds ?? 0;
  const checkpoints: Trained['checkpoints'] = new Map();
  try {
    const collectors = await system.spawn(
      rollout,
      { environment, ...shape },
      { on, copies: workers, ...(resume && { restore: resume['rollouts']! }) },
    );
    const learner = await system.spawn(
      ppoLearner,
      { ...shape, workers, totalSteps: steps, checkpointEvery, ppo },
      { on, ...(resume && { restore: resume['learner']! }) },
    );
    const judge = await system.spawn(evaluator, { environment, policy, count: 10 }, { on: 'main' });
    system.link(learner.outputs.policies, collectors.inputs.policies);
    system.link(collectors.outputs.trajectories, learner.inputs.trajectories);
    learner.outputs.metrics.subscribe(row => rows.push(row));
    const { parameters } = await Promise.race([
      conduct({
        system,
        learner,
        actors: { rollouts: collectors },
        steps,
        resumedAt: resume && before * ppo.environments * ppo.horizon,
        signal: new AbortController().signal,
        record: {
          metrics: () => {},
          async settled(sent) {
            while (before + rows.length < sent) await nextTurn();
          },
          progress: () => {},
          checkpoint: async (step, state) => {
            checkpoints.set(step, structuredClone(state) as never);
          },
        },
        keep: async () => {},
        evaluate: async () => false,
        interrupted: step => new Error(`interrupted at ${step}`),
      }),
      system.failed,
    ]);
    const trial: Trial = { player: { parameters }, seed: 1_000_000 + seed };
    const episodes = await judge.call.evaluate({ ...trial, episodes: training.episodes ?? 20 });
    return { rows, parameters, checkpoints, episodes, restarts: collectors.restarts };
  } finally {
    await system.stop();
  }
}

export const returnOf = (trained: Trained): number => episodeMeans(trained.episodes).return;
