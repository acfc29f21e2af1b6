import { z } from 'zod';
import { sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { augmentLabelled, pairOf, type SampleAugment } from '../../data/augment/batches.ts';
import type { UnlabelledPair } from '../../data/augment/contract.ts';
import { texts, unchanged } from '../../data/augment/texts.ts';
import type { LabelledBatch, Need, UnlabelledBatch } from '../../data/contract.ts';
import { type MailSource, openMails, type TrainRef, trainRef } from '../../data/index.ts';
import { tfIdfReplacer } from '../../data/text/replace.ts';
import { type TfIdf, tfIdf } from '../../data/text/tf-idf.ts';
import { defineActor, port } from '../runtime/define.ts';

const fields = {
  data: trainRef.describe('The mails that the batches are of; all of them tell what each word is worth.'),
  seed: z.number().int().describe('Of the run: the same one gives the same words on any thread.'),
};
const share = z.number().min(0).max(1);

function mailsOf(data: TrainRef): MailSource {
  if (data.name !== 'mails') throw usageError(`data: name = ${data.name}: expected mails`);
  return openMails(data);
}

const tables = new WeakMap<MailSource, TfIdf>();

/** What the words of all mails are worth; found once a thread. */
function tableOf(source: MailSource): TfIdf {
  const table =
    tables.get(source) ?? tfIdf(Array.from({ length: source.count }, (_, id) => source.tokens(id)));
  tables.set(source, table);
  return table;
}

function replacing(data: TrainRef, p: number): SampleAugment {
  const source = mailsOf(data);
  return texts(source, tfIdfReplacer(tableOf(source), p));
}

/**
 * Augments mails by TF-IDF word replacement: what it sends holds each batch of word counts and that of the changed
 * mails. A change depends on the seed, the batch's index and the sample's place alone. Credit is passed on as by
 * `imageAugmenter`.
 */
export const textAugmenter = defineActor(import.meta.url, {
  name: 'text-augmenter',
  config: z.object({
    ...fields,
    p: share.default(0.3).describe('Share of the words that are replaced, on average.'),
    policy: z
      .enum(['tf-idf', 'identity', 'shuffled'])
      .default('tf-idf')
      .describe('`identity` and `shuffled`, a mail paired with the changed one of another, are controls.'),
  }),
  inputs: { batches: port<UnlabelledBatch>(), needs: port<Need>() },
  outputs: { pairs: port<UnlabelledPair>(), needs: port<Need>() },
  start({ config, inputs, outputs }) {
    const { data, p, policy, seed } = config;
    const augmentation = {
      samples: policy === 'identity' ? unchanged(sizeOf(mailsOf(data).shape)) : replacing(data, p),
      random: Random.fromSeed(seed).split('augment text'),
      shuffled: policy === 'shuffled',
    };
    inputs.needs.subscribe(need => outputs.needs.next(need));
    inputs.batches.subscribe(batch => outputs.pairs.next(pairOf(batch, augmentation)));
  },
});

/** Augments labelled mails in the same way, half as many words if not told otherwise; labels stay as they are. */
export const labelledTextAugmenter = defineActor(import.meta.url, {
  name: 'labelled-text-augmenter',
  config: z.object({
    ...fields,
    p: share.default(0.15).describe('Share of the words that are replaced, on average.'),
  }),
  inputs: { batches: port<LabelledBatch>(), needs: port<Need>() },
  outputs: { batches: port<LabelledBatch>(), needs: port<Need>() },
  start({ config, inputs, outputs }) {
    const augmentation = {
      samples: replacing(config.data, config.p),
      random: Random.fromSeed(config.seed).split('augment labelled text'),
    };
    inputs.needs.subscribe(need => outputs.needs.next(need));
    inputs.batches.subscribe(batch => outputs.batches.next(augmentLabelled(batch, augmentation)));
  },
});
