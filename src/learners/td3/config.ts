import { z } from 'zod';

const positive = z.number().int().positive();

/** Every setting of TD3, with where its default comes from. What replays decide (discount, n-step returns, batch) is set there. */
export const td3Config = z
  .strictObject({
    learningRate: z
      .number()
      .positive()
      .default(1e-3)
      .describe('Adam’s step size, of policy and critics. [F] [SB3]'),
    tau: z
      .number()
      .gt(0)
      .max(1)
      .default(0.005)
      .describe('Part of the way that the target networks go, whenever the policy learns. [F] [SB3]'),
    policyDelay: positive
      .default(2)
      .describe('Steps of the critics for each of the policy and the target networks. [F] [SB3]'),
    targetNoise: z
      .number()
      .min(0)
      .default(0.2)
      .describe('Deviation of the noise on target actions, of actions within ±1. [F] [SB3]'),
    targetNoiseClip: z.number().min(0).default(0.5).describe('That noise is cut to ± this. [F] [SB3]'),
    explorationNoise: z
      .number()
      .min(0)
      .default(0.1)
      .describe('Deviation of the noise on actions that explore, of actions within ±1. [F]; [SB3] has none.'),
    hidden: z
      .array(positive)
      .default([400, 300])
      .describe('Widths of the hidden layers, of the policy and both critics. [F] [SB3]'),
    activation: z.enum(['tanh', 'relu', 'elu']).default('relu').describe('Of the hidden layers. [F] [SB3]'),
  })
  .describe(
    'Where a default comes from: [F] Fujimoto et al. 2018 (“Addressing Function Approximation Error in Actor-Critic Methods”, section 6.1 and supplement), [SB3] Stable-Baselines3’s TD3.',
  );

/** The settings of TD3, parsed: defaults filled in, every field within its range. */
export type Td3Config = z.output<typeof td3Config>;
