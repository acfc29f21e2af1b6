import { sizeOf } from '../../core/arrays.ts';
import type { Replacer } from '../text/replace.ts';
import type { SampleAugment } from './batches.ts';

/** Texts by number, and how words become the numbers that a learner sees. */
export interface Texts {
  readonly shape: readonly number[];
  tokens(id: number): readonly string[];
  vectorOf(tokens: readonly string[], out: Float32Array, at: number): void;
}

/** Texts whose words are changed before they become numbers. What was done: `tf-idf 12 of 80`, in words. */
export function texts(source: Texts, replacer: Replacer): SampleAugment {
  /** Of each text that was changed before, for it comes again. */
  const known = new Map<number, Float64Array>();
  return {
    size: sizeOf(source.shape),
    change({ ids }, place, out, outAt, random) {
      const id = ids[place];
      const tokens = source.tokens(id);
      const chances = known.get(id) ?? replacer.chances(tokens);
      known.set(id, chances);
      const { words, replaced } = replacer.replace(tokens, chances, random);
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
