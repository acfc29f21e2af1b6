import { describe, expect, it } from 'vitest';
import { exactTest } from '../../../src/evaluation/statistics/exact.ts';
import { expectNear, expectPrinted, tested } from './helpers.ts';

const fisher = { method: 'fisher' } as const;

describe('small counts', () => {
  it("of Fisher's tea taster", () => {
    // 3 of 4 beside 1 of 4: 2 · (16 + 1) / 70.
    const { p, statistic } = tested(exactTest({ successes: 3, n: 4 }, { successes: 1, n: 4 }, fisher));
    expectNear(p, 34 / 70, 1e-14);
    expect(statistic).toBe(3);
  });

  it('of three robots beside three, by hand', () => {
    // All beside none: Fisher 2 / 20; Boschloo 2 · max π³ (1 - π)³ = 2 / 64.
    const [arm, baseline] = [
      { successes: 3, n: 3 },
      { successes: 0, n: 3 },
    ];
    expectNear(tested(exactTest(arm, baseline, fisher)).p, 0.1, 1e-14);
    expectNear(tested(exactTest(arm, baseline)).p, 1 / 32, 1e-12);
    expectNear(tested(exactTest(arm, baseline)).statistic, 0.05, 1e-14);
  });

  it("of scipy's own example", () => {
    // [[74, 31], [43, 32]], samples in columns.
    const [arm, baseline] = [
      { successes: 74, n: 117 },
      { successes: 31, n: 63 },
    ];
    const { statistic, p } = tested(exactTest(arm, baseline));
    expectPrinted(statistic, '0.0483122101');
    expectPrinted(p, '0.0711281286');
    expect(p).toBeLessThan(tested(exactTest(arm, baseline, fisher)).p);
  });

  it('never reject more than their level', () => {
    // P(p ≤ 5 %) at each common rate, over all tables of 12 and 9 trials.
    const tables: { x: number; y: number }[] = [];
    for (let x = 0; x <= 12; x++)
      for (let y = 0; y <= 9; y++)
        if (tested(exactTest({ successes: x, n: 12 }, { successes: y, n: 9 })).p <= 0.05)
          tables.push({ x, y });
    const ways = (n: number, k: number): number => (k === 0 ? 1 : (ways(n - 1, k - 1) * n) / k);
    for (const rate of [0.02, 0.1, 0.25, 0.4, 0.5, 0.63, 0.8, 0.95]) {
      const size = tables.reduce(
        (sum, { x, y }) => sum + ways(12, x) * ways(9, y) * rate ** (x + y) * (1 - rate) ** (21 - x - y),
        0,
      );
      expect(size, `${rate}`).toBeLessThanOrEqual(0.05);
    }
    expect(tables.length).toBeGreaterThan(30);
  });

  it('say nothing of no difference, and of no trials', () => {
    for (const method of ['fisher', 'boschloo'] as const) {
      expect(tested(exactTest({ successes: 0, n: 5 }, { successes: 0, n: 8 }, { method })).p).toBe(1);
      expect(tested(exactTest({ successes: 5, n: 5 }, { successes: 8, n: 8 }, { method })).p).toBe(1);
      expect(exactTest({ successes: 0, n: 0 }, { successes: 1, n: 8 }, { method })).toEqual({
        estimable: false,
        reason: 'the arm has no trials',
      });
    }
  });

  it('of large samples come near the z test', () => {
    // Pooled z of 991/1180 beside 960/1200: p 0.01149.
    const p = (method: 'fisher' | 'boschloo') =>
      tested(exactTest({ successes: 991, n: 1180 }, { successes: 960, n: 1200 }, { method })).p;
    expect(p('fisher')).toBeGreaterThan(p('boschloo'));
    expect(Math.abs(p('boschloo') / 0.01149 - 1)).toBeLessThan(0.1);
    expect(() => exactTest({ successes: 9, n: 4000 }, { successes: 9, n: 4000 })).toThrow(
      'arm.n + baseline.n = 8000: expected at most 5000 trials',
    );
    expectPrinted(tested(exactTest({ successes: 9, n: 4000 }, { successes: 9, n: 4000 }, fisher)).p, '1');
  });
});
