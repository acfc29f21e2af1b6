import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type ParameterName, parameterTransforms } from '../../../src/learners/simgan/parameters.ts';
import { aliveCorrection } from '../../../src/learners/simgan/survival.ts';
import { wasserstein1d, wassersteinDistance } from '../../../src/learners/simgan/wasserstein.ts';

describe('parameters', () => {
  test.each<[ParameterName, number, number, number]>([
    ['friction', 2.5, 0, 5],
    ['restitution', 7.5, 0, 15],
    ['contactDamping', 14.7781, 5.43656, 40.1711],
    ['motorStrength', 0.5, -0.5, 1.5],
    ['railFriction', 0.08993, 0, 5],
  ])('%s is %d at first, and between %d and %d', (name, first, low, high) => {
    const { of, ...range } = parameterTransforms[name];
    expect(of(0)).toBeCloseTo(first, 4);
    expect([range.low, range.high]).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)]);
    expect([of(-30), of(30)]).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)]);
    expect(of(0.3)).toBeGreaterThan(of(0.2));
  });
});

describe('the alive correction', () => {
  const batch = { environments: 8, steps: 8000, targetLength: 250 };

  test('is the log of ends over those expected, half an end an environment on top', () => {
    expect(aliveCorrection({ ...batch, ends: 28 })).toBeCloseTo(0, 12);
    expect(aliveCorrection({ ...batch, ends: 60 })).toBeCloseTo(Math.log(2), 12);
    // d = 1 − 12 / (12 + 32), as the code has it
    const d = 1 - 12 / 44;
    expect(aliveCorrection({ ...batch, ends: 8 })).toBeCloseTo(-(Math.log(d) - Math.log(1 - d)), 12);
  });

  test('pays for survival where episodes end too early, and charges for it where too late', () => {
    expect(aliveCorrection({ ...batch, ends: 300 })).toBeGreaterThan(0);
    expect(aliveCorrection({ ...batch, ends: 0 })).toBeLessThan(0);
  });

  test('refuses counts that make no sense', () => {
    expect(() => aliveCorrection({ ...batch, ends: -1 })).toThrow('ends = -1');
    expect(() => aliveCorrection({ ...batch, ends: 1, targetLength: 0 })).toThrow('targetLength = 0');
    expect(() => aliveCorrection({ ...batch, ends: 1, steps: Number.NaN })).toThrow('steps = NaN');
  });
});

describe('the Wasserstein distance', () => {
  const of = (...values: number[]) => Float64Array.from(values);

  test('of samples of one length is the mean difference in order; of others the area between the steps', () => {
    expect(wasserstein1d(of(3, 1, 2), of(5, 4, 6))).toBe(3);
    // Inverses: 0 0 | 1 1 1 1 against 0 0 0 | 2 2 2, in sixths.
    expect(wasserstein1d(of(1, 0, 1), of(0, 2))).toBeCloseTo(1 / 6 + 3 / 6, 12);
    expect(wasserstein1d(of(0), of(1, 3))).toBe(2);
  });

  test('is a distance: the same either way, zero for repeated rows, moved by as much as one moves', () => {
    const sample = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const there = wasserstein1d(of(...a), of(...b));
        expect(wasserstein1d(of(...b), of(...a))).toBeCloseTo(there, 9);
        expect(wasserstein1d(of(...a, ...a), of(...a))).toBeCloseTo(0, 9);
        expect(wasserstein1d(of(...a), of(...a.map(x => x + 7)))).toBeCloseTo(7, 9);
        const means = [a, b].map(list => list.reduce((sum, x) => sum + x, 0) / list.length);
        expect(there).toBeGreaterThanOrEqual(Math.abs(means[0] - means[1]) - 1e-9);
      }),
    );
  });

  test('of rows is the mean over dimensions, in deviations of the target', () => {
    const target = { values: of(0, 0, 2, 200, 4, 400), size: 2 };
    const deviation = Math.sqrt(8 / 3);
    const moved = { values: of(1, 0, 3, 200, 5, 400), size: 2 };
    expect(wassersteinDistance(moved, target)).toBeCloseTo(1 / deviation / 2, 12);
    expect(wassersteinDistance({ values: of(1, 100, 3, 300, 5, 500), size: 2 }, target)).toBeCloseTo(
      (1 / deviation + 1 / deviation) / 2,
      12,
    );
    const random = Random.fromSeed(3);
    const normal = (mean: number) => Float64Array.from({ length: 4000 }, () => mean + 2 * random.normal());
    expect(wassersteinDistance({ values: normal(1), size: 1 }, { values: normal(0), size: 1 })).toBeCloseTo(
      0.5,
      1,
    );
  });

  test('refuses what has no distance', () => {
    const row = { values: of(1, 2), size: 2 };
    expect(() => wassersteinDistance(row, { values: of(1), size: 1 })).toThrow('sample.size = 2, expected 1');
    expect(() => wassersteinDistance(row, row)).toThrow('target[0] = 1 in every row');
    expect(() => wasserstein1d(of(), of(1))).toThrow('a has 0 numbers');
    expect(() => wasserstein1d(of(1), of(Number.NaN))).toThrow('b[0] = NaN');
  });
});
