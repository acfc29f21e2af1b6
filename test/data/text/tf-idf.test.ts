import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  replacementProbabilities,
  replaceProbabilities,
  tfIdfReplacer,
} from '../../../src/data/text/replace.ts';
import { tfIdf } from '../../../src/data/text/tf-idf.ts';

const documents = ['a b a c', 'a d', 'b d e'].map(text => text.split(' '));
const table = tfIdf(documents);

describe('the table', () => {
  it('weighs words by how few documents hold them, and sums their weight over all', () => {
    expect(table.documents).toBe(3);
    expect(table.words).toEqual(['a', 'b', 'c', 'd', 'e']);
    const [two, one] = [Math.log(3 / 2), Math.log(3)];
    expect([...table.idf.values()]).toEqual([two, two, one, two, one]);
    [two, (1 / 4 + 1 / 3) * two, one / 4, (1 / 2 + 1 / 3) * two, one / 3].forEach((score, i) => {
      expect(table.scores[i]).toBeCloseTo(score, 12);
    });
  });

  it('gives a word that every document holds no weight, and counts empty documents', () => {
    expect([...tfIdf([['x'], ['x', 'y']]).idf]).toEqual([
      ['x', 0],
      ['y', Math.log(2)],
    ]);
    expect(tfIdf([['x'], []]).idf.get('x')).toBe(Math.log(2));
  });

  it('refuses documents without any word', () => {
    expect(() => tfIdf([[], []])).toThrow('tf-idf: documents = 2 without a word: expected some words');
  });
});

/** Replaces words in one go. */
function replacing(p: number) {
  const { chances, replace } = tfIdfReplacer(table, p);
  return (words: readonly string[], random: Random) => replace(words, chances(words), random);
}

describe('the replacement', () => {
  it('takes words by how little they tell of their document', () => {
    const got = replaceProbabilities(documents[0], table, 0.5);
    [0.453574, 1.092851, 0.453574, 0].forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 6);
    });
  });

  it('puts in words by how little they tell of any', () => {
    const got = replacementProbabilities(table);
    [0, 0.415509, 0.321726, 0.166204, 0.096561].forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 6);
    });
  });

  it('replaces as often as it says, by what it says', () => {
    const replace = replacing(0.5);
    const random = Random.fromSeed(1);
    const n = 8000;
    const inPlaceOfB = new Map<string, number>();
    let [first, last, drawn] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const { words, replaced } = replace(documents[0], random);
      // No replacement is an `a`, so a first word that is still one has stayed.
      if (words[0] !== 'a') first++;
      if (words[3] !== 'c') last++;
      drawn += replaced;
      inPlaceOfB.set(words[1], (inPlaceOfB.get(words[1]) ?? 0) + 1);
    }
    const off = (count: number, p: number) => Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p));
    expect(off(first, 0.453574)).toBeLessThan(4);
    expect(last).toBe(0);
    expect(Math.abs(drawn / n - (2 * 0.453574 + 1))).toBeLessThan(0.03);
    expect([...inPlaceOfB.keys()].sort()).toEqual(['b', 'c', 'd', 'e']);
    for (const [i, word] of ['b', 'c', 'd', 'e'].entries()) {
      expect(off(inPlaceOfB.get(word) ?? 0, [0.415509, 0.321726, 0.166204, 0.096561][i])).toBeLessThan(4);
    }
  });

  it('is the same for the same numbers and leaves its input alone', () => {
    const replace = replacing(0.5);
    const before = [...documents[0]];
    expect(replace(documents[0], Random.fromSeed(2))).toEqual(replace(documents[0], Random.fromSeed(2)));
    expect(documents[0]).toEqual(before);
  });

  it('changes nothing at p = 0, where all words tell alike, and where there is none', () => {
    for (const [words, p] of [
      [documents[0], 0],
      [['a', 'a'], 0.9],
      [['e'], 1],
      [[], 0.5],
    ] as const) {
      expect(replacing(p)(words, Random.fromSeed(3))).toEqual({ words, replaced: 0 });
    }
  });

  it('takes an unknown word for a rare one, and any word for as good as another where none tells anything', () => {
    const got = replaceProbabilities(['unknown', 'a'], table, 0.5);
    expect(got[0]).toBe(0);
    expect(got[1]).toBeCloseTo(1, 12);
    expect([...replacementProbabilities(tfIdf([['x', 'y']]))]).toEqual([0.5, 0.5]);
  });

  it('refuses a share outside 0 to 1', () => {
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(() => tfIdfReplacer(table, p)).toThrow(
        `tf-idf replacement: p = ${p}: expected a number from 0 to 1`,
      );
    }
  });
});
