import { z } from 'zod';
import { TroupeError } from '../core/errors.ts';
import type { MetricRow } from '../core/metric-rows.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Executor } from '../tensors/index.ts';
import type { ActorContext } from './contract.ts';
import { executorField } from './executor.ts';
import { policyRefSchema } from './policy.ts';
import { port, slab } from './runtime/define.ts';
import { policyFields, type Trajectory, trajectoryFields } from './trajectory.ts';

const positive = z.number().int().positive();

/** What every learner from trajectories is configured with, beside its method's own settings. */
export const learnerConfig = z.object({
  policy: policyRefSchema.describe('What is learnt.'),
  workers: positive.describe('Rollout workers whose trajectories make a round.'),
  count: positive.describe('Environment copies a worker.'),
  steps: positive.describe('Steps of every copy in a trajectory.'),
  lag: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe('As the rollouts have it.'),
  totalSteps: positive.describe('Environment steps to learn from; rounded up to whole rounds.'),
  evaluateEvery: positive.nullable().default(null).describe('Steps between evaluation barriers; null: none.'),
  checkpointEvery: positive
    .nullable()
    .default(null)
    .describe('Steps between checkpoint barriers; null: none.'),
  executor: executorField,
});
/** `learnerConfig`, parsed. */
export type LearnerConfig = z.output<typeof learnerConfig>;

/**
 * What learning has gathered beside a policy's parameters, by name: the moments of returns that rewards are scaled by, for
 * example. Saved with the policy, so that another run can go on with it; acting takes none of it.
 */
export type Statistics = Readonly<Record<string, number>>;

/**
 * What `learn` throws where a figure or a parameter is no number any more: another life would break in the same round, so
 * the run ends there. The message says which, and what to try.
 */
export class BrokenLearning extends TroupeError {
  override readonly name: string = 'BrokenLearning';
}

/** What a method measured in a round: finite numbers, by names in snake case. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Why a barrier stands: an evaluation or a checkpoint is due, somebody asked for one (Ctrl-C), or all steps are done.
 */
export type BarrierReason = 'evaluate' | 'checkpoint' | 'asked' | 'end';

/** Every actor of the run stands still until the learner is told to proceed. */
export interface Barrier {
  readonly step: number;
  /** Rows of metrics that the learner has sent in all, since the run's first start. */
  readonly sent: number;
  readonly reasons: readonly BarrierReason[];
}

/** The inputs of a learner: one trajectory a worker and round, in any order. */
export const learnerInputs = (config: LearnerConfig) => ({
  trajectories: slab(trajectoryFields({ ...config, spaces: config.policy.spaces })),
});
/** The outputs of a learner: each new policy, a row of figures a round, and the barriers. */
export const learnerOutputs = (config: LearnerConfig) => ({
  policies: slab(policyFields(config.policy)),
  metrics: port<MetricRow>(),
  barriers: port<Barrier>(),
});
/** What the `start` of a learner is given: its config and the ports that all learners share. */
export type LearnerContext<C extends LearnerConfig> = ActorContext<
  C,
  ReturnType<typeof learnerInputs>,
  ReturnType<typeof learnerOutputs>
>;

/** What a method brings; the shell does the rest. */
export interface LearningMethod {
  /**
   * Learns from one round: one trajectory a worker, in the workers' order. The slabs are the caller's again afterwards.
   * @param progress 0 in the first round, towards 1 in the last
   * @throws `BrokenLearning` where a figure or a parameter is no number any more
   */
  learn(round: readonly Trajectory[], progress: number): Promise<Figures>;
  /** What its update runs on, as it is now: `auto` may choose in the first round. */
  readonly executor: Executor;
  /** Writes the parameters of the policy to act with, all end to end. */
  writeParameters(out: Float32Array): void;
  /** What learning goes on with from this policy in another run, beside the parameters. Absent: nothing. */
  statistics?(): Statistics;
  /**
   * Starts from another policy's parameters, and from the statistics that were saved with them.
   * @throws a usage error, in one line, where they are of another task or other networks
   */
  takeParameters(parameters: Float32Array, statistics?: Statistics): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}
