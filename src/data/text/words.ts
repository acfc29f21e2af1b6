import { usageError } from '../../core/errors.ts';
import {
  hasNoCapitals,
  type Tokenizer,
  type TokenizerFile,
  tokenAt,
  tokensInOrder,
  vocabOf,
} from './tokenizer-file.ts';

/** A line break, a word with what it is joined by apostrophes, a number, or another character that is no space. */
const pattern = "\\n|\\p{L}+(?:['’]\\p{L}+)*|\\p{N}+|[^\\s]";
/** The token for all words that are not kept; a vocabulary of characters cannot hold it. */
export const unknown = '<unk>';

/**
 * Whole words, punctuation marks and line breaks, numbered by how frequent they are (as an adaptive softmax wants them):
 * 0 is `<unk>`, for all words that are not kept, 1 the most frequent; of equals the one that comes first. Spaces are not
 * kept: decoded words have one between them, and none before a mark that closes. One that is made from a text without
 * capitals reads capitals as small letters.
 * @param vocabulary tokens in all, `<unk>` included, 2 or more; a text with fewer words gives fewer
 * @throws a usage error for a text without words
 */
export function wordTokenizer(text: string, { vocabulary }: { readonly vocabulary: number }): Tokenizer {
  if (!Number.isSafeInteger(vocabulary) || vocabulary < 2) {
    throw usageError(`wordTokenizer: vocabulary = ${vocabulary}: expected a whole number, 2 or more`);
  }
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  if (counts.size === 0) throw usageError('wordTokenizer: text: expected words, found none');
  // A stable sort: of equals the first comes first.
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
  return tokenizer([unknown, ...words.slice(0, vocabulary - 1)], hasNoCapitals(text));
}

/** A word tokeniser from its file. */
export const openWords = (file: TokenizerFile): Tokenizer =>
  tokenizer(tokensInOrder(file.model.vocab), file.normalizer?.type === 'Lowercase');

const wordsOf = (text: string): readonly string[] => text.match(new RegExp(pattern, 'gu')) ?? [];

function tokenizer(words: readonly string[], lowers: boolean): Tokenizer {
  const ids = new Map(words.map((word, id) => [word, id]));
  const unknownId = ids.get(unknown) ?? 0;
  return {
    vocabulary: words.length,
    encode: text =>
      Int32Array.from(wordsOf(lowers ? text.toLowerCase() : text), word => ids.get(word) ?? unknownId),
    decode: tokens => joined(Array.from(tokens, id => tokenAt(words, id))),
    toJSON: () => ({
      version: '1.0',
      added_tokens: [],
      normalizer: lowers ? { type: 'Lowercase' } : null,
      pre_tokenizer: { type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: true },
      post_processor: null,
      decoder: null,
      model: { type: 'WordLevel', vocab: vocabOf(words), unk_token: unknown },
    }),
  };
}

function joined(words: readonly string[]): string {
  let out = '';
  let open = true;
  for (const word of words) {
    out += open || /^[\n,.;:!?)\]}]$/.test(word) ? word : ` ${word}`;
    open = /^[\n([{]$/.test(word);
  }
  return out;
}
