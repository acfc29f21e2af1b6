import { z } from 'zod';
import { discriminatorLearning, generatorLearning } from '../../learners/few-label-gan/index.ts';
import { learnersOption } from '../arms/index.ts';
import { wholeSteps } from './checks.ts';
import { armNames } from './plans.ts';

const count = z.number().int().positive();
/** Images of a batch where labels are inferred: each image is read once. */
export const readingBatch = 50;

/** What `--set` may change. */
export const options = z.strictObject({
  data: z.enum(['mnist', 'fashion-mnist']).default('mnist').describe('Which images.'),
  size: z
    .literal([14, 28])
    .default(14)
    .describe('Pixels a side: dense nets at 14, small convolutions at 28, which take fifteen times as long.'),
  images: count
    .multipleOf(readingBatch)
    .default(5_000)
    .describe(`Training images, a multiple of ${readingBatch}.`),
  perClass: count.default(50).describe('Of them, those of each class whose label is known.'),
  metricImages: count
    .default(10_000)
    .describe('Other images, which the net that FID sees through learns from.'),
  judged: count.default(5_000).describe('Samples and real images that FID compares.'),
  arms: z
    .array(z.enum(armNames))
    .min(1)
    .default(['all', 'S2', 'S3', 'unconditional', 'random', 'only-labelled'])
    .describe('Which arms to play.'),
  steps: count
    .default(wholeSteps)
    .describe(
      'Steps of each game. At half of them the arms stand too near each other to be told apart surely.',
    ),
  judgeEvery: count.default(2_000).describe('Steps between two judgements.'),
  batch: count.default(64).describe('Images a step, real and fake.'),
  spectral: z.boolean().default(true).describe('Whether the discriminator is under spectral norm.'),
  discriminator: discriminatorLearning.prefault({}),
  generator: generatorLearning.prefault({}),
  probe: z
    .boolean()
    .default(true)
    .describe(
      'Whether to compare what rotations teach with random features, on Fashion-MNIST with 100 labels.',
    ),
  learners: learnersOption,
});
/** `options`, parsed. */
export type GanOptions = z.output<typeof options>;
