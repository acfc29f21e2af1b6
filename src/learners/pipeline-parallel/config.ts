import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import type { Recompute } from './contract.ts';

const count = z.number().int().positive();
const index = z.number().int().min(0);
const shape = z.array(count);

/** Names a net: see `NetRef`. */
export const netRef = z.strictObject({
  module: z.string().min(1).describe('URL of the module, e.g. `import.meta.url`.'),
  name: z.string().min(1).describe('Name of the exported function.'),
  settings: z.unknown().describe('What it is called with.'),
});

/** How each stage learns: one of the project's optimisers. Rates may move from step to step. */
export const optimizerSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    learningRate: z.number().positive(),
    momentum: z.number().min(0).max(1).default(0),
    weightDecay: z.number().min(0).default(0),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    learningRate: z.number().positive(),
    beta1: z.number().min(0).max(1).default(0.9),
    beta2: z.number().min(0).max(1).default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).default(0),
  }),
]);
/** `optimizerSettings`, parsed. */
export type OptimizerSettings = z.output<typeof optimizerSettings>;

/** `Recompute` as a setting. */
export const recomputePolicy = z.enum(['always', 'exceptLast', 'never']) satisfies z.ZodType<Recompute>;

const at = { stage: index, replica: index.default(0), mini: index, micro: index };

/**
 * What is done wrong on purpose, to show that it is noticed. Faults that end a stage happen in its first life only; the last two are
 * the classic mistakes of pipelines.
 */
export const plantedFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dropBackward'), ...at }).describe('One gradient is never sent on.'),
  z.strictObject({ kind: z.literal('throw'), ...at }).describe('The backward pass of a micro-batch fails.'),
  z.strictObject({ kind: z.literal('exit'), ...at }).describe('The thread ends before a backward pass.'),
  z
    .strictObject({ kind: z.literal('hang'), ...at })
    .describe('The thread stands still before a backward pass.'),
  z
    .strictObject({ kind: z.literal('exitInApply'), stage: index, replica: index.default(0), mini: index })
    .describe('The thread ends when it is told to update.'),
  z
    .strictObject({ kind: z.literal('meanOfMeans') })
    .describe('All micro-batches weigh the same, whatever their rows.'),
  z.strictObject({ kind: z.literal('statisticsTwice') }).describe('Recomputation counts statistics again.'),
]);
/** `plantedFault`, parsed. */
export type PlantedFault = z.output<typeof plantedFault>;

/** What a stage is spawned with. Its ports follow from it. */
export const stageConfig = z.object({
  net: netRef,
  stage: index.describe('Which one, from 0.'),
  stages: count.describe('K.'),
  from: index.describe('Its first layer.'),
  to: count.describe('The first layer that is no longer its own.'),
  replica: index.default(0).describe('Which of the pipelines side by side.'),
  replicas: count.default(1).describe('R: they learn from parts of the same mini-batch.'),
  rows: count.describe('Of the largest micro-batch.'),
  input: z.object({ shape, dtype: z.enum(['float32', 'int32']) }).describe('Of one row that comes in.'),
  output: shape.describe('Of one row that goes out; of the last stage: what the loss sees.'),
  targets: shape.describe('Of one row of targets.'),
  parameters: z.number().int().min(0).describe('How many it owns.'),
  sums: z
    .number()
    .int()
    .min(0)
    .describe('Length of the statistics of a mini-batch, all its layers end to end.'),
  recompute: recomputePolicy,
  optimizer: optimizerSettings,
  statisticsMomentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('The share of a mini-batch in the running statistics.'),
  seed: z.number().int().describe('Of the initial parameters and of chance.'),
  executor: executorField,
  fault: plantedFault.nullable().default(null),
});
/** `stageConfig`, parsed. */
export type StageConfig = z.output<typeof stageConfig>;
