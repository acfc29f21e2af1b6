import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import {
  pairsForSignFlip,
  signFlipTest,
  smallestSignFlipP,
} from '../../../../src/evaluation/statistics/learning-runs/index.ts';
import { fixtures } from '../fixtures.ts';

const random = Random.fromSeed(1);
const test = (differences: readonly number[], alternative?: 'greater' | 'two-sided') => {
  const result = signFlipTest(differences, { random, alternative });
  if (!result.estimable) throw new Error(result.reason);
  return result;
};

describe('the sign-flip test', () => {
  it('needs five seeds for 0.05 one-sided, six two-sided; three cannot', () => {
    expect(smallestSignFlipP(5, 'greater')).toBe(1 / 32);
    expect(smallestSignFlipP(3, 'greater')).toBe(1 / 8);
    expect(smallestSignFlipP(1, 'two-sided')).toBe(1);
    expect(pairsForSignFlip(0.05, 'greater')).toBe(5);
    expect(pairsForSignFlip(0.05, 'two-sided')).toBe(6);
    expect(pairsForSignFlip(1 / 32, 'greater')).toBe(5);
    expect(test([1, 2, 3, 4, 5], 'greater')).toMatchObject({ p: 1 / 32, smallestP: 1 / 32, exact: true });
    expect(test([1, 2, 3], 'greater').p).toBe(1 / 8);
    expect(test([1, 2, 3, 4, 5])).toMatchObject({ p: 2 / 32, statistic: 3, pairs: 5 });
  });

  it('agrees with all flips counted by numpy and scipy', () => {
    for (const { differences, alternative, p } of fixtures.signFlip) {
      expect(test(differences, alternative).p).toBeCloseTo(p, 12);
    }
    expect(fixtures.signFlip.length).toBe(24);
  });

  it('never has a p below the smallest, and none that depends on scale or order', () => {
    const differences = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 10 });
    const property = fc.property(
      differences,
      fc.double({ min: 1e-50, max: 1e50, noNaN: true }),
      (list, scale) => {
        fc.pre(list.some(difference => difference !== 0));
        const { p, smallestP } = test(list);
        expect(p).toBeGreaterThanOrEqual(smallestP);
        expect(p).toBeLessThanOrEqual(1);
        expect(test(list.map(difference => difference * scale).reverse()).p).toBe(p);
      },
    );
    fc.assert(property);
  });

  it('draws flips where there are more than 20 pairs, and comes near all of them', () => {
    const stream = Random.fromSeed(6);
    const many = Array.from({ length: 20 }, () => stream.normal() + 0.3);
    const exact = test(many);
    // A pair that differs by almost nothing leaves p as it is.
    const drawn = test([...many, 1e-12]);
    expect([exact.exact, drawn.exact]).toEqual([true, false]);
    expect(exact.p).toBeGreaterThan(0.01);
    expect(Math.abs(drawn.p - exact.p)).toBeLessThan(4 * Math.sqrt(exact.p / 100_000));
    expect(signFlipTest(Array(40).fill(1), { random, resamples: 999 })).toMatchObject({
      p: 1 / 1000,
      smallestP: 1 / 1000,
    });
  });

  it('says what it cannot say', () => {
    expect(signFlipTest([], { random })).toEqual({ estimable: false, reason: 'there are no pairs' });
    const same = { estimable: false, reason: 'all differences are 0' };
    expect(signFlipTest([0, 0], { random })).toEqual(same);
    expect(() => signFlipTest([1, Number.NaN], { random })).toThrow('differences[1] = NaN');
  });
});
