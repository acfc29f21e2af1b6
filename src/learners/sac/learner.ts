import type { z } from 'zod';
import {
  type ReplayLearnerContext,
  replayLearnerConfig,
  replayLearnerInputs,
  replayLearnerOutputs,
} from '../../actors/replay/learner.ts';
import { runReplayLearner, startLearnerExecutor } from '../../actors/replay/learner-shell.ts';
import { defineActor } from '../../actors/runtime/define.ts';
import { sacConfig } from './config.ts';
import { createSac } from './method.ts';

/** What the SAC learner is spawned with: what every learner from a replay takes, and SAC’s own settings under `sac`. */
export const sacLearnerConfig = replayLearnerConfig.extend({ sac: sacConfig });
/** `sacLearnerConfig`, parsed. */
export type SacLearnerConfig = z.output<typeof sacLearnerConfig>;

/** Learns a policy from a replay by soft actor-critic. */
export const sacLearner = defineActor(import.meta.url, {
  name: 'learner',
  config: sacLearnerConfig,
  inputs: replayLearnerInputs,
  outputs: replayLearnerOutputs,
  async start(context: ReplayLearnerContext<SacLearnerConfig>) {
    const { config, random, heartbeat } = context;
    const { batch, updates, policy } = config;
    const executor = await startLearnerExecutor(context);
    const shape = { spaces: policy.spaces, batch, updates };
    return runReplayLearner(context, await createSac(config.sac, shape, random, heartbeat, executor));
  },
});
