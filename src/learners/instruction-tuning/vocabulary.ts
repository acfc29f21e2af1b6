import { usageError } from '../../core/errors.ts';
import type { Cluster, Ground } from './contract.ts';
import { optionsText, slots } from './render.ts';

/** Fills rows up. */
export const pad = 0;
/** Ends a sentence, and an answer. */
export const endOfText = 1;
const marks = ['<pad>', '<eos>'];

/** The words of a text: runs of letters and digits, and each other mark by itself. Case counts. */
export const wordsIn = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}_]+|[^\s]/gu) ?? [];

/** Words and their numbers. */
export interface WordVocabulary {
  /** How many tokens there are, the two marks among them. */
  readonly size: number;
  /** @throws a usage error that names a word it does not have */
  encode(text: string): number[];
  decode(ids: Iterable<number>): string;
}

/** The vocabulary of some words: 0 pads, 1 ends a text, the words follow in their order. */
export function wordVocabulary(words: readonly string[]): WordVocabulary {
  const all = [...marks, ...words];
  const numbers = new Map(all.map((word, id) => [word, id]));
  if (numbers.size < all.length) throw usageError('words: expected each word once');
  return {
    size: all.length,
    encode: text =>
      wordsIn(text).map(word => {
        const id = numbers.get(word);
        if (id === undefined) {
          throw usageError(`text = ${JSON.stringify(text)}: expected words of the vocabulary, got “${word}”`);
        }
        return id;
      }),
    decode: ids => Array.from(ids, id => all[id] ?? '?').join(' '),
  };
}

/** Every word that a ground needs, once, in the order in which they come. @param others clusters in further formats */
export function wordsOf(ground: Omit<Ground, 'words'>, others: readonly Cluster[] = []): string[] {
  const words = new Set<string>();
  const add = (text: string) => {
    for (const word of wordsIn(text)) words.add(word);
  };
  add(optionsText(['']));
  ground.statements.forEach(add);
  ground.filler.forEach(add);
  for (const { prompt, answer } of ground.probes) add(`${prompt} ${answer}`);
  for (const { templates, examples } of [...ground.clusters, ...others].flatMap(({ tasks }) => tasks)) {
    for (const { input, target } of templates) add(`${input} ${target}`.replace(slots, ' '));
    for (const { fields, options = [], answer } of examples) {
      [...Object.values(fields), ...options, answer].forEach(add);
    }
  }
  return [...words];
}
