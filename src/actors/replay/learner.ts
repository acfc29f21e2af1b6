import { z } from 'zod';
import type { MetricRow } from '../../core/metric-rows.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Executor } from '../../tensors/index.ts';
import type { ActorContext } from '../contract.ts';
import { executorField } from '../executor.ts';
import type { Barrier, Figures, Statistics } from '../learner.ts';
import { port, slab } from '../runtime/define.ts';
import { policyFields } from '../trajectory.ts';
import { roundsConfig } from './config.ts';
import { type Helping, helpingFields, priorityFields } from './fields.ts';

const positive = z.number().int().positive();

/** What every learner from a replay is configured with, beside its method's own settings. */
export const replayLearnerConfig = roundsConfig.extend({
  totalSteps: positive.describe('Environment steps to collect; rounded up to whole rounds.'),
  evaluateEvery: positive.nullable().default(null).describe('Steps between evaluation barriers; null: none.'),
  checkpointEvery: positive
    .nullable()
    .default(null)
    .describe('Steps between checkpoint barriers; null: none.'),
  reportEvery: positive.default(1_000).describe('Steps between rows of figures; rounded up to whole rounds.'),
  executor: executorField,
});
/** `replayLearnerConfig`, parsed. */
export type ReplayLearnerConfig = z.output<typeof replayLearnerConfig>;

/** The input of a learner from a replay: the helpings of round after round, in order. */
export const replayLearnerInputs = ({ policy, batch, updates }: ReplayLearnerConfig) => ({
  helpings: slab(helpingFields({ spaces: policy.spaces, batch, updates })),
});
/** Its outputs: each new policy, priorities of each helping, a row of figures now and then, and the barriers. */
export const replayLearnerOutputs = (config: ReplayLearnerConfig) => ({
  policies: slab(policyFields(config.policy)),
  priorities: slab(priorityFields(config)),
  metrics: port<MetricRow>(),
  barriers: port<Barrier>(),
});
/** What the `start` of such a learner is given. */
export type ReplayLearnerContext<C extends ReplayLearnerConfig> = ActorContext<
  C,
  ReturnType<typeof replayLearnerInputs>,
  ReturnType<typeof replayLearnerOutputs>
>;

/** What learning from a helping came to. */
export interface Learned {
  /** Means over its batches. */
  readonly figures: Figures;
  /** |TD error| by row, [U × B]; of batches that were not filled it says nothing. */
  readonly errors: Float32Array;
}

/** What a method that learns from a replay brings; the shell does the rest. */
export interface ReplayMethod {
  /**
   * One gradient step a batch, in order. The slab is the caller's again afterwards.
   * @param progress 0 in the first round, towards 1 in the last
   * @throws `BrokenLearning` where a figure or a parameter is no number any more
   */
  learn(helping: Helping, progress: number): Promise<Learned>;
  /** What its update runs on, as it is now: `auto` may choose in the first round. */
  readonly executor: Executor;
  /** Writes the parameters of the policy to act with, all end to end. */
  writeParameters(out: Float32Array): void;
  /** What learning goes on with from this policy in another run, beside the parameters. Absent: nothing. */
  statistics?(): Statistics;
  /** Starts from another policy's parameters. @throws a usage error, in one line, where they are of other networks */
  takeParameters(parameters: Float32Array, statistics?: Statistics): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}
