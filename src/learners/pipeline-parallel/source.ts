import { z } from 'zod';
import { defineActor, slab } from '../../actors/index.ts';
import { sizeOf } from '../../core/arrays.ts';
import type { MiniBatch } from './contract.ts';
import { forwardFields, targetFields } from './messages.ts';

const count = z.number().int().positive();

/** What the source is spawned with. */
export const microSourceConfig = z.object({
  rows: count.describe('Of the largest micro-batch.'),
  input: z.object({ shape: z.array(count), dtype: z.enum(['float32', 'int32']) }),
  targets: z.array(count),
});

/** What a source is told to send. */
export interface Feed {
  readonly flush: number;
  readonly mini: number;
  /** Rows of each micro-batch. */
  readonly rows: readonly number[];
  /** The first row of the mini-batch that is this pipeline's. */
  readonly from: number;
  readonly batch: MiniBatch;
}

/** Cuts a mini-batch into micro-batches: what is known goes to the first stage, what is to be learnt to the last one. */
export const microSource = defineActor(import.meta.url, {
  name: 'source',
  config: microSourceConfig,
  outputs: ({ rows, input, targets }) => ({
    forwards: slab(forwardFields(rows, input.shape, input.dtype)),
    targets: slab(targetFields(rows, targets)),
  }),
  start({ config, outputs }) {
    const width = sizeOf(config.input.shape);
    const targetWidth = sizeOf(config.targets);
    let under = -1;
    return {
      /** Sends as there is room, unless another flush begins meanwhile. */
      async feed({ flush, mini, rows, from, batch }: Feed): Promise<void> {
        under = flush;
        let at = from;
        for (const [micro, n] of rows.entries()) {
          const head = [flush, mini, micro, n];
          const end = at + n;
          await outputs.targets.ready();
          if (under !== flush) return;
          outputs.targets.write(slot => {
            slot.head.set(head);
            slot.targets.set(batch.targets.subarray(at * targetWidth, end * targetWidth));
          });
          await outputs.forwards.ready();
          if (under !== flush) return;
          outputs.forwards.write(slot => {
            slot.head.set(head);
            slot.x.set(batch.x.subarray(at * width, end * width) as never);
          });
          at = end;
        }
      },
    };
  },
});
