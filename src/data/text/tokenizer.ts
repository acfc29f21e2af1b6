import { z } from 'zod';
import { parseOrThrow } from '../../core/errors.ts';
import { bytePairTokenizer, openBytePairs } from './byte-pairs.ts';
import { characterTokenizer, expectsUnknown, openCharacters } from './characters.ts';
import { type Tokenizer, tokenizerFile } from './tokenizer-file.ts';
import { openWords, unknown, wordTokenizer } from './words.ts';

const vocabulary = z.int().min(2);

/** A kind of tokeniser that a text is to give, or a file of one. */
export const tokenizerChoice = z.union([
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('characters'),
      unknown: z
        .boolean()
        .optional()
        .describe('A token for other characters. Default: where the text has one that occurs only once.'),
    }),
    z.strictObject({ kind: z.literal('byte-pairs'), vocabulary: vocabulary.min(256) }),
    z.strictObject({ kind: z.literal('words'), vocabulary }),
  ]),
  tokenizerFile,
]);
/** `tokenizerChoice`, parsed. */
export type TokenizerChoice = z.output<typeof tokenizerChoice>;

/** The tokeniser that is chosen. @param text what it is made from where only its kind is told: the train split's */
export function tokenizerOf(choice: TokenizerChoice, text: string): Tokenizer {
  if ('version' in choice) return openTokenizer(choice);
  switch (choice.kind) {
    case 'characters':
      return characterTokenizer(text, { unknown: choice.unknown ?? expectsUnknown(text) });
    case 'byte-pairs':
      return bytePairTokenizer(text, choice);
    case 'words':
      return wordTokenizer(text, choice);
  }
}

/**
 * A tokeniser from what its `toJSON` gave, or from another `tokenizer.json` of byte pairs.
 * @throws a usage error that names what is wrong
 */
export function openTokenizer(json: unknown): Tokenizer {
  const file = parseOrThrow(tokenizerFile, json, 'tokenizer');
  if (file.model.type === 'BPE') return openBytePairs(file);
  return unknown in file.model.vocab ? openWords(file) : openCharacters(file);
}
