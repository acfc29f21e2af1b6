import { usageError } from '../../core/errors.ts';

/**
 * A text's words, as a shell splits them: at white space outside of quotes, which are taken off.
 * @throws a usage error where a quote is not closed
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') throw usageError(`compare ${text}: expected a closing ${quote}`);
  return word === undefined ? words : [...words, word];
}
