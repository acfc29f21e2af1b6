import { z } from 'zod';

const positive = z.number().int().positive();

/** The settings one by one. */
export const cloningFields = z.strictObject({
  loss: z
    .enum(['likelihood', 'squared'])
    .default('likelihood')
    .describe(
      'How far actions are from the recorded ones: their negative log-likelihood, which is the cross-entropy of choices, or for boxes the mean squared error of the mean.',
    ),
  learningRate: z.number().positive().default(1e-3).describe('Adam’s step size. [A], [I]'),
  adamEpsilon: z.number().positive().default(1e-8).describe('Adam’s epsilon. [A]'),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('AdamW’s decay of all parameters, against learning few steps by heart. [I] 0.'),
  hidden: z
    .array(positive)
    .default([64, 64])
    .describe('Widths of the hidden layers. [I] 32 and 32; as PPO’s.'),
  activation: z.enum(['tanh', 'relu', 'elu']).default('tanh').describe('Of the hidden layers. [I]'),
  initialLogStd: z
    .number()
    .default(0)
    .describe('Logarithm of the deviation that a box’s likelihood starts with; learnt with the rest.'),
});

/** Every setting of behaviour cloning, with where its default comes from. */
export const cloningConfig = cloningFields.describe(
  'Where a default comes from: [A] Kingma & Ba 2015 (Adam), [I] the BC of the imitation library (Gleave et al. 2022).',
);
/** `cloningConfig`, parsed. */
export type CloningConfig = z.output<typeof cloningConfig>;
