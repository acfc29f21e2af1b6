import { sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type { LabelledBatch, Ledger, Need, UnlabelledBatch } from '../../data/contract.ts';
import { openData } from '../../data/open.ts';
import type { ActorContext, Output, ValuePort } from '../contract.ts';
import { defineActor, port } from '../runtime/define.ts';
import { type StreamConfig, streamConfig } from './config.ts';
import { orderOf } from './order.ts';
import { poolIds } from './pool.ts';

interface StreamState {
  readonly sent: number;
  readonly credit: number;
}

type Inputs = { readonly needs: ValuePort<Need> };
type Batch = UnlabelledBatch & Partial<Pick<LabelledBatch, 'y'>>;

/**
 * Sends batches, in their order, as far as it was given credit. Which samples, and in which order, follows from its
 * settings alone.
 */
function runStream<B extends Batch>(
  context: Omit<ActorContext<StreamConfig, Inputs, { readonly batches: ValuePort<B> }>, 'outputs'>,
  output: Output<B>,
  complete: (batch: UnlabelledBatch) => B,
) {
  const { config, inputs, restored, save } = context;
  const source = openData(config.data);
  const pool = poolIds(source, config);
  const order = orderOf(pool, config);
  const size = sizeOf(source.shape);
  const seen = new Set<number>();
  let { sent, credit } = (restored as unknown as StreamState | undefined) ?? { sent: 0, credit: 0 };
  for (let index = 0; index < sent; index++) note(batchIds(index));

  function batchIds(index: number): Int32Array {
    const ids = new Int32Array(config.batch);
    order.fill(index, ids);
    return ids;
  }

  function note(ids: Int32Array): void {
    for (const id of ids) seen.add(id);
  }

  inputs.needs.subscribe(({ batches }) => {
    if (!Number.isSafeInteger(batches) || batches < 0) {
      throw usageError(`needs: batches = ${batches}: expected a whole number, 0 or more`);
    }
    credit += batches;
    for (; credit > 0; credit--) {
      const ids = batchIds(sent);
      const x = new Float32Array(ids.length * size);
      for (let i = 0; i < ids.length; i++) source.write(ids[i], x, i * size);
      note(ids);
      output.next(complete({ index: sent++, ids, x }));
    }
    save({ sent, credit } satisfies StreamState);
  });

  return {
    /** What it has sent so far. */
    ledger: (): Ledger => ({ drawn: sent * config.batch, distinct: seen.size }),
    /** The numbers of all samples that it may send. */
    ids: (): Int32Array => pool,
  };
}

/** Sends samples with their labels, of all labellings. */
export const labelledStream = defineActor(import.meta.url, {
  name: 'labelled',
  config: streamConfig,
  inputs: { needs: port<Need>() },
  outputs: { batches: port<LabelledBatch>() },
  start(context) {
    const source = openData(context.config.data);
    const width = source.labellings.length;
    return runStream<LabelledBatch>(context, context.outputs.batches, batch => {
      const y = new Int32Array(batch.ids.length * width);
      for (let i = 0; i < y.length; i++) y[i] = source.label(batch.ids[Math.floor(i / width)], i % width);
      return { ...batch, y };
    });
  },
});

/** Sends samples without labels: what it sends has no place for one. */
export const unlabelledStream = defineActor(import.meta.url, {
  name: 'unlabelled',
  config: streamConfig,
  inputs: { needs: port<Need>() },
  outputs: { batches: port<UnlabelledBatch>() },
  start: context => runStream<UnlabelledBatch>(context, context.outputs.batches, batch => batch),
});
