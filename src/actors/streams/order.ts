import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { StreamConfig } from './config.ts';

/** Which samples stand in which batch: a function of the batch's number, so that any life of a stream goes on alike. */
export interface Order {
  /** Writes the numbers of batch `index`'s samples. */
  fill(index: number, out: Int32Array): void;
}

/** What of a stream's settings an order goes by; the rest is let pass. */
type OrderSettings = Pick<StreamConfig, 'order' | 'batch' | 'seed'> & Partial<StreamConfig>;

/** The order that a stream's settings ask for. @param ids what there is to send @throws a usage error where it fills no batch */
export function orderOf(ids: Int32Array, { order, batch, seed }: OrderSettings): Order {
  if (batch > ids.length) {
    throw usageError(
      `batch = ${batch}: expected at most the ${ids.length} samples that there are to draw from`,
    );
  }
  return order === 'fresh' ? fresh(ids, batch) : replayed(ids, batch, Random.fromSeed(seed).split('epochs'));
}

function fresh(ids: Int32Array, batch: number): Order {
  return {
    fill(index, out) {
      const end = (index + 1) * batch;
      if (end > ids.length) {
        throw usageError(
          `a stream of fresh samples: expected at most ${Math.floor(ids.length / batch)} batches of ${batch}, since it has ${ids.length} samples; asked for one more`,
        );
      }
      out.set(ids.subarray(index * batch, end));
    },
  };
}

function replayed(ids: Int32Array, batch: number, random: Random): Order {
  const batches = Math.floor(ids.length / batch);
  const shuffled = new Int32Array(ids.length);
  let epoch = -1;
  return {
    fill(index, out) {
      const wanted = Math.floor(index / batches);
      if (wanted !== epoch) {
        epoch = wanted;
        shuffled.set(ids);
        random.split(epoch).shuffle(shuffled);
      }
      const at = (index % batches) * batch;
      out.set(shuffled.subarray(at, at + batch));
    },
  };
}
