import { z } from 'zod';

const positive = z.number().int().positive();

/** Every setting of SAC, with where its default comes from. What replays decide (discount, n-step returns, batch) is set there. */
export const sacConfig = z
  .strictObject({
    learningRate: z
      .number()
      .positive()
      .default(3e-4)
      .describe('Adam’s step size, of policy, critics and entropy coefficient. [H] [SB3]'),
    tau: z
      .number()
      .gt(0)
      .max(1)
      .default(0.005)
      .describe('Part of the way that the target networks go to the critics at each step. [H] [SB3]'),
    entropyCoefficient: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe('α, what a nat of entropy is worth in reward; null: learnt. [H]'),
    initialEntropyCoefficient: z
      .number()
      .positive()
      .default(1)
      .describe('What α starts from where it is learnt. [SB3]'),
    targetEntropy: z
      .number()
      .nullable()
      .default(null)
      .describe(
        'Nats of entropy that α is learnt to keep, of actions within ±1; null: minus the action’s size. [H]',
      ),
    hidden: z
      .array(positive)
      .default([256, 256])
      .describe('Widths of the hidden layers, of the policy and both critics. [H] [SB3]'),
    activation: z.enum(['tanh', 'relu', 'elu']).default('relu').describe('Of the hidden layers. [H] [SB3]'),
  })
  .describe(
    'Where a default comes from: [H] Haarnoja et al. 2018b (“Soft Actor-Critic Algorithms and Applications”, table 1), [SB3] Stable-Baselines3’s SAC.',
  );

/** The settings of SAC, parsed: defaults filled in, every field within its range. */
export type SacConfig = z.output<typeof sacConfig>;
