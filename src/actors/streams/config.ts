import { z } from 'zod';
import { trainRef } from '../../data/open.ts';

const count = z.number().int().positive();

/** What a stream of samples is spawned with. */
export const streamConfig = z.object({
  data: trainRef.describe('Where the samples come from. Test samples cannot be had: only judges have them.'),
  pool: z
    .object({ from: z.number().int().min(0), count })
    .describe(
      'Which samples: this slice of all, in an order drawn from the seed; of an endless source, the numbers themselves.',
    ),
  perClass: count
    .nullable()
    .default(null)
    .describe('Keep the first so many of each class, for a balanced choice; null: all.'),
  order: z
    .enum(['replayed', 'fresh'])
    .default('replayed')
    .describe('Over and over, each epoch in an order of its own, or each sample at most once.'),
  batch: count.describe('Samples of a batch. What is left of an epoch that fills none is dropped.'),
  seed: z.number().int().describe('Streams of one seed choose and order alike, whoever reads them.'),
});
/** `streamConfig`, parsed. */
export type StreamConfig = z.output<typeof streamConfig>;
