import { describe, expect, it } from 'vitest';
import {
  meanEstimate,
  momentsOf,
  pairedMeans,
  relativeMeans,
  welch,
} from '../../../src/evaluation/statistics/means.ts';
import { estimated, expectInterval, expectNear, expectPrinted, tested } from './helpers.ts';

const a = [812, 790, 845, 770, 802, 828, 795, 815];
const b = [846, 829, 861, 818, 852, 839, 870, 811];

describe("Welch's test", () => {
  it('of eight values beside eight', () => {
    const [baseline, arm] = [momentsOf(a), momentsOf(b)];
    expect([baseline.mean, arm.mean]).toEqual([807.125, 840.75]);
    expectPrinted(baseline.variance, '542.982143');
    expectPrinted(arm.variance, '423.357143');
    const { test, difference } = welch(arm, baseline);
    const { statistic, degrees, p } = tested(test);
    expectPrinted(statistic, '3.0594437205');
    expectPrinted(degrees ?? 0, '13.7886959480');
    expectPrinted(p, '0.0086156721');
    expectInterval(difference, '33.625', '10.0186583', '57.2313417');
  });

  it('keeps the digits of values that are large beside their spread', () => {
    const shifted = momentsOf(a.map(value => value + 1e9));
    expectNear(shifted.variance, momentsOf(a).variance, 1e-9);
  });
});

describe('relative means', () => {
  const [baseline, arm] = [momentsOf(a), momentsOf(b)];

  it('agree with one another where the spread is small', () => {
    const [log, delta, fieller] = (['log', 'delta', 'fieller'] as const).map(method =>
      estimated(relativeMeans(arm, baseline, { method })),
    );
    const ratio = 840.75 / 807.125;
    for (const { value, low, high } of [log, delta, fieller]) {
      expectNear(value, ratio - 1, 1e-12);
      expect(low).toBeGreaterThan(0.01);
      expect(high).toBeLessThan(0.075);
    }
    expect(log.standardError).toBeCloseTo(delta.standardError / ratio, 12);
    // Equally many degrees, so the two intervals use one t.
    expect(log.degrees).toBeCloseTo(delta.degrees ?? 0, 10);
    expect(Math.log1p(log.high) + Math.log1p(log.low)).toBeCloseTo(2 * Math.log(ratio), 12);
  });

  it("by Fieller's are the ratios that a t test does not refuse", () => {
    const { low, high, degrees } = estimated(relativeMeans(arm, baseline, { method: 'fieller' }));
    const t = (relative: number) => {
      const ratio = 1 + relative;
      const variance = arm.variance / 8 + (ratio ** 2 * baseline.variance) / 8;
      return (arm.mean - ratio * baseline.mean) / Math.sqrt(variance);
    };
    expect(t(low)).toBeCloseTo(-t(high), 9);
    expect(degrees).toBeGreaterThan(13);
  });

  it('have no meaning beside a baseline of 0 or below', () => {
    expect(relativeMeans(arm, momentsOf([-3, 1, -2]))).toEqual({
      estimable: false,
      reason: "the baseline's mean is not above 0",
    });
    expect(relativeMeans(momentsOf([-3, 1, -2]), baseline)).toMatchObject({ estimable: false });
    expect(relativeMeans(arm, momentsOf([-3, 4, 2]), { method: 'fieller' })).toMatchObject({
      estimable: false,
    });
  });
});

describe('pairs', () => {
  it('are tested by their differences', () => {
    // Differences 1 … 5: t = 3 / √(2.5 / 5), and P(|T4| ≥ 4.2426) = 0.0132 (statistical tables).
    const { test, difference } = pairedMeans([1, 2, 3, 4, 5]);
    const { statistic, p, degrees } = tested(test);
    expectNear(statistic, 3 * Math.SQRT2, 1e-14);
    expectPrinted(p, '0.0132');
    expect(degrees).toBe(4);
    expectInterval(difference, '3', '1.04', '4.96');
  });
});

describe('too few values, or all the same', () => {
  const same = momentsOf([5, 5, 5]);

  it('give a reason', () => {
    expect(welch(momentsOf([1]), same).test).toEqual({
      estimable: false,
      reason: 'the arm has a single value',
    });
    expect(welch(same, momentsOf([])).difference).toEqual({
      estimable: false,
      reason: 'the baseline has no value',
    });
    expect(welch(same, same).test).toEqual({
      estimable: false,
      reason: 'all values of both arms are 5',
    });
    expect(meanEstimate(same)).toEqual({ estimable: false, reason: 'all 3 values are 5' });
    expect(pairedMeans([0, 0]).test).toEqual({
      estimable: false,
      reason: 'the difference is 0 in all 2 pairs',
    });
    expect(pairedMeans([]).difference).toMatchObject({ reason: 'there are no pairs' });
  });

  it('of one arm leave the other to speak', () => {
    // One arm without spread: Student's t of the other alone.
    const { difference } = welch(momentsOf([6, 7, 8]), same);
    expect(estimated(difference).degrees).toBe(2);
    expectInterval(meanEstimate(momentsOf([6, 7, 8])), '7', '4.516', '9.484');
  });

  it('and values that are no numbers are errors', () => {
    expect(() => momentsOf([1, Number.NaN])).toThrow('values[1] = NaN: expected a finite number');
    expect(() => momentsOf([1e308, -1e308])).toThrow('too large');
    expect(() => welch(same, { n: 3, mean: 1, variance: -1 })).toThrow('baseline.variance');
  });
});
