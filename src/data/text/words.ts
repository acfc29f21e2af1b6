import type { Tokenizer, TokenizerFile } from './tokenizer-file.ts';

/**
 * Whole words, numbered by how frequent they are: 0 is `<unk>`, 1 the most frequent.
 * @param vocabulary tokens in all, `<unk>` included; a text with fewer words gives fewer
 */
export function wordTokenizer(_text: string, _options: { readonly vocabulary: number }): Tokenizer {
  throw new Error('to come');
}

/** A word tokeniser from its file. */
export function openWords(_file: TokenizerFile): Tokenizer {
  throw new Error('to come');
}
