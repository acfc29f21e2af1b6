import { usageError } from '../core/errors.ts';
import { foldText } from '../data/text/fold.ts';
import type { Tokenizer } from '../data/text/tokenizer-file.ts';
import { unknown } from '../data/text/words.ts';

/**
 * A prompt as tokens.
 * @throws a usage error that names the characters, or words, which the vocabulary has not, and a way out; for nothing to go on from
 */
export function promptTokens(prompt: string, tokenizer: Pick<Tokenizer, 'encode' | 'decode'>): Int32Array {
  if (prompt === '') throw usageError('--prompt: is empty, expected a text to go on from');
  /** What the tokeniser makes of a text; `undefined` where it refuses it. */
  const read = (text: string): string | undefined => {
    try {
      return tokenizer.decode(tokenizer.encode(text));
    } catch {
      return undefined;
    }
  };
  const has = (text: string): boolean => {
    const found = read(text);
    return found !== undefined && substitutes.every(each => text.includes(each) || !found.includes(each));
  };
  if (!has(prompt)) {
    const pieces = read(prompt)?.includes(unknown) ? prompt.split(/\s+/) : prompt;
    const missing = [...new Set(pieces)].filter(piece => !has(piece));
    const named = missing.map(piece => JSON.stringify(piece)).join(', ');
    const folded = foldText(prompt);
    const wayOut =
      folded !== '' && has(folded)
        ? `--prompt ${JSON.stringify(folded)}`
        : 'what stands in the text that it was trained on';
    throw usageError(`--prompt: the model's vocabulary has no ${named}; expected ${wayOut}`);
  }
  const ids = tokenizer.encode(prompt);
  if (ids.length === 0) throw usageError(`--prompt ${JSON.stringify(prompt)}: expected words, found none`);
  return ids;
}

/** What tokenisers put in the place of words and characters that they do not know. */
const substitutes = [unknown, '\ufffd'];

/**
 * Tokens as text, as they come: what each adds to those before (words have a space between them). What is not yet a whole
 * character (byte pairs may part one) is held back.
 * @param before at least one token, which has been told
 * @returns a function that gives what one more token adds
 */
export function growingText(
  tokenizer: Pick<Tokenizer, 'decode'>,
  before: ArrayLike<number>,
): (token: number) => string {
  let told = Array.from(before).slice(-longestCharacter);
  let held: number[] = [];
  return token => {
    held.push(token);
    const text = tokenizer.decode([...told, ...held]);
    if (text.endsWith('\ufffd') && held.length < longestCharacter) return '';
    const added = text.slice(tokenizer.decode(told).length);
    told = held;
    held = [];
    return added;
  };
}

/** Bytes of a character at most: a token more that gives none is no part of one. */
const longestCharacter = 4;
