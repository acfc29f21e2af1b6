import type { Tokenizer, TokenizerFile } from './tokenizer-file.ts';

/**
 * Byte pairs (Sennrich et al., 2016) of a text's bytes: the 256 bytes, and what the most frequent pairs merge into.
 * @param vocabulary tokens in all, 256 or more; a text without so many pairs that occur twice gives fewer
 */
export function bytePairTokenizer(_text: string, _options: { readonly vocabulary: number }): Tokenizer {
  throw new Error('to come');
}

/** A byte-pair tokeniser from its file. */
export function openBytePairs(_file: TokenizerFile): Tokenizer {
  throw new Error('to come');
}
