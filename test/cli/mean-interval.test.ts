import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/cli/mean-interval.ts';

describe('meanInterval', () => {
  it("takes Student's t from the tables", () => {
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, column 0.975.
    const table = { 1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 100: 1.984 };
    for (const [degrees, t] of Object.entries(table)) {
      // 0, 1 … n - 1 have the variance n (n + 1) / 12: half the interval is t · √((n + 1) / 12).
      const n = Number(degrees) + 1;
      const { low, high } = meanInterval(Array.from({ length: n }, (_, i) => i));
      expect((high - low) / 2 / Math.sqrt((n + 1) / 12), degrees).toBeCloseTo(t, 3);
    }
  });

  it('of 1 … 5: 3 ± 2.776 · √(2.5 / 5)', () => {
    const { mean, low, high } = meanInterval([1, 2, 3, 4, 5]);
    expect([mean, low, high].map(value => Math.round(value * 100) / 100)).toEqual([3, 1.04, 4.96]);
  });

  it('is a point where all values are the same, and nothing for a single one', () => {
    expect(meanInterval([500, 500, 500])).toEqual({ mean: 500, low: 500, high: 500 });
    expect(() => meanInterval([1])).toThrow('at least two');
  });
});
