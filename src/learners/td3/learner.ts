import type { z } from 'zod';
import {
  type ReplayLearnerContext,
  replayLearnerConfig,
  replayLearnerInputs,
  replayLearnerOutputs,
} from '../../actors/replay/learner.ts';
import { runReplayLearner, startLearnerExecutor } from '../../actors/replay/learner-shell.ts';
import { defineActor } from '../../actors/runtime/define.ts';
import { td3Config } from './config.ts';
import { createTd3 } from './method.ts';

/** What the TD3 learner is spawned with: what every learner from a replay takes, and TD3’s own settings under `td3`. */
export const td3LearnerConfig = replayLearnerConfig.extend({ td3: td3Config });
/** `td3LearnerConfig`, parsed. */
export type Td3LearnerConfig = z.output<typeof td3LearnerConfig>;

/** Learns a policy from a replay by twin delayed deep deterministic policy gradients. */
export const td3Learner = defineActor(import.meta.url, {
  name: 'learner',
  config: td3LearnerConfig,
  inputs: replayLearnerInputs,
  outputs: replayLearnerOutputs,
  async start(context: ReplayLearnerContext<Td3LearnerConfig>) {
    const { config, random, heartbeat } = context;
    const { batch, updates, policy } = config;
    const executor = await startLearnerExecutor(context);
    const shape = { spaces: policy.spaces, batch, updates };
    return runReplayLearner(context, await createTd3(config.td3, shape, random, heartbeat, executor));
  },
});
