import { z } from 'zod';
import { Random } from '../../core/random.ts';
import { augmentLabelled, images, pairOf } from '../../data/augment/batches.ts';
import type { UnlabelledPair } from '../../data/augment/contract.ts';
import { augmentOf, policies } from '../../data/augment/policies.ts';
import type { LabelledBatch, Need, UnlabelledBatch } from '../../data/contract.ts';
import { defineActor, port } from '../runtime/define.ts';

const side = z.number().int().positive();
const fields = {
  shape: z.tuple([side, side, side]).describe('Of one image: rows, columns, channels.'),
  fill: z.number().default(0).describe('What stands where an image has nothing: outside it, and in holes.'),
  seed: z.number().int().describe('Of the run: the same one gives the same pictures on any thread.'),
};

/**
 * Augments unlabelled images: what it sends holds each batch and its augmented copy. The copy depends on the seed, the
 * batch's index and the sample's place alone, so a restart gives the same bits. It passes credit on: link its `needs`
 * to the stream's, and the consumer's to its own.
 */
export const imageAugmenter = defineActor(import.meta.url, {
  name: 'image-augmenter',
  config: z.object({
    ...fields,
    policy: z
      .enum([...policies, 'shuffled'])
      .describe('`shuffled` is a control: affine-cutout, each image paired with the copy of another.'),
    strength: z.number().nonnegative().default(1).describe('Multiplies how far the affine maps go.'),
  }),
  inputs: { batches: port<UnlabelledBatch>(), needs: port<Need>() },
  outputs: { pairs: port<UnlabelledPair>(), needs: port<Need>() },
  start({ config, inputs, outputs }) {
    const { shape, policy, seed } = config;
    const augmentation = {
      samples: images(shape, augmentOf(policy === 'shuffled' ? 'affine-cutout' : policy, config)),
      random: Random.fromSeed(seed).split('augment'),
      shuffled: policy === 'shuffled',
    };
    inputs.needs.subscribe(need => outputs.needs.next(need));
    inputs.batches.subscribe(batch => outputs.pairs.next(pairOf(batch, augmentation)));
  },
});

/** Augments labelled images in the same way, at half strength if not told otherwise; labels stay as they are. */
export const labelledAugmenter = defineActor(import.meta.url, {
  name: 'labelled-augmenter',
  config: z.object({
    ...fields,
    policy: z.enum(policies).default('affine').describe('What is done to the images.'),
    strength: z.number().nonnegative().default(0.5).describe('Multiplies how far the affine maps go.'),
  }),
  inputs: { batches: port<LabelledBatch>(), needs: port<Need>() },
  outputs: { batches: port<LabelledBatch>(), needs: port<Need>() },
  start({ config, inputs, outputs }) {
    const augmentation = {
      samples: images(config.shape, augmentOf(config.policy, config)),
      random: Random.fromSeed(config.seed).split('augment labelled'),
    };
    inputs.needs.subscribe(need => outputs.needs.next(need));
    inputs.batches.subscribe(batch => outputs.batches.next(augmentLabelled(batch, augmentation)));
  },
});
