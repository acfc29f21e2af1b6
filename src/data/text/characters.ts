import type { Tokenizer, TokenizerFile } from './tokenizer-file.ts';

/** One token for each character of a text (each code point), in their order. @throws a usage error for an empty text */
export function characterTokenizer(_text: string): Tokenizer {
  throw new Error('to come');
}

/** A character tokeniser from its file. */
export function openCharacters(_file: TokenizerFile): Tokenizer {
  throw new Error('to come');
}
