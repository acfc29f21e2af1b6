import type { z } from 'zod';
import type { ActorHandle, Methods, ValuePort } from '../../actors/contract.ts';
import { imageAugmenter, labelledAugmenter, poolIds, textAugmenter } from '../../actors/streams/index.ts';
import { usageError } from '../../core/errors.ts';
import type { UnlabelledPair } from '../../data/augment/index.ts';
import type { LabelledBatch, Need, UnlabelledBatch } from '../../data/contract.ts';
import { openData, type TrainRef } from '../../data/open.ts';
import type { ClassifierNet } from '../../learners/classifier/index.ts';
import type { consistencyConfig } from '../../learners/consistency-training/index.ts';
import type { Lane } from '../arms/index.ts';
import type { ArmPlan } from './arms.ts';

type Augmenter = ActorHandle<
  { readonly batches: ValuePort<UnlabelledBatch>; readonly needs: ValuePort<Need> },
  { readonly pairs: ValuePort<UnlabelledPair>; readonly needs: ValuePort<Need> },
  Methods
>;
type LabelledAugmenter = ActorHandle<
  { readonly batches: ValuePort<LabelledBatch>; readonly needs: ValuePort<Need> },
  { readonly batches: ValuePort<LabelledBatch>; readonly needs: ValuePort<Need> },
  Methods
>;

/** What arms that are compared have in common: data, network, settings, and how samples are augmented. */
export interface Ground {
  readonly data: TrainRef;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly classes: number;
  readonly net: ClassifierNet;
  readonly settings: z.input<typeof consistencyConfig>;
  readonly steps: number;
  /** Labelled samples a step; at most as many as there are. */
  readonly batch: number;
  readonly unlabelledBatch: number;
  /** The pools share no sample. */
  readonly labelledPool: { readonly from: number; readonly count: number };
  readonly unlabelledPool: { readonly from: number; readonly count: number };
  /** Samples to judge on. */
  readonly test: number;
  /** Whether classes count alike in the judge's figures, however rare they are. */
  readonly balanced: boolean;
  readonly executor: string;
  augmenter(lane: Lane, pairs: NonNullable<ArmPlan['pairs']>): Promise<Augmenter>;
  /** For arms that augment what has labels, too; none where no arm does. */
  readonly labelledAugmenter?: (lane: Lane) => Promise<LabelledAugmenter>;
}

/** What the options say of images. */
export interface ImageSettings {
  readonly data: 'mnist' | 'fashion-mnist' | 'glyphs';
  readonly images: 14 | 28;
  readonly net: 'mlp' | 'conv';
  readonly steps: number;
  readonly batch: number;
  readonly unlabelledBatch: number;
  readonly pool: number;
  readonly test: number;
  readonly consistency: z.input<typeof consistencyConfig>;
}

/** Images: affine maps and a hole for the unlabelled ones, affine maps half as strong for the labelled. */
export function imageGround(options: ImageSettings, seed: number, executor: string): Ground {
  const { data, images, pool, steps, batch, unlabelledBatch, test } = options;
  const shape: [number, number, number] = [images, images, 1];
  return {
    data:
      data === 'glyphs' ? { name: data, seed, split: 'train' } : { name: data, size: images, split: 'train' },
    shape,
    classes: 10,
    net:
      options.net === 'mlp'
        ? { kind: 'mlp', hidden: [256, 128] }
        : { kind: 'conv', channels: [16, 32], hidden: [64] },
    settings: options.consistency,
    ...{ steps, batch, unlabelledBatch, test, executor },
    labelledPool: { from: 0, count: pool },
    unlabelledPool: { from: pool, count: pool },
    balanced: false,
    augmenter: (lane, pairs) =>
      lane.spawn(imageAugmenter, { shape, seed, policy: pairs === 'augmented' ? 'affine-cutout' : pairs }),
    labelledAugmenter: lane => lane.spawn(labelledAugmenter, { shape, seed }),
  };
}

/** What the options say of mails. */
export interface MailSettings {
  readonly steps: number;
  readonly unlabelledBatch: number;
  readonly replace: number;
  readonly consistency: z.input<typeof consistencyConfig>;
}

/** Bags of words, hashed into so many places. */
const width = 4096;
/** Mails of the train split that labelled ones are chosen from; the others have no labels. */
const labelledMails = 400;
const unlabelledMails = 3_500;

/** Mails as bags of words, without headers: some words of the unlabelled ones are replaced by others that tell as little. */
export function mailGround(options: MailSettings, executor: string): Ground {
  const data = { name: 'mails', width, split: 'train' } as const;
  return {
    data,
    shape: [width],
    classes: 2,
    net: { kind: 'mlp', hidden: [64] },
    settings: options.consistency,
    steps: options.steps,
    batch: 20,
    unlabelledBatch: options.unlabelledBatch,
    labelledPool: { from: 0, count: labelledMails },
    unlabelledPool: { from: labelledMails, count: unlabelledMails },
    test: 1_900,
    balanced: true,
    executor,
    augmenter: (lane, pairs) =>
      lane.spawn(textAugmenter, {
        data,
        seed: lane.seed,
        p: options.replace,
        policy: pairs === 'augmented' ? 'tf-idf' : pairs,
      }),
  };
}

/** @throws a usage error where a batch is larger than what it is drawn from */
export function mustFillBatches({ unlabelledBatch, unlabelledPool: { count } }: Ground): void {
  if (unlabelledBatch <= count) return;
  throw usageError(
    `unlabelledBatch = ${unlabelledBatch}: expected at most the ${count} samples without labels`,
  );
}

/**
 * Finds out before anything is played whether there are training samples enough for every arm. Judges look after theirs.
 * @throws a usage error that names the option
 */
export function mustHaveEnough(ground: Ground, arms: readonly ArmPlan[], seed: number): void {
  mustFillBatches(ground);
  const { data, classes, unlabelledPool, labelledPool: pool } = ground;
  const source = openData(data);
  poolIds(source, { pool: unlabelledPool, perClass: null, seed });
  for (const labels of new Set(arms.map(arm => arm.labels))) {
    if (labels % classes !== 0) {
      throw usageError(`labels = ${labels}: expected as many of each of ${classes} classes`);
    }
    poolIds(source, { pool, perClass: labels / classes, seed });
  }
}
