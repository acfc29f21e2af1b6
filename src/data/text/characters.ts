import { usageError } from '../../core/errors.ts';
import {
  hasNoCapitals,
  type Tokenizer,
  type TokenizerFile,
  tokenAt,
  tokensInOrder,
  vocabOf,
} from './tokenizer-file.ts';

/**
 * A token for each character of a text (each code point), numbered in the order of Unicode. What it encodes may have no
 * other character. One that is made from a text without capitals reads capitals as small letters.
 * @throws a usage error for an empty text
 */
export function characterTokenizer(text: string): Tokenizer {
  const characters = [...new Set(text)].sort((a, b) => codeOf(a) - codeOf(b));
  if (characters.length === 0) throw usageError('characterTokenizer: text = "": expected characters');
  return tokenizer(characters, hasNoCapitals(text));
}

/** A character tokeniser from its file. @throws a usage error where an id is missing, or a token is no character */
export function openCharacters(file: TokenizerFile): Tokenizer {
  const characters = tokensInOrder(file.model.vocab);
  const other = characters.find(token => [...token].length !== 1);
  if (other !== undefined) {
    throw usageError(`tokenizer: model.vocab: token ${JSON.stringify(other)}: expected a single character`);
  }
  return tokenizer(characters, file.normalizer?.type === 'Lowercase');
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

function tokenizer(characters: readonly string[], lowers: boolean): Tokenizer {
  const ids = new Map(characters.map((character, id) => [codeOf(character), id]));
  // Most text is in these: an array is several times faster than the map.
  const low = Int32Array.from({ length: 1024 }, (_, code) => ids.get(code) ?? -1);
  return {
    vocabulary: characters.length,
    encode(text) {
      const source = lowers ? text.toLowerCase() : text;
      const out = new Int32Array(source.length);
      let count = 0;
      for (let i = 0; i < source.length; i++) {
        const code = source.codePointAt(i) ?? 0;
        const id = code < low.length ? low[code] : (ids.get(code) ?? -1);
        if (id < 0) throw unknown(String.fromCodePoint(code), i, characters);
        if (code > 0xffff) i++;
        out[count++] = id;
      }
      return count === out.length ? out : out.slice(0, count);
    },
    decode: tokens => Array.from(tokens, id => tokenAt(characters, id)).join(''),
    toJSON: () => ({
      version: '1.0',
      added_tokens: [],
      normalizer: lowers ? { type: 'Lowercase' } : null,
      pre_tokenizer: {
        type: 'Split',
        pattern: { Regex: '[\\s\\S]' },
        behavior: 'Isolated',
        invert: false,
      },
      post_processor: null,
      decoder: { type: 'Fuse' },
      // Not in the vocabulary: other libraries then refuse an unknown character, as `encode` does.
      model: { type: 'WordLevel', vocab: vocabOf(characters), unk_token: '<unk>' },
    }),
  };
}

function unknown(character: string, at: number, known: readonly string[]): Error {
  const some = known.length > 60 ? `${known.length} others` : JSON.stringify(known.join(''));
  return usageError(`encode: ${JSON.stringify(character)} at ${at}: expected one of ${some}`);
}
