import type { Random } from '../../core/random.ts';
import type { Replaced } from '../text/replace.ts';
import type { SampleAugment } from './batches.ts';

/** Texts by number, and how words become the numbers that a learner sees. */
export interface Texts {
  readonly shape: readonly number[];
  tokens(id: number): readonly string[];
  vectorOf(tokens: readonly string[], out: Float32Array, at: number): void;
}

/** Texts whose words are changed before they become numbers. What was done: `tf-idf 12 of 80`, in words. */
export function texts(
  source: Texts,
  replace: (words: readonly string[], random: Random) => Replaced,
): SampleAugment {
  return {
    size: source.shape.reduce((a, b) => a * b, 1),
    change({ ids }, place, out, outAt, random) {
      const { words, replaced } = replace(source.tokens(ids[place]), random);
      source.vectorOf(words, out, outAt);
      return `tf-idf ${replaced} of ${words.length}`;
    },
  };
}

/** Samples as they came. */
export const unchanged = (size: number): SampleAugment => ({
  size,
  change({ x }, place, out, outAt) {
    for (let i = 0; i < size; i++) out[outAt + i] = x[place * size + i];
    return 'identity';
  },
});
