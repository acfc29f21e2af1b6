import { z } from 'zod';

const vocab = z.record(z.string(), z.int().min(0)).describe('The number of each token.');

/**
 * A tokeniser as a file: the form `tokenizer.json` that Hugging Face's libraries read and write. The parts that are not
 * told here are kept as they are.
 */
export const tokenizerFile = z.looseObject({
  version: z.literal('1.0'),
  added_tokens: z.array(z.looseObject({ id: z.int().min(0), content: z.string() })).default([]),
  normalizer: z.looseObject({ type: z.string() }).nullable(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullable(),
  decoder: z.looseObject({ type: z.string() }).nullable(),
  model: z.discriminatedUnion('type', [
    z.looseObject({
      type: z.literal('BPE'),
      vocab,
      merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    }),
    z.looseObject({ type: z.literal('WordLevel'), vocab, unk_token: z.string() }),
  ]),
});
/** `tokenizerFile`, parsed: plain data, for configs, messages and checkpoints. */
export type TokenizerFile = z.output<typeof tokenizerFile>;

/** Text as numbers, and back. */
export interface Tokenizer {
  /** How many tokens there are: ids are 0 … vocabulary − 1. */
  readonly vocabulary: number;
  /** @throws a usage error where it cannot say a part of the text */
  encode(text: string): Int32Array;
  /** @throws a usage error for an id that there is not */
  decode(ids: ArrayLike<number>): string;
  toJSON(): TokenizerFile;
}
