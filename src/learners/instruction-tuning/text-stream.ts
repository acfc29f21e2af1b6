import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { sendOnCredit } from '../../actors/streams/credit.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Need } from '../../data/contract.ts';
import type { TextBatch } from './messages.ts';
import { packRows } from './pack.ts';
import { endOfText, wordVocabulary } from './vocabulary.ts';

const count = z.number().int().positive();
/** What a stream of sentences is spawned with. */
export const textStreamConfig = z.strictObject({
  words: z.array(z.string()).describe('The vocabulary.'),
  statements: z.array(z.string()).min(1).describe('Sentences that say something.'),
  filler: z.array(z.string()).default([]).describe('Sentences that say nothing.'),
  fillerShare: z.number().min(0).max(0.9).default(0.15).describe('Of the sentences. 0 where there is none.'),
  length: count.default(36).describe('Tokens of a row.'),
  batch: count.default(32).describe('Rows of a batch.'),
  seed: z.number().int(),
});

/**
 * Sends sentences, drawn evenly, packed into rows and parted by the mark that ends a text. What is in a batch follows from its
 * number and the settings.
 */
export const sentenceStream = defineActor(import.meta.url, {
  name: 'text',
  config: textStreamConfig,
  inputs: { needs: port<Need>() },
  outputs: { batches: port<TextBatch>() },
  start(context) {
    const { config, outputs } = context;
    const { words, statements, filler, fillerShare, length, batch, seed } = config;
    if (fillerShare > 0 && filler.length === 0) {
      throw usageError(`fillerShare = ${fillerShare}: expected filler to draw from`);
    }
    const { encode } = wordVocabulary(words);
    const tokens = (texts: readonly string[]) => texts.map(text => [...encode(text), endOfText]);
    const said = tokens(statements);
    const empty = tokens(filler);
    const random = Random.fromSeed(seed).split('sentences');
    return sendOnCredit(context, outputs.batches, index => {
      const draw = random.split(index);
      const next = () => {
        const from = fillerShare > 0 && draw.uniform() < fillerShare ? empty : said;
        return { ids: from[draw.integer(from.length)], from: 0 };
      };
      return { index, ...packRows(next, batch, length) };
    });
  },
});
