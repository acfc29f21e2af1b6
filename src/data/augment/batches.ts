import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { LabelledBatch, UnlabelledBatch } from '../contract.ts';
import type { Augment, ImageShape, UnlabelledPair } from './contract.ts';

/** How the samples of a batch are augmented. */
export interface SampleAugment {
  /** Numbers of a sample. */
  readonly size: number;
  /**
   * Writes a changed copy of the sample at a place of the batch into `out` from `outAt` on.
   * @returns what was done
   */
  change(batch: UnlabelledBatch, place: number, out: Float32Array, outAt: number, random: Random): string;
}

/** What a batch is augmented with. */
export interface BatchAugmentation {
  readonly samples: SampleAugment;
  /** Every sample has a stream of its own, split off by the batch's index and its place. */
  readonly random: Random;
  /** Control: each sample is paired with the augmented copy of another one of its batch. Default false. */
  readonly shuffled?: boolean;
}

/** Images of one shape, each changed by `augment`. */
export function images(shape: ImageShape, augment: Augment): SampleAugment {
  const size = shape[0] * shape[1] * shape[2];
  return {
    size,
    change: ({ x }, place, out, outAt, random) => augment(x, place * size, out, outAt, shape, random),
  };
}

/** A batch beside its augmented copy: a pure function of the batch and the random stream's name. */
export function pairOf(batch: UnlabelledBatch, augmentation: BatchAugmentation): UnlabelledPair {
  const { uAug, ops } = augmented(batch, augmentation);
  return { index: batch.index, ids: batch.ids, u: batch.x, uAug, ops };
}

/** The batch with augmented samples in the places of its own; labels stay. */
export function augmentLabelled(
  batch: LabelledBatch,
  augmentation: Omit<BatchAugmentation, 'shuffled'>,
): LabelledBatch {
  const { uAug } = augmented(batch, augmentation);
  return { index: batch.index, ids: batch.ids, x: uAug, y: batch.y };
}

function augmented(
  batch: UnlabelledBatch,
  { samples, random, shuffled = false }: BatchAugmentation,
): { readonly uAug: Float32Array; readonly ops: readonly string[] } {
  const { index, ids, x } = batch;
  const { size } = samples;
  const count = ids.length;
  if (x.length !== count * size) {
    throw usageError(
      `batch ${index}: expected ${count} samples of ${size} numbers, so ${count * size}, got ${x.length}`,
    );
  }
  const offset = shuffled ? partnerOffset(count, index, random) : 0;
  const uAug = new Float32Array(x.length);
  const ops: string[] = [];
  for (let place = 0; place < count; place++) {
    const from = (place + offset) % count;
    ops.push(samples.change(batch, from, uAug, place * size, random.split(index, place)));
  }
  return { uAug, ops };
}

/** Everyone's partner stands so many places further on, never at the same place. */
function partnerOffset(count: number, index: number, random: Random): number {
  if (count < 2) throw usageError(`batch ${index}: shuffled pairs need 2 samples or more, got ${count}`);
  return 1 + random.split(index, 'partner').integer(count - 1);
}
