import { z } from 'zod';

/*
 * Where a default comes from: [S3] Lucic et al. 2019 and their Compare GAN; [M] measured on MNIST at 14×14.
 */

const positive = z.number().int().positive();

/** What decides the generator as a function: all that sampling needs beside its parameters. */
export const generatorConfig = z.strictObject({
  size: z
    .union([z.literal(14), z.literal(28)])
    .default(14)
    .describe('Pixels a side: dense nets at 14, convolutions at 28.'),
  classes: positive.default(10).describe('Classes that it can be asked for.'),
  conditional: z
    .boolean()
    .default(true)
    .describe('Whether it is told a class, by an embedding beside the noise.'),
  noise: positive.default(24).describe('Length of the noise vector, standard normal.'),
  embedding: positive.default(16).describe('Length of a class’s vector.'),
  hidden: z
    .array(positive)
    .min(2)
    .nullable()
    .default(null)
    .describe(
      'Widths of the hidden layers, null: [128, 196]. At 28, channels at 7×7 and 14×14 points, null: [32, 16].',
    ),
});
/** `generatorConfig`, parsed. */
export type GeneratorConfig = z.output<typeof generatorConfig>;

/** The losses of the game. */
export const adversarialLosses = ['hinge', 'nonSaturating', 'leastSquares', 'wasserstein'] as const;
/** One of them. */
export type AdversarialLoss = (typeof adversarialLosses)[number];

/** What decides the discriminator as a function. */
export const discriminatorNet = z.strictObject({
  size: generatorConfig.shape.size,
  classes: generatorConfig.shape.classes,
  conditional: z.boolean().default(true).describe('Whether it is told the class of an image, by projection.'),
  rotations: z.boolean().default(false).describe('Whether it has a head that tells rotations apart.'),
  coTraining: z
    .enum(['none', 'hard', 'soft'])
    .default('none')
    .describe(
      'Whether a head of its own labels the images that have no label: with its first choice, or softly.',
    ),
  spectral: z
    .boolean()
    .default(true)
    .describe('Whether weights are divided by their largest singular value.'),
  hidden: z
    .tuple([positive, positive])
    .nullable()
    .default(null)
    .describe(
      'Width of the hidden layer and features, null: [160, 96]. At 28, channels of the first of two convolutions and features, null: [16, 96].',
    ),
});
/** `discriminatorNet`, parsed. */
export type DiscriminatorNet = z.output<typeof discriminatorNet>;

const adamFields = (rate: number) => ({
  learningRate: z.number().positive().default(rate).describe('Adam’s step size. [M]'),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe('[M]; the S3GAN of ImageNet has 0, its ResNet for CIFAR 0.5.'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('[M]; 0.999 there.'),
});

/** How the discriminator learns. */
export const discriminatorLearning = z.strictObject({
  loss: z.enum(adversarialLosses).default('hinge').describe('Of the game. [S3] hinge.'),
  penalty: z
    .enum(['none', 'wgan-gp', 'dragan', 'l2'])
    .default('none')
    .describe(
      'Slopes of one are asked for between real images and fakes (wgan-gp) or around real ones (dragan); l2: small weights.',
    ),
  penaltyWeight: z
    .number()
    .positive()
    .default(10)
    .describe('Of the penalty. Of slopes 10 (Gulrajani et al. 2017).'),
  rotationWeight: z.number().min(0).default(0.5).describe('Of the rotations of real images. [M]; [S3] 1.'),
  generatorRotationWeight: z
    .number()
    .min(0)
    .default(0.1)
    .describe('Of the rotations of fakes, in the generator’s objective. [M]; [S3] 0.2.'),
  rotationFraction: positive
    .default(1)
    .describe(
      'A batch divided by this is the number of rows, upright and rotated, that rotations are told apart on.',
    ),
  classWeight: z.number().min(0).default(1).describe('Of the co-training predictor’s loss. [S3] 1.'),
  ...adamFields(8e-4),
});
/** `discriminatorLearning`, parsed. */
export type DiscriminatorLearning = z.output<typeof discriminatorLearning>;

/** How the generator learns. */
export const generatorLearning = z.strictObject({
  ...adamFields(4e-4),
  averageDecay: z.number().min(0).lt(1).default(0.995).describe('Of the moving average that is judged. [M]'),
  averageFrom: z
    .number()
    .int()
    .min(0)
    .default(200)
    .describe('Steps after which averaging begins: one that begins too early gives grey images.'),
});
/** `generatorLearning`, parsed. */
export type GeneratorLearning = z.output<typeof generatorLearning>;
