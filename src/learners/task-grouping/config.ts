import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';

const count = z.number().int().positive();

/** What trunk and heads are trained by. */
export const optimizerConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: z.number().min(0).max(0.999).default(0.9).describe('[S] 0.9; 0: plain gradient descent.'),
  }),
  z.strictObject({ kind: z.literal('adam') }),
]);
/** `optimizerConfig`, parsed. */
export type OptimizerConfig = z.output<typeof optimizerConfig>;

/** A task: one labelling of the samples, with a head of its own. */
export const taskField = z.strictObject({
  name: z.string().min(1).describe('For messages and reports.'),
  classes: count.describe('Its labels are below this.'),
});
/** A task, by name. */
export type Task = z.output<typeof taskField>;

/** How networks are trained, those of a group as those of all tasks. */
export const trainingFields = z.strictObject({
  hidden: z
    .array(count)
    .min(1)
    .default([16])
    .describe(
      'Widths of the trunk’s layers, ReLU after each. [R] 16: too few for all tasks to be served well.',
    ),
  optimizer: optimizerConfig.default({ kind: 'sgd', momentum: 0.9 }).describe('[S] SGD with momentum 0.9.'),
  learningRate: z.number().positive().default(0.05).describe('At the start; half a cosine to 0. [R]'),
  steps: count.default(600).describe('Gradient steps. [R]'),
  batch: count.default(100).describe('Samples a step. [R]; [S] 256 for CelebA, 96 for Taskonomy.'),
});

/** What every learner of task groupings is told. */
export const groupingConfig = z.object({
  training: trainingFields.describe(
    'Where a default comes from: [S] Fifty et al. 2021 and its source, [R] the reduced reproduction on pairs of digits.',
  ),
  inputs: count.describe('Numbers of a sample.'),
  tasks: z.array(taskField).min(1).describe('In the order of the samples’ labellings.'),
  seed: z
    .number()
    .int()
    .describe('Of the first weights: trunk and heads of one seed start alike in any group.'),
  executor: executorField,
});
/** `groupingConfig`, parsed. */
export type GroupingConfig = z.output<typeof groupingConfig>;
