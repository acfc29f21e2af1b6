import { describe, expect, it } from 'vitest';
import { digitPairs } from '../../src/data/digit-pairs.ts';
import { mnist } from '../../src/data/mnist.ts';

const digits = mnist({ split: 'train', size: 14 });
const pairs = digitPairs(digits, 0);
const sampleOf = (source: typeof pairs, id: number) => {
  const out = new Float32Array(392);
  source.write(id, out, 0);
  return out;
};
const half = (image: Float32Array, from: number) =>
  Array.from({ length: 14 }, (_, row) => [...image.subarray(28 * row + from, 28 * row + from + 14)]).flat();

describe('pairs of digits', () => {
  it('have six labellings', () => {
    expect(pairs).toMatchObject({ name: 'digit-pairs (train)', shape: [14, 28, 1], count: Infinity });
    expect(pairs.labellings.map(({ name, classes }) => `${name} ${classes}`)).toEqual([
      'L digit 10',
      'L parity 2',
      'L high 2',
      'R digit 10',
      'R parity 2',
      'R high 2',
    ]);
    for (let id = 0; id < 300; id++) {
      for (const at of [0, 3]) {
        const digit = pairs.label(id, at);
        expect([pairs.label(id, at + 1), pairs.label(id, at + 2)]).toEqual([digit % 2, digit >= 5 ? 1 : 0]);
      }
    }
    expect(() => pairs.label(0, 6)).toThrow('digit-pairs (train): labelling 6: expected 0 to 5');
    expect(() => pairs.label(2 ** 31)).toThrow(/sample 2147483648/);
  });

  it('show two digits that have the labels', () => {
    const single = new Float32Array(196);
    const isOne = (image: readonly number[], label: number) => {
      for (let i = 0; i < digits.count; i++) {
        if (digits.label(i) !== label) continue;
        digits.write(i, single, 0);
        if (image.every((value, at) => value === single[at])) return true;
      }
      return false;
    };
    for (const id of [0, 1, 5999, 2 ** 31 - 1]) {
      const image = sampleOf(pairs, id);
      expect(isOne(half(image, 0), pairs.label(id, 0))).toBe(true);
      expect(isOne(half(image, 14), pairs.label(id, 3))).toBe(true);
    }
  });

  it('are a function of seed, split and number', () => {
    const again = digitPairs(digits, 0);
    for (const id of [7, 3, 7]) expect(sampleOf(again, id)).toEqual(sampleOf(pairs, id));
    expect(sampleOf(digitPairs(digits, 1), 7)).not.toEqual(sampleOf(pairs, 7));
    const test = digitPairs(mnist({ split: 'test', size: 14 }), 0);
    expect(test.name).toBe('digit-pairs (test)');
    expect(sampleOf(test, 7)).not.toEqual(sampleOf(pairs, 7));
  });

  it('have halves that tell nothing of each other', () => {
    const n = 20_000;
    const table = new Float64Array(100);
    for (let id = 0; id < n; id++) table[10 * pairs.label(id, 0) + pairs.label(id, 3)]++;
    const row = (i: number) => table.slice(10 * i, 10 * i + 10).reduce((sum, count) => sum + count, 0);
    const column = (j: number) => table.reduce((sum, count, i) => (i % 10 === j ? sum + count : sum), 0);
    const square = table.reduce((sum, count, i) => {
      const expected = (row(Math.floor(i / 10)) * column(i % 10)) / n;
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    // χ² with 81 degrees of freedom: mean 81, standard deviation 12.7.
    expect(square).toBeLessThan(81 + 5 * 12.7);
    expect(square).toBeGreaterThan(81 - 5 * 12.7);
  });
});
