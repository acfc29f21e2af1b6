import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { shuffleWith } from '../../../src/evaluation/simulate/words.ts';

describe('shuffling by words', () => {
  it('shuffles a part so that every order is as likely', () => {
    const random = Random.fromSeed(5);
    const words = new Uint32Array(3);
    const seen = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const items = Uint8Array.of(9, 0, 1, 2, 9);
      random.fillUint32(words);
      shuffleWith(items, 1, 4, words, 1);
      seen.set(items.join(''), (seen.get(items.join('')) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(['90129', '90219', '91029', '91209', '92019', '92109']);
    // 5 standard deviations of a count of 2000.
    for (const count of seen.values()) expect(Math.abs(count - 2000)).toBeLessThan(205);
  });
});
