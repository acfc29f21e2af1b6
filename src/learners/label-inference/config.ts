import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { classifierNet } from '../classifier/index.ts';

/*
 * Where a default comes from: [L] Lucic et al. 2019, [M] measured on MNIST and Fashion-MNIST at 14×14.
 */

const positive = z.number().int().positive();
const shape = z.tuple([positive, positive, positive]).describe('Of one image: rows, columns, channels.');

/** The net that tells rotations apart; its last layer but one gives the features. */
export const rotationNet = classifierNet.default({ kind: 'mlp', hidden: [256, 128] });

/** What the rotation learner is spawned with. */
export const rotationConfig = z.strictObject({
  net: rotationNet.describe('What tells rotations apart. Its last layer but one gives the features.'),
  shape,
  steps: z
    .number()
    .int()
    .min(0)
    .default(1500)
    .describe('Updates, each of one batch in four rotations; 0 gives random features. [M]'),
  learningRate: z.number().positive().default(1e-3).describe('Adam’s step size, its usual one.'),
  shift: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      'Pixels that images are moved by at most, each way, before they are turned: a harder task has better features. [M]',
    ),
  executor: executorField,
});
/** `rotationConfig`, parsed. */
export type RotationConfig = z.output<typeof rotationConfig>;

/** What a classifier of few labels sees. */
export const labelInputs = ['features', 'image', 'both'] as const;

/** What the label learner is spawned with. */
export const labelConfig = z.strictObject({
  net: rotationNet.describe('That of the rotation learner.'),
  shape,
  classes: positive.default(10).describe('Classes of the labels.'),
  inputs: z
    .enum(labelInputs)
    .default('both')
    .describe(
      'What it sees of an image: features, pixels, or both. [L] features; both infer better here. [M]',
    ),
  hidden: z.array(positive).default([128]).describe('Widths of its hidden layers; none: a linear probe. [M]'),
  labelledBatches: positive.describe('Batches of the labelled stream that hold each labelled image once.'),
  unlabelledBatches: positive.describe('Batches of the unlabelled stream that hold each of its images once.'),
  steps: positive.default(600).describe('Updates. [M]'),
  batch: positive.default(50).describe('Images an update; all of them where there are fewer. [M]'),
  learningRate: z.number().positive().default(1e-3).describe('Adam’s step size, its usual one.'),
  weightDecay: z.number().min(0).default(0.01).describe('AdamW’s, a share of the step size. [M]'),
  executor: executorField,
});
/** `labelConfig`, parsed. */
export type LabelConfig = z.output<typeof labelConfig>;

/** What the cluster learner is spawned with. */
export const clusterConfig = z.strictObject({
  net: rotationNet.describe('That of the rotation learner.'),
  shape,
  inputs: z
    .enum(labelInputs)
    .default('image')
    .describe('What it sees of an image. [L] features; of digits, clusters of pixels are purer by far. [M]'),
  clusters: positive.default(10).describe('How many labels are made up. [L] 50 on ImageNet’s 1,000 classes.'),
  rounds: positive.default(50).describe('At most so many rounds of k-means; it ends where nothing moves.'),
  unlabelledBatches: labelConfig.shape.unlabelledBatches,
  executor: executorField,
});
/** `clusterConfig`, parsed. */
export type ClusterConfig = z.output<typeof clusterConfig>;
