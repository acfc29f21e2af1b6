import { usageError } from '../../core/errors.ts';
import {
  hasNoCapitals,
  type Tokenizer,
  type TokenizerFile,
  tokenAt,
  tokensInOrder,
  vocabOf,
} from './tokenizer-file.ts';

/** What a character that is not known is read as, where the vocabulary has it. */
const stranger = '\ufffd';

/**
 * A token for each character of a text (each code point), numbered in the order of Unicode. One that is made from a text
 * without capitals reads capitals as small letters. Other characters it refuses, or reads as U+FFFD if it has that.
 * @param unknown adds U+FFFD. Default: no
 * @throws a usage error for an empty text
 */
export function characterTokenizer(
  text: string,
  { unknown = false }: { readonly unknown?: boolean } = {},
): Tokenizer {
  const characters = new Set(text);
  if (characters.size === 0) throw usageError('characterTokenizer: text = "": expected characters');
  if (unknown) characters.add(stranger);
  return tokenizer(
    [...characters].sort((a, b) => codeOf(a) - codeOf(b)),
    hasNoCapitals(text),
  );
}

/**
 * Whether to expect characters that a text does not have: whether it has one only once (Good, 1953: the chance to see
 * something new is about the share of what was seen once).
 */
export function expectsUnknown(text: string): boolean {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].includes(1);
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
  const other = ids.get(codeOf(stranger)) ?? -1;
  // Most text is in these: an array is several times faster than the map.
  const low = Int32Array.from({ length: 1024 }, (_, code) => ids.get(code) ?? other);
  return {
    vocabulary: characters.length,
    encode(text) {
      const source = lowers ? text.toLowerCase() : text;
      const out = new Int32Array(source.length);
      let count = 0;
      for (let i = 0; i < source.length; i++) {
        const code = source.codePointAt(i) ?? 0;
        const id = code < low.length ? low[code] : (ids.get(code) ?? other);
        if (id < 0) throw refused(String.fromCodePoint(code), i, characters);
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
      // Where it is not in the vocabulary, other libraries refuse a character that is unknown, as `encode` does.
      model: { type: 'WordLevel', vocab: vocabOf(characters), unk_token: other < 0 ? '<unk>' : stranger },
    }),
  };
}

function refused(character: string, at: number, known: readonly string[]): Error {
  const some = known.length > 60 ? `${known.length} others` : JSON.stringify(known.join(''));
  return usageError(`encode: ${JSON.stringify(character)} at ${at}: expected one of ${some}`);
}
