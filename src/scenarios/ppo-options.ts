import { z } from 'zod';
import { ppoConfig } from '../learners/ppo/config.ts';

const steps = z.number().int().positive();

/**
 * The options of a scenario that teaches with PPO: how long, how often to look and to save, and PPO's own.
 * @param defaults what this task is best taught with
 */
export const ppoOptions = (defaults: { steps: number; ppo: z.input<typeof ppoConfig> }) =>
  z.object({
    steps: steps.default(defaults.steps).describe('Environment steps to learn from.'),
    evaluateEvery: steps
      .exactOptional()
      .describe('Environment steps between evaluations; a twentieth of the run if not given.'),
    checkpointEvery: steps
      .exactOptional()
      .describe('Environment steps between checkpoints; a twentieth of the run if not given.'),
    stopAt: z
      .number()
      .exactOptional()
      .describe(
        'End at the first evaluation along the way with this mean return; to the last step if not given.',
      ),
    ppo: ppoConfig.prefault(defaults.ppo),
  });
