import { z } from 'zod';
import { usageError } from '../../core/errors.ts';

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

/** Whether a text is written in small letters alone, so that its tokeniser may read capitals as small ones. */
export const hasNoCapitals = (text: string): boolean => text === text.toLowerCase();

/** Tokens with their places as numbers. */
export const vocabOf = (tokens: readonly string[]): Record<string, number> =>
  Object.fromEntries(tokens.map((token, id) => [token, id]));

/** The tokens in the order of their numbers. @throws a usage error where these are not 0, 1, 2 … */
export function tokensInOrder(vocab: Readonly<Record<string, number>>): string[] {
  const tokens = Object.entries(vocab).sort(([, a], [, b]) => a - b);
  const wrong = tokens.findIndex(([, id], place) => id !== place);
  if (tokens.length > 0 && wrong < 0) return tokens.map(([token]) => token);
  throw usageError(
    tokens.length === 0
      ? 'tokenizer: model.vocab = {}: expected tokens'
      : `tokenizer: model.vocab: expected the ids 0 to ${tokens.length - 1}, one each, found none or two with ${wrong}`,
  );
}

/** @throws a usage error where there is no token of this number */
export function tokenAt(tokens: readonly string[], id: number): string {
  const token = tokens[id];
  if (token !== undefined) return token;
  throw usageError(`decode: id ${id}: expected a whole number from 0 to ${tokens.length - 1}`);
}
