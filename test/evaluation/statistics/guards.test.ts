import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { TestResult } from '../../../src/evaluation/contract.ts';
import { missingness, sameArms, sampleRatio } from '../../../src/evaluation/statistics/guards.ts';
import { apart, fixtures } from './fixtures.ts';

function tested(test: TestResult) {
  if (!test.estimable) throw new Error(test.reason);
  return test;
}

describe('the sample ratio', () => {
  it.each([
    [[5100, 4900], [1, 1], 4, 0.0455003],
    [[5021, 4979], [1, 1], 0.1764, 0.6744855],
    [[1690, 822, 788], [2, 1, 1], 2.64, 0.2671353],
    [[15275, 14725], [0.5, 0.5], 10.0833333, 0.0014962],
  ])('of %j at %j is that of the reference', (counts, weights, statistic, p) => {
    const test = tested(sampleRatio(counts, weights));
    expect(test.statistic).toBeCloseTo(statistic, 7);
    expect(test.p).toBeCloseTo(p, 7);
    expect(test.degrees).toBe(counts.length - 1);
  });

  it('of 600 and 400 is off by a lot', () => {
    expect(apart(tested(sampleRatio([600, 400], [1, 1])).p, 2.5396e-10)).toBeLessThan(1e-4);
  });

  it('agrees with scipy, exactly multinomial where an arm expects fewer than 5', () => {
    for (const { counts, weights, statistic, p } of fixtures.sampleRatio) {
      const test = tested(sampleRatio(counts, weights));
      expect(apart(test.statistic, statistic)).toBeLessThan(1e-10);
      expect(apart(test.p, p)).toBeLessThan(1e-8);
    }
    for (const { counts, weights, p } of fixtures.multinomial) {
      const sum = weights.reduce((a, b) => a + b, 0);
      const total = counts.reduce((a, b) => a + b, 0);
      if (weights.every(weight => (total * weight) / sum >= 5)) continue;
      expect(apart(tested(sampleRatio(counts, weights)).p, p)).toBeLessThan(1e-8);
    }
    expect(fixtures.sampleRatio.length + fixtures.multinomial.length).toBe(120);
  });

  it('catches a planted imbalance', () => {
    const random = Random.fromSeed(4);
    const counts = [0, 0, 0];
    for (let unit = 0; unit < 6000; unit++) {
      const u = random.uniform();
      counts[u < 0.46 ? 0 : u < 0.75 ? 1 : 2]++;
    }
    expect(tested(sampleRatio(counts, [2, 1, 1])).p).toBeLessThan(0.001);
  });

  it('is not to be had of nothing, nor of one arm', () => {
    expect(sampleRatio([0, 0], [1, 1])).toEqual({ estimable: false, reason: 'there are no units' });
    expect(() => sampleRatio([5], [1])).toThrow('arms = 1: expected at least two');
    expect(() => sampleRatio([5, 5], [1])).toThrow('weights.length = 1: expected 2, one for each arm');
    expect(() => sampleRatio([5, 5.5], [1, 1])).toThrow('counts[1] = 5.5: expected a whole number');
    expect(() => sampleRatio([5, 5], [1, 0])).toThrow('weights[1] = 0: expected a finite number above 0');
  });
});

describe('missing trials', () => {
  it("agree with scipy's contingency table, with Fisher's test where they are few", () => {
    for (const { assigned, missing, statistic, p } of fixtures.missing) {
      const test = tested(missingness(assigned, missing));
      expect(apart(test.statistic, statistic)).toBeLessThan(1e-9);
      expect(apart(test.p, p)).toBeLessThan(1e-8);
    }
    for (const { assigned, missing, p } of fixtures.fewMissing) {
      const total = assigned[0] + assigned[1];
      const rate = (missing[0] + missing[1]) / total;
      if (Math.min(...assigned) * Math.min(rate, 1 - rate) >= 5) continue;
      expect(apart(tested(missingness(assigned, missing)).p, p)).toBeLessThan(1e-8);
    }
    expect(fixtures.missing.length + fixtures.fewMissing.length).toBe(160);
  });

  it('keep their digits among millions', () => {
    // C(3e6, 3) · 3e6 and what is no likelier, over C(9e6, 4), in whole numbers.
    expect(apart(tested(missingness([3e6, 3e6, 3e6], [3, 1, 0])).p, 0.33333318518515226)).toBeLessThan(1e-13);
  });

  it('of one arm alone are caught while they are few', () => {
    expect(tested(missingness([200, 200], [12, 0])).p).toBeLessThan(0.001);
    expect(tested(missingness([200, 200], [7, 5])).p).toBeGreaterThan(0.5);
    expect(tested(missingness([100, 100, 100], [10, 0, 0])).p).toBeLessThan(0.001);
    expect(tested(missingness([12, 12], [12, 1])).p).toBeLessThan(0.001);
  });

  it('are not tested where there are none, or only they', () => {
    const none = (reason: string) => ({ estimable: false, reason });
    expect(missingness([10, 10], [0, 0])).toEqual(none('no trial is missing'));
    expect(missingness([10, 10], [10, 10])).toEqual(none('every trial is missing'));
    expect(missingness([10, 0], [1, 0])).toEqual(none('an arm has no trials'));
    expect(() => missingness([10, 10], [1, 11])).toThrow('missing[1] = 11: expected at most the 10');
  });
});

describe('two arms of one policy', () => {
  it('pass where they do not differ, and say so where they do', () => {
    const test = { estimable: true, statistic: 1, p: 0.4 } as const;
    expect(sameArms(['baseline', 'copy'], test)).toEqual({
      name: 'A/A (baseline, copy)',
      passed: true,
      says: 'two arms of one policy do not differ (p = 0.40)',
      p: 0.4,
    });
    const fault = sameArms(['baseline', 'copy'], { ...test, p: 1e-5 });
    expect(fault.passed).toBe(false);
    expect(fault.says).toContain('differ (p = 0.000010)');
    const nothing = sameArms(['a', 'b'], { estimable: false, reason: 'there are no units' });
    expect(nothing).toMatchObject({ passed: true, says: 'not tested: there are no units' });
  });
});
