import type { z } from 'zod';
import { type LearnerContext, learnerConfig, learnerInputs, learnerOutputs } from '../../actors/learner.ts';
import { runLearner, startLearnerExecutor } from '../../actors/learner-shell.ts';
import { defineActor } from '../../actors/runtime/define.ts';
import { ppoConfig } from './config.ts';
import { createPpo } from './method.ts';

/** What the PPO learner is spawned with: what every learner from trajectories takes, and PPO’s own settings under `ppo`. */
export const ppoLearnerConfig = learnerConfig.extend({ ppo: ppoConfig });
/** `ppoLearnerConfig`, parsed. */
export type PpoLearnerConfig = z.output<typeof ppoLearnerConfig>;

/** Learns a policy from the trajectories of a group of rollouts by proximal policy optimisation. */
export const ppoLearner = defineActor(import.meta.url, {
  name: 'learner',
  config: ppoLearnerConfig,
  inputs: learnerInputs,
  outputs: learnerOutputs,
  async start(context: LearnerContext<PpoLearnerConfig>) {
    const { config, random, heartbeat } = context;
    const { steps, count, workers, lag, policy } = config;
    const executor = await startLearnerExecutor(context);
    const shape = { spaces: policy.spaces, steps, count, workers, lag };
    return runLearner(context, await createPpo(config.ppo, shape, random, heartbeat, executor));
  },
});
