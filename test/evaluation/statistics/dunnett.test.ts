import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/evaluation/distributions.ts';
import {
  dunnettAdjustedP,
  dunnettCritical,
  dunnettLoadings,
} from '../../../src/evaluation/statistics/dunnett.ts';
import { expectNear, expectPrinted } from './helpers.ts';

describe('critical values, two-sided 5 %', () => {
  const table = [
    [1, '1.9600', '1.9600', '1.9600', '1.9600'],
    [2, '2.2121', '2.2206', '2.2365', '2.2414'],
    [3, '2.3490', '2.3685', '2.3877', '2.3940'],
    [4, '2.4418', '2.4710', '2.4909', '2.4977'],
    [5, '2.5115', '2.5490', '2.5688', '2.5758'],
    [10, '2.7163', '2.7829', '2.7996', '2.8070'],
  ] as const;

  it.each(table)('of %i arms', (k, equal, squareRoot, sidak, bonferroni) => {
    expectPrinted(dunnettCritical(k), equal, 'equal sizes');
    expectPrinted(dunnettCritical(k, { rho: 1 / (1 + Math.sqrt(k)) }), squareRoot, 'large baseline');
    expectPrinted(-normalQuantile((1 - 0.95 ** (1 / k)) / 2), sidak, 'Šidák');
    expectPrinted(-normalQuantile(0.025 / k), bonferroni, 'Bonferroni');
  });

  it('are those of Šidák where arms do not correlate', () => {
    expectNear(dunnettCritical(4, { rho: 0 }), -normalQuantile((1 - 0.95 ** 0.25) / 2), 1e-12);
  });

  it('of any sizes lie between those of the smallest and the largest correlation', () => {
    const d = dunnettCritical(3, { rho: dunnettLoadings(400, [100, 200, 400]) });
    expect(d).toBeLessThan(dunnettCritical(3, { rho: Math.sqrt(0.2 / 3) }));
    expect(d).toBeGreaterThan(dunnettCritical(3, { rho: Math.sqrt(0.5 / 3) }));
    expect(dunnettLoadings(100, [100, 100])).toEqual([Math.SQRT1_2, Math.SQRT1_2]);
    expectNear(dunnettCritical(2, { rho: dunnettLoadings(100, [100, 100]) }), dunnettCritical(2), 1e-14);
  });
});

describe('adjusted p values', () => {
  it('are alpha at the critical value', () => {
    for (const alpha of [1e-9, 0.001, 0.05, 0.5]) {
      expectNear(dunnettAdjustedP(dunnettCritical(4, { alpha }), 4), alpha, 1e-11);
      expectNear(dunnettAdjustedP(-dunnettCritical(4, { alpha }), 4), alpha, 1e-11);
    }
  });

  it('lie between one p and Bonferroni far out, and end at 1', () => {
    expectPrinted(dunnettAdjustedP(1.959963984540054, 1), '0.0500000000');
    expect(dunnettAdjustedP(0, 3)).toBe(1);
    // Far out hardly two arms pass at once: 5 · P(|Z| > 8).
    expectNear(dunnettAdjustedP(8, 5), 5 * 1.24419211485e-15, 1e-4);
    expect(dunnettAdjustedP(60, 5)).toBeGreaterThan(0);
  });

  it('refuse what are no correlations', () => {
    expect(() => dunnettCritical(2, { rho: 1 })).toThrow(
      'rho = 1: expected numbers of at least 0 and below 1',
    );
    expect(() => dunnettCritical(3, { rho: [0.5, 0.5] })).toThrow('rho = [0.5,0.5]: expected 3 loadings');
    expect(() => dunnettCritical(0)).toThrow('k = 0: expected a whole number of at least 1');
    expect(() => dunnettCritical(2, { alpha: 5 })).toThrow('alpha');
    expect(() => dunnettLoadings(0, [3])).toThrow('baseline = 0: expected a finite number above 0');
  });
});
