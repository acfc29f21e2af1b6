import { z } from 'zod';

const count = z.number().int().positive();

/** The size and the form of a language model. */
export const languageModelConfig = z.strictObject({
  layers: count.default(2).describe('Blocks of attention and feed-forward net.'),
  width: count.default(64).describe('Numbers a token is held in; a multiple of `heads`.'),
  heads: count.default(4).describe('Of each attention.'),
  inner: count.default(256).describe('Units between the two dense layers of a block.'),
  norm: z
    .enum(['pre', 'post'])
    .default('pre')
    .describe('Where layer norms stand: before each part, or behind its sum, as in the paper.'),
  deviation: z
    .number()
    .positive()
    .default(0.02)
    .describe(
      "Of the initial weights, around 0 (the paper's). Narrow models learn faster from larger ones; with `post` they need them.",
    ),
  clamp: count
    .nullable()
    .default(null)
    .describe('Distances beyond this one count as this one; null: none do.'),
  adaptive: z
    .strictObject({
      cutoffs: z.array(count).min(1).describe('Where each cluster of rarer tokens begins, ascending.'),
      divisor: count.default(4).describe('By which the hidden state is smaller from cluster to cluster.'),
    })
    .nullable()
    .default(null)
    .describe(
      'An adaptive softmax for words, which are numbered by falling frequency; null: all tokens have logits, tied to their embeddings.',
    ),
});
/** `languageModelConfig`, parsed. */
export type LanguageModelConfig = z.output<typeof languageModelConfig>;
