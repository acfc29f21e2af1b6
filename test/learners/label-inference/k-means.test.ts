import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  clusterPurity,
  kMeans,
  labelAccuracy,
  type Rows,
} from '../../../src/learners/label-inference/index.ts';

/** So many rows about each of some centres. */
function blobs(centres: readonly (readonly number[])[], each: number, spread: number, seed: number): Rows {
  const width = centres[0].length;
  const data = new Float32Array(centres.length * each * width);
  Random.fromSeed(seed).fillNormal(data);
  return {
    width,
    data: data.map((value, at) => {
      const row = Math.floor(at / width);
      return value * spread + centres[row % centres.length][at % width];
    }),
  };
}

const corners = [
  [0, 0, 5],
  [9, 0, 0],
  [0, 9, 0],
  [9, 9, -5],
];

describe('k-means', () => {
  it('finds groups that lie apart, and their means', () => {
    const rows = blobs(corners, 25, 0.5, 1);
    const { assigned, sizes, centres, inertia } = kMeans(rows, 4, Random.fromSeed(1));
    expect([...sizes]).toEqual([25, 25, 25, 25]);
    for (let row = 4; row < assigned.length; row++) expect(assigned[row]).toBe(assigned[row % 4]);
    const found = Array.from({ length: 4 }, (_, k) =>
      [...centres.subarray(k * 3, k * 3 + 3)].map(value => Math.round(value) + 0),
    );
    expect(found.toSorted()).toEqual(corners.toSorted());
    // 100 rows of three coordinates with deviation ½, less the 4 · 3 that the means take up.
    expect(inertia).toBeGreaterThan(0.25 * 288 * 0.7);
    expect(inertia).toBeLessThan(0.25 * 288 * 1.3);
  });

  it('ends where every row has its nearest centre and every centre is the mean of its rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 6 }), (seed, k) => {
        const rows = blobs([[0, 0]], 40, 1, seed);
        const { assigned, centres, sizes } = kMeans(rows, k, Random.fromSeed(seed));
        const sums = new Float64Array(k * 2);
        for (let row = 0; row < 40; row++) {
          const distance = (cluster: number) =>
            (rows.data[row * 2] - centres[cluster * 2]) ** 2 +
            (rows.data[row * 2 + 1] - centres[cluster * 2 + 1]) ** 2;
          for (let other = 0; other < k; other++) {
            expect(distance(other)).toBeGreaterThanOrEqual(distance(assigned[row]));
          }
          sums[assigned[row] * 2] += rows.data[row * 2];
          sums[assigned[row] * 2 + 1] += rows.data[row * 2 + 1];
        }
        for (const [at, value] of centres.entries()) expect(value).toBeCloseTo(sums[at] / sizes[at >> 1], 9);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same for the same seed', () => {
    const rows = blobs([[0, 0]], 60, 1, 3);
    expect(kMeans(rows, 5, Random.fromSeed(2))).toEqual(kMeans(rows, 5, Random.fromSeed(2)));
    expect(kMeans(rows, 5, Random.fromSeed(2)).centres).not.toEqual(
      kMeans(rows, 5, Random.fromSeed(4)).centres,
    );
  });

  it('refuses more clusters than there are different rows', () => {
    const rows = { width: 1, data: Float32Array.of(1, 1, 2, 2, 2) };
    expect(kMeans(rows, 2, Random.fromSeed(1)).inertia).toBe(0);
    expect(() => kMeans(rows, 3, Random.fromSeed(1))).toThrow('k = 3: the 5 rows have only 2 different ones');
  });
});

describe('what labels are worth', () => {
  const labels = (y: readonly number[]) => ({
    source: 'inferred' as const,
    ids: Int32Array.from(y.keys()),
    y: Int32Array.from(y),
    conf: new Float32Array(y.length).fill(1),
  });

  it('is the share of right ones, or of the most frequent class in each cluster', () => {
    const truth = [0, 0, 0, 1, 1, 2];
    const labelOf = (id: number) => truth[id];
    expect(labelAccuracy(labels([0, 0, 1, 1, 1, 1]), labelOf)).toBeCloseTo(4 / 6, 12);
    expect(clusterPurity(labels([7, 7, 3, 3, 3, 3]), labelOf)).toBeCloseTo(4 / 6, 12);
    expect(clusterPurity(labels([1, 1, 1, 0, 0, 2]), labelOf)).toBe(1);
    expect(() => labelAccuracy(labels([]), labelOf)).toThrow('no labels');
  });
});
