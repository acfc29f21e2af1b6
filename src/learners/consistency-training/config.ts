import { z } from 'zod';
import { tsaSchedules } from './schedules.ts';

const share = z.number().min(0).max(1);

/**
 * The settings of consistency training. [P]: Xie et al. 2020; [C]: the original's code for images, with CIFAR-10; [here]: set for
 * small networks and short runs.
 */
export const consistencyConfig = z.strictObject({
  learningRate: z
    .number()
    .positive()
    .default(0.03)
    .describe('At the start; falls along cos(7/8 · π/2 · t/T). [C]'),
  momentum: share.default(0.9).describe('Nesterov’s momentum. [C]'),
  weightDecay: z.number().min(0).default(5e-4).describe('Of all parameters. [C]'),
  lambda: z.number().min(0).default(1).describe('Weight of the consistency loss. [P]'),
  tau: z
    .number()
    .positive()
    .nullable()
    .default(0.4)
    .describe('Temperature that sharpens the targets; null: they stay as they are. [C]'),
  beta: share
    .nullable()
    .default(0.8)
    .describe('Targets count where their largest probability is above this; null: all do. [C]'),
  entropyMinimisation: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Weight of the entropy of predictions on originals. [C] 0; 0.1 helps with 500 to 2,000 labels.',
    ),
  tsa: z
    .enum(tsaSchedules)
    .default('none')
    .describe('How training signal annealing lets labelled examples back in. [C] leaves it off for images.'),
  emaDecay: share
    .default(0.99)
    .describe('Of the moving average of parameters that is judged. [here]; [C] 0.9999 over 500,000 steps.'),
});
/** `consistencyConfig`, parsed. */
export type ConsistencyConfig = z.output<typeof consistencyConfig>;
