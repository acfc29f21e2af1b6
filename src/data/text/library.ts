import * as tokenizers from '@huggingface/tokenizers';

/** What is used of `@huggingface/tokenizers`. */
interface Library {
  readonly Tokenizer: new (
    file: object,
    config: { readonly clean_up_tokenization_spaces: boolean },
  ) => LibraryTokenizer;
  readonly ByteLevelPreTokenizer: new (settings: object) => { pre_tokenize_text(text: string): string[] };
}

/** A tokeniser of the library. */
export interface LibraryTokenizer {
  encode(
    text: string,
    options: { readonly add_special_tokens: boolean },
  ): { readonly ids: readonly number[] };
  /** @throws for no ids */
  decode(ids: readonly number[]): string;
}

// Its own types import each other without extensions, which Node's resolution does not find: all of them are `any`.
export const { Tokenizer: LibraryTokenizer, ByteLevelPreTokenizer } = tokenizers as unknown as Library;
