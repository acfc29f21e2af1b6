import { describe, expect, it } from 'vitest';
import { costRatio, costRatioOfOriginal, readingCost } from '../../../src/scenarios/long-context/flops.ts';

const model = { layers: 3, width: 128, inner: 512 };

describe('the cost of a sliding window over that of a memory', () => {
  it.each([
    [32, 21.6],
    [64, 35.8],
    [128, 54.7],
    [256, 79.1],
    [512, 114],
  ])('at attention length %d is %d, as the source counts', (attention, ratio) => {
    const counted = costRatioOfOriginal(model, { attention, segment: 32 });
    expect(counted).toBeCloseTo(ratio, ratio < 100 ? 1 : 0);
  });

  it('is more for the programs here, whose queries are of the segment alone, and grows with the length', () => {
    const ratios = [32, 64, 128, 256, 512].map(attention => costRatio(model, { attention, segment: 32 }));
    for (const [i, ratio] of ratios.entries()) {
      expect(ratio).toBeGreaterThan(costRatioOfOriginal(model, { attention: 32 * 2 ** i, segment: 32 }));
      expect(ratio).toBeGreaterThan(ratios[i - 1] ?? 0);
    }
  });
});

it('a reading costs what its products do', () => {
  // One block of width 2 with 4 inner units; 3 queries over 5 keys.
  const tiny = { layers: 1, width: 2, inner: 4 };
  const products = {
    q: 3 * 2 * 2,
    kv: 5 * 2 * 4,
    out: 3 * 2 * 2,
    inner: 2 * 3 * 2 * 4,
    attend: 2 * 3 * 5 * 2,
  };
  const absolute = Object.values(products).reduce((sum, each) => sum + each);
  const reading = { queries: 3, keys: 5, relative: false };
  expect(readingCost(tiny, reading)).toBe(absolute);
  expect(readingCost(tiny, { ...reading, relative: true })).toBe(absolute + 5 * 2 * 2 + 3 * 5 * 2);
  expect(readingCost({ ...tiny, layers: 4 }, reading)).toBe(4 * absolute);
  expect(readingCost(tiny, { ...reading, queriesOfMemory: true })).toBe(absolute + 2 * 2 * 2);
  expect(() => readingCost(tiny, { ...reading, keys: 2 })).toThrow('keys = 2: expected at least queries = 3');
});
