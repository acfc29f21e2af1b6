import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { fid, kid, precisionRecall, type SampleFeatures } from '../../../src/evaluation/index.ts';

const width = 3;

/** Samples of a normal distribution with some spread and place, from a seed. */
function drawn(seed: number, count: number, spread: number, shift: number): SampleFeatures {
  const data = new Float64Array(count * width);
  const random = Random.fromSeed(seed);
  random.fillNormal(data);
  return { width, data: data.map((value, at) => value * spread * (1 + (at % width)) + shift) };
}

/** Turned about a unit quaternion: distances and angles stay. */
function turned({ data }: SampleFeatures, seed: number): SampleFeatures {
  const q = new Float64Array(4);
  Random.fromSeed(seed).fillNormal(q);
  const [w, x, y, z] = q.map(value => value / Math.hypot(...q));
  const matrix = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
  const turn = (_: number, at: number) => {
    const row = at - (at % width);
    return matrix[at % width].reduce((sum, factor, j) => sum + factor * data[row + j], 0);
  };
  return { width, data: Float64Array.from(data, turn) };
}

const pairs = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  count: fc.integer({ min: 5, max: 40 }),
  spread: fc.double({ min: 0.01, max: 50, noNaN: true }),
  shift: fc.double({ min: -20, max: 20, noNaN: true }),
});

/** Near, as measured by the size of the features. */
const near = (a: number, b: number, scale: number) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-7 * scale);

describe('the metrics of any two sets', () => {
  it('are the same either way round and in turned features; FID is never below 0', () => {
    fc.assert(
      fc.property(pairs, ({ seed, count, spread, shift }) => {
        const a = drawn(seed, count, 1, 0);
        const b = drawn(seed + 1, count, spread, shift);
        const scale = 1 + spread ** 2 + shift ** 2;
        const distance = fid(a, b);
        expect(distance).toBeGreaterThanOrEqual(0);
        near(fid(b, a), distance, scale);
        near(fid(turned(a, seed), turned(b, seed)), distance, scale);
        near(fid(a, a), 0, 1);
        near(kid(turned(a, seed), turned(b, seed)), kid(a, b), scale ** 3);
      }),
    );
  });

  it('recall is precision with the sets swapped, and scale does not matter to either', () => {
    fc.assert(
      fc.property(pairs, ({ seed, count, spread, shift }) => {
        const a = drawn(seed, count, 1, 0);
        const b = drawn(seed + 1, count, spread, shift);
        const there = precisionRecall(a, b);
        const back = precisionRecall(b, a);
        expect(back).toEqual({ precision: there.recall, recall: there.precision });
        // A power of two, so that no digit is lost.
        const larger = (set: SampleFeatures) => ({ width, data: set.data.map((value: number) => value * 4) });
        expect(precisionRecall(larger(a), larger(b))).toEqual(there);
        expect(precisionRecall(a, a)).toEqual({ precision: 1, recall: 1 });
      }),
    );
  });

  it('FID tells a shift of every feature exactly: the covariances cancel', () => {
    const a = drawn(3, 30, 1, 0);
    const b = { width, data: a.data.map((value: number) => value + 2) };
    expect(fid(a, b)).toBeCloseTo(width * 4, 8);
  });
});
