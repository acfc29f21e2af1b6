import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { TfIdf } from './tf-idf.ts';

/**
 * How likely each word of a document is to be replaced: p · (C − tfidf(w)) / mean(C − tfidf), where C is the highest
 * tf-idf in the document and the mean runs over its words. A value of 1 and above means always. Words that tell most
 * stay; where all tell alike (one word only, say) none is replaced. A word that the table does not know counts as one
 * that a single document holds.
 * @param p the mean of the result, 0 to 1; with values above 1 fewer words are replaced than that
 */
export function replaceProbabilities(
  words: readonly string[],
  { idf, documents }: TfIdf,
  p: number,
): Float64Array {
  assertProbability(p);
  const unknown = Math.log(documents);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const out = Float64Array.from(
    words,
    word => ((counts.get(word) ?? 0) / words.length) * (idf.get(word) ?? unknown),
  );
  const highest = out.reduce((a, b) => Math.max(a, b), 0);
  let sum = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = highest - out[i];
    sum += out[i];
  }
  const scale = sum > 0 ? (p * words.length) / sum : 0;
  return out.map(value => value * scale);
}

/**
 * How likely each word of the table is to stand in for another: in proportion to max S − S(w), S its tf-idf summed over
 * all documents, so that words that tell little come in. In the order of `words`; they sum to 1. Where all tell alike
 * each is as likely.
 */
export function replacementProbabilities({ scores }: TfIdf): Float64Array {
  const highest = scores.reduce((a, b) => Math.max(a, b), 0);
  const below = scores.map(score => highest - score);
  const sum = below.reduce((a, b) => a + b, 0);
  return sum > 0 ? below.map(value => value / sum) : below.fill(1 / below.length);
}

/** A document with some of its words replaced. */
export interface Replaced {
  readonly words: readonly string[];
  /** How many places were drawn anew; some may have got the word that stood there. */
  readonly replaced: number;
}

/** Replaces words; `chances` depends on the words alone, so that it can be kept for a text that comes again. */
export interface Replacer {
  /** `replaceProbabilities` */
  chances(words: readonly string[]): Float64Array;
  replace(words: readonly string[], chances: Float64Array, random: Random): Replaced;
}

/**
 * UDA's TF-IDF word replacement: each word is replaced with its `replaceProbabilities`, by one drawn with
 * `replacementProbabilities`.
 * @param p share of the words to replace on average, 0 to 1
 */
export function tfIdfReplacer(table: TfIdf, p: number): Replacer {
  assertProbability(p);
  const ends = replacementProbabilities(table);
  for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
  const total = ends[ends.length - 1];
  return {
    chances: words => replaceProbabilities(words, table, p),
    replace(words, chances, random) {
      let replaced = 0;
      const out = words.map((word, i) => {
        if (random.uniform() >= chances[i]) return word;
        replaced++;
        return table.words[firstAbove(ends, total * random.uniform())];
      });
      return { words: out, replaced };
    },
  };
}

/** The first place of a rising array whose value is above `value`. */
function firstAbove(rising: Float64Array, value: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function assertProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw usageError(`tf-idf replacement: p = ${p}: expected a number from 0 to 1`);
}
