import type { z } from 'zod';
import {
  type ReplayLearnerContext,
  replayLearnerConfig,
  replayLearnerInputs,
  replayLearnerOutputs,
} from '../../actors/replay/learner.ts';
import { runReplayLearner, startLearnerExecutor } from '../../actors/replay/learner-shell.ts';
import { defineActor } from '../../actors/runtime/define.ts';
import { dqnConfig } from './config.ts';
import { createDqn } from './method.ts';

/** What the DQN learner is spawned with: what every learner from a replay takes, and DQN’s own settings under `dqn`. */
export const dqnLearnerConfig = replayLearnerConfig.extend({ dqn: dqnConfig });
/** `dqnLearnerConfig`, parsed. */
export type DqnLearnerConfig = z.output<typeof dqnLearnerConfig>;

/** Learns a policy for discrete actions from a replay by deep Q-learning. */
export const dqnLearner = defineActor(import.meta.url, {
  name: 'learner',
  config: dqnLearnerConfig,
  inputs: replayLearnerInputs,
  outputs: replayLearnerOutputs,
  async start(context: ReplayLearnerContext<DqnLearnerConfig>) {
    const { config, random, heartbeat } = context;
    const { batch, updates, policy } = config;
    const executor = await startLearnerExecutor(context);
    const shape = { spaces: policy.spaces, batch, updates };
    return runReplayLearner(context, await createDqn(config.dqn, shape, random, heartbeat, executor));
  },
});
