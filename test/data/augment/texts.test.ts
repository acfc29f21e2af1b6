import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { pairOf, texts, unchanged } from '../../../src/data/augment/index.ts';
import { tfIdfReplacer } from '../../../src/data/text/replace.ts';
import { tfIdf } from '../../../src/data/text/tf-idf.ts';

const documents = ['a b a c', 'a d', 'b d e'].map(text => text.split(' '));
const letters = ['a', 'b', 'c', 'd', 'e'];
/** Counts of the letters. */
const source = {
  shape: [5],
  tokens: (id: number) => documents[id],
  vectorOf(tokens: readonly string[], out: Float32Array, at: number) {
    out.fill(0, at, at + 5);
    for (const token of tokens) out[at + letters.indexOf(token)]++;
  },
};
function batchOf(ids: readonly number[], index = 0) {
  const x = new Float32Array(5 * ids.length);
  ids.forEach((id, i) => {
    source.vectorOf(source.tokens(id), x, 5 * i);
  });
  return { index, ids: Int32Array.from(ids), x };
}
const random = Random.fromSeed(4).split('augment text');
const samples = texts(source, tfIdfReplacer(tfIdf(documents), 0.5));

describe('texts', () => {
  it('are changed by word, and become numbers again', () => {
    let changed = 0;
    for (let index = 0; index < 50; index++) {
      const { u, uAug, ops } = pairOf(batchOf([0, 2], index), { samples, random });
      expect([...u]).toEqual([2, 1, 1, 0, 0, 0, 1, 0, 1, 1]);
      // The word that tells most of the first text stays, and so does the number of words.
      expect(uAug[2]).toBeGreaterThanOrEqual(1);
      expect([0, 1].map(i => uAug.subarray(5 * i, 5 * i + 5).reduce((a, b) => a + b))).toEqual([4, 3]);
      expect(ops[0]).toMatch(/^tf-idf [1-3] of 4$/);
      expect(ops[1]).toMatch(/^tf-idf [0-2] of 3$/);
      if (uAug.join() !== u.join()) changed++;
    }
    expect(changed).toBeGreaterThan(40);
  });

  it('shuffled, give a text the changed words of another', () => {
    const { uAug } = pairOf(batchOf([1, 0]), { samples, random, shuffled: true });
    expect(uAug.subarray(0, 5).reduce((a, b) => a + b)).toBe(4);
    expect(uAug.subarray(5, 10).reduce((a, b) => a + b)).toBe(2);
  });

  it('unchanged, are what came', () => {
    const { u, uAug, ops } = pairOf(batchOf([0, 1]), { samples: unchanged(5), random });
    expect([...uAug]).toEqual([...u]);
    expect(ops).toEqual(['identity', 'identity']);
  });
});
