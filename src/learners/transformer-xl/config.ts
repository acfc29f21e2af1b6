import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { languageModelConfig } from '../language-model/index.ts';

const count = z.number().int().positive();
const share = z.number().min(0).max(1);

/** The settings of learning. [P]: Dai et al., 2019, and its code (enwik8 base); [here]: set for small models and short runs. */
export const xlConfig = z.strictObject({
  learningRate: z
    .number()
    .positive()
    .default(3e-3)
    .describe('Of Adam, at its highest [here]; 2.5e-4 for 12 blocks of width 512 [P].'),
  finalLearningRate: z
    .number()
    .min(0)
    .default(0)
    .describe('Where half a cosine leads it by the last step [P].'),
  warmUp: share
    .lt(1)
    .default(0)
    .describe(
      'Share of the steps over which the learning rate rises from 0 [P: 0; 1 % for the large model].',
    ),
  clip: z.number().positive().default(0.25).describe('Longer gradients are cut to this length [P].'),
  dropout: share
    .lt(1)
    .default(0)
    .describe(
      'Share of what the blocks are given, and of what they give, that is set to 0 [P: 0.1; here 0].',
    ),
});
/** `xlConfig`, parsed. */
export type XlConfig = z.output<typeof xlConfig>;

const fields = {
  model: languageModelConfig,
  vocabulary: count.describe('How many different tokens there are.'),
  lanes: count.describe('B: of each segment.'),
  length: count.describe('L: tokens of each lane in a segment.'),
  settings: xlConfig.prefault({}),
  steps: count.describe('Gradient steps in all: the learning rate goes by them.'),
  reportEvery: count.default(10).describe('Steps between two reports.'),
  seed: z.number().int().describe('Of the initial parameters, and of dropout.'),
  executor: executorField,
};

/** What the vanilla learner is spawned with. It names no data: segments come through its port. */
export const vanillaLearnerConfig = z.object(fields);
/** What the Transformer-XL learner is spawned with: the same, and how much it remembers. */
export const xlLearnerConfig = z.object({
  ...fields,
  memory: z.number().int().min(0).describe('M: places of each lane that each block remembers; 0: vanilla.'),
});
/** `xlLearnerConfig`, parsed. */
export type XlLearnerConfig = z.output<typeof xlLearnerConfig>;

/** Controls that show whether a memory is used. */
export const memoryControl = z
  .enum(['none', 'shuffled', 'off'])
  .describe('`shuffled`: each lane is given the memory of the next one; `off`: none.');
/** `memoryControl`, parsed. */
export type MemoryControl = z.output<typeof memoryControl>;

/** How a stream of text is read by `streamEvaluator`. What is left out is as in the evaluator's config. */
export const streamReading = z.strictObject({
  lanes: count.default(8).describe('The text is cut into so many stretches, which are read side by side.'),
  length: count.describe('L: tokens of each lane at once.'),
  memory: z.number().int().min(0).describe('M: places that each block remembers.'),
  sameLength: z
    .boolean()
    .default(false)
    .describe('Every token sees exactly M, itself among them, as far as they are filled; else up to M + L.'),
  clamp: count
    .nullable()
    .optional()
    .describe("Distances beyond this one count as this one; default: the model's own."),
  control: memoryControl.default('none'),
  tokens: count.nullable().default(null).describe('Of the text, from its beginning; null: all.'),
});
/** `streamReading`, parsed. */
export type StreamReading = z.output<typeof streamReading>;

/** How a text is read by `slidingEvaluator`. */
export const slidingReading = z.strictObject({
  attention: count.describe('A: length of the window.'),
  windows: count
    .default(32)
    .describe('Windows that go through the net at once, each a token further than the one before.'),
  tokens: count.nullable().default(null).describe('Of the text, from its beginning; null: all.'),
});
/** `slidingReading`, parsed. */
export type SlidingReading = z.output<typeof slidingReading>;
