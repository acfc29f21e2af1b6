import { z } from 'zod';
import { policyRefSchema } from '../policy.ts';

const positive = z.number().int().positive();

/** How much is drawn at random, over the steps of a run. */
export const randomActions = z.strictObject({
  from: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of actions drawn evenly from the space, at first.'),
  to: z.number().min(0).max(1).default(0).describe('The same at the end of `steps`, and after it.'),
  steps: z.number().int().min(0).default(1_000).describe('Environment steps, of all copies together.'),
  schedule: z
    .enum(['step', 'linear'])
    .default('step')
    .describe('`from` until the end and then `to`, or a straight line between them (epsilon-greedy).'),
});

/** The shape of the rounds in which experience is collected and learned from: the same for explorers, replay and learner. */
export const roundsConfig = z.object({
  policy: policyRefSchema,
  workers: positive.describe('Explorers whose stretches make a round.'),
  count: positive.describe('Environment copies an explorer.'),
  steps: positive.describe('Steps of every copy in a stretch.'),
  batch: positive.describe('Rows of a batch.'),
  updates: positive.describe('Batches of a helping, at most.'),
});

/** What a replay is spawned with. */
export const replayConfig = roundsConfig.extend({
  capacity: positive.default(1_000_000).describe('Transitions held; the oldest are overwritten.'),
  memoryLimit: positive
    .default(2 ** 31)
    .describe('Bytes that the store may take. More is refused at once, with the figure.'),
  startAfter: z
    .number()
    .int()
    .min(0)
    .default(1_000)
    .describe('Transitions that must be there before the first batch is drawn.'),
  updatesPerStep: z
    .number()
    .positive()
    .default(1)
    .describe(
      'Gradient steps for every environment step after `startAfter`: batch · this is the samples per insert.',
    ),
  nStep: positive.default(1).describe('Steps of the return that a row holds.'),
  gamma: z.number().min(0).max(1).default(0.99),
  prioritized: z
    .strictObject({
      alpha: z.number().min(0).max(1).default(0.6).describe('Exponent of priorities; 0 is uniform.'),
      beta: z.number().min(0).max(1).default(0.4).describe('Exponent of importance weights, at first.'),
      betaSteps: positive.describe('Updates over which beta rises to 1 in a straight line.'),
      epsilon: z.number().positive().default(1e-6).describe('Added to errors.'),
    })
    .nullable()
    .default(null)
    .describe('Draw by priority (Schaul et al., 2016); null: evenly.'),
  observations: z
    .enum(['float32', 'uint8'])
    .default('float32')
    .describe('What observations are stored as; bytes for pixels, 0 to 255, in a quarter of the room.'),
  spill: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'A folder on disk for observations, which then take no memory; one for each run. null: memory.',
    ),
});
/** `replayConfig`, parsed. */
export type ReplayConfig = z.output<typeof replayConfig>;
