import { oneLine, usageError } from '../../core/errors.ts';
import { byteCharacters } from './byte-characters.ts';
import { ByteLevelPreTokenizer, LibraryTokenizer } from './library.ts';
import { learnMerges } from './merges.ts';
import { type Tokenizer, type TokenizerFile, tokenAt, tokensInOrder, vocabOf } from './tokenizer-file.ts';

const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true } as const;

/**
 * Byte pairs (Sennrich et al., 2016; over bytes as in GPT-2): tokens are the 256 bytes, and what the pair that is most
 * frequent in the text merges into, again and again; of equals the pair of the lowest ids. No merge crosses the pieces that
 * GPT-2 cuts a text into (a word with the space before it, a number, marks, spaces). Whatever text was encoded decodes to
 * itself; only half a surrogate pair, which is no character, becomes U+FFFD.
 * @param vocabulary tokens in all, 256 or more; where no pair is left that occurs twice there are fewer
 */
export function bytePairTokenizer(text: string, { vocabulary }: { readonly vocabulary: number }): Tokenizer {
  if (!Number.isSafeInteger(vocabulary) || vocabulary < byteCharacters.length) {
    throw usageError(`bytePairTokenizer: vocabulary = ${vocabulary}: expected a whole number, 256 or more`);
  }
  const pieces = new Map<string, number>();
  for (const piece of new ByteLevelPreTokenizer(level).pre_tokenize_text(text)) {
    pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
  }
  const { tokens, merges } = learnMerges(pieces, byteCharacters, vocabulary);
  return openBytePairs({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: level,
    post_processor: null,
    decoder: level,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: vocabOf(tokens),
      merges,
    },
  });
}

/**
 * A byte-pair tokeniser from its file, from here or elsewhere; it must be of bytes.
 * @throws a usage error where a byte has no token, ids are not 0, 1, 2 …, or the library refuses the file
 */
export function openBytePairs(file: TokenizerFile): Tokenizer {
  const vocab = { ...file.model.vocab };
  for (const { content, id } of file.added_tokens) vocab[content] = id;
  const tokens = tokensInOrder(vocab);
  const missing = byteCharacters.findIndex(character => !(character in file.model.vocab));
  if (missing >= 0) {
    // The library leaves out what it has no token for, without a word.
    throw usageError(`tokenizer: model.vocab: expected a token for each byte, found none for ${missing}`);
  }
  const library = opened(file);
  return {
    vocabulary: tokens.length,
    encode: text => Int32Array.from(library.encode(text, { add_special_tokens: false }).ids),
    decode(ids) {
      for (let i = 0; i < ids.length; i++) tokenAt(tokens, ids[i]);
      return ids.length === 0 ? '' : library.decode(Array.from(ids));
    },
    toJSON: () => file,
  };
}

function opened(file: TokenizerFile): LibraryTokenizer {
  try {
    // On unless told otherwise: it would take the space out of " ." and " 's".
    return new LibraryTokenizer(file, { clean_up_tokenization_spaces: false });
  } catch (error) {
    throw usageError(`tokenizer: expected a tokenizer.json that can be read (${oneLine(error)})`, error);
  }
}
