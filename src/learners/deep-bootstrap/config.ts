import { z } from 'zod';

const count = (value: number, least = 1) => z.number().int().min(least).default(value);

/** The settings of training that both worlds share, one by one. */
export const bootstrapFields = z.strictObject({
  steps: count(1_500).describe(
    'Gradient steps of every world, T. [P] 39,000; here as many as show the shape.',
  ),
  batch: count(64).describe('Samples a step. [P] 128.'),
  learningRate: z
    .number()
    .positive()
    .default(0.1)
    .describe('Of SGD at the first step, then half a cosine to 0 by the step, never by the epoch. [P] 0.1.'),
  momentum: z.number().min(0).max(0.999).default(0).describe('Of SGD. [P] 0.'),
  weightDecay: z.number().min(0).default(0).describe('Of SGD, as in PyTorch. [P] 0.'),
});

/** Settings of training, with where a default comes from: [P] is the code that the paper published. */
export const bootstrapConfig = bootstrapFields.describe(
  'Where a default comes from: [P] Nakkiran, Neyshabur and Sedghi 2021 (“The Deep Bootstrap Framework”), their published sweep.',
);
/** `bootstrapConfig`, parsed. */
export type BootstrapConfig = z.output<typeof bootstrapConfig>;

/** Labels that are wrong on purpose, the same wrong ones at every draw, in training and in the test alike. */
export const labelNoise = z.strictObject({
  share: z.number().min(0).max(1).describe('Of samples whose label is another class.'),
  seed: z.number().int().describe('Which samples, and which class.'),
});
/** `labelNoise`, parsed. */
export type LabelNoise = z.output<typeof labelNoise>;
