import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { fillNormals, shuffleWith } from '../../../src/evaluation/simulate/words.ts';

describe('numbers of a whole array at once', () => {
  it.each([0, 1, 2, 7, 100])('are the same normal numbers, %i of them', count => {
    const fast = Random.fromSeed(3).split('normals');
    const slow = Random.fromSeed(3).split('normals');
    const expected = new Float64Array(count);
    slow.fillNormal(expected);
    const normals = new Float64Array(count + 2).fill(9);
    fillNormals(fast, normals, count, new Uint32Array(count + 1));
    expect([...normals]).toEqual([...expected, 9, 9]);
    expect(fast.state).toEqual(slow.state);
  });

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
