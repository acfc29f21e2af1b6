import { usageError } from '../../core/errors.ts';

/** What a set of documents says about its words. */
export interface TfIdf {
  readonly documents: number;
  /** Every word once, in the order of its first appearance. */
  readonly words: readonly string[];
  /** ln(documents / documents that hold the word), ≥ 0 */
  readonly idf: ReadonlyMap<string, number>;
  /** S(w), in the order of `words`: tf-idf summed over all documents. ≥ 0 */
  readonly scores: Float64Array;
}

/**
 * Term frequency (a word's share of the words of its document) times inverse document frequency (natural logarithm,
 * not smoothed), as UDA's text augmentation weighs words (Xie et al., 2020; google-research/uda,
 * text/augmentation/word_level_augment.py). Documents without words count as documents.
 * @throws a usage error where there is no word at all
 */
export function tfIdf(documents: Iterable<readonly string[]>): TfIdf {
  const places = new Map<string, number>();
  const holding: number[] = [];
  const shares: number[] = [];
  let count = 0;
  for (const document of documents) {
    count++;
    const seen = new Set<number>();
    for (const word of document) {
      let place = places.get(word);
      if (place === undefined) {
        place = holding.length;
        places.set(word, place);
        holding.push(0);
        shares.push(0);
      }
      if (!seen.has(place)) holding[place]++;
      seen.add(place);
      shares[place] += 1 / document.length;
    }
  }
  if (places.size === 0) throw usageError(`tf-idf: documents = ${count} without a word: expected some words`);
  const words = [...places.keys()];
  const weights = Float64Array.from(holding, n => Math.log(count / n));
  return {
    documents: count,
    words,
    idf: new Map(words.map((word, i) => [word, weights[i]])),
    scores: weights.map((weight, i) => weight * shares[i]),
  };
}
