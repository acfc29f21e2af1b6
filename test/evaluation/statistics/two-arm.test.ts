import { describe, expect, it } from 'vitest';
import {
  difference,
  pooledTest,
  rateEstimate,
  relativeEffect,
} from '../../../src/evaluation/statistics/two-arm.ts';
import { estimated, expectInterval, expectNear, expectPrinted, tested } from './helpers.ts';

const baseline = { successes: 960, n: 1200 };
const arm = { successes: 991, n: 1180 };

describe('960 of 1200 beside 991 of 1180', () => {
  it('differs by four points', () => {
    const effect = difference(arm, baseline);
    expectInterval(effect, '0.0398305085', '0.0090067308', '0.0706542862');
    expectPrinted(estimated(effect).standardError, '0.0157267062');
  });

  it('differs beyond chance, by the pooled test', () => {
    const { statistic, p } = tested(pooledTest(arm, baseline));
    expectPrinted(statistic, '2.5274273165');
    expectPrinted(p, '0.0114901605');
    expectPrinted((991 / 1180 - 0.8) / statistic, '0.0157593092', 'pooled standard error');
  });

  it('is five per cent better, by three methods', () => {
    const log = relativeEffect(arm, baseline);
    expectInterval(log, '0.0497881356', '0.0109493870', '0.0901189949');
    expectPrinted(estimated(log).standardError, '0.0192342778');
    expectPrinted(Math.log1p(estimated(log).value), '0.0485883682');
    const delta = relativeEffect(arm, baseline, { method: 'delta' });
    expectInterval(delta, '0.0497881356', '0.0102127063', '0.0893635649');
    expectPrinted(estimated(delta).standardError, '0.0201919166');
    const fieller = relativeEffect(arm, baseline, { method: 'fieller' });
    expectInterval(fieller, '0.0497881356', '0.0110287555', '0.0902291606');
    // The ends lie about c / (1 - g), c the ratio; the page's g is made with 1.959964 for z.
    const { value, low, high } = estimated(fieller);
    expectNear(1 - (1 + value) / (1 + (low + high) / 2), 0.000800304, 1e-6, 'g');
  });

  it('has wider intervals at higher levels', () => {
    const width = (level: number) => {
      const { low, high } = estimated(difference(arm, baseline, level));
      return high - low;
    };
    // z.995 / z.975
    expect(width(0.99) / width(0.95)).toBeCloseTo(2.5758293035 / 1.9599639845, 8);
  });
});

describe('a rate', () => {
  it('has the intervals of Wilson and of Clopper and Pearson', () => {
    // 81 of 263 and 0 of 20: Newcombe, Statistics in Medicine 17, 1998, table I, methods 3 and 5.
    expectInterval(rateEstimate({ successes: 81, n: 263 }), '0.3080', '0.2553', '0.3662');
    expectInterval(rateEstimate({ successes: 0, n: 20 }), '0', '0', '0.1611');
    const exact = { method: 'exact' } as const;
    expectInterval(rateEstimate({ successes: 81, n: 263 }, exact), '0.3080', '0.2527', '0.3676');
    expectInterval(rateEstimate({ successes: 0, n: 20 }, exact), '0', '0', '0.1684');
    expectInterval(rateEstimate({ successes: 20, n: 20 }, exact), '1', '0.8316', '1');
  });

  it('has none without trials', () => {
    expect(rateEstimate({ successes: 0, n: 0 })).toEqual({
      estimable: false,
      reason: 'there are no trials',
    });
  });
});

describe('what the counts cannot say', () => {
  const none = { successes: 0, n: 10 };
  const all = { successes: 10, n: 10 };
  const some = { successes: 4, n: 10 };
  const empty = { successes: 0, n: 0 };
  const reason = (result: { estimable: boolean; reason?: string }) => result.reason;

  it('is said', () => {
    expect(reason(difference(empty, some))).toBe('the arm has no trials');
    expect(reason(pooledTest(some, empty))).toBe('the baseline has no trials');
    expect(reason(difference(all, none))).toBe('neither arm has both successes and failures');
    expect(reason(pooledTest(none, none))).toBe('neither arm has a success');
    expect(reason(pooledTest(all, all))).toBe('neither arm has a failure');
    expect(reason(relativeEffect(some, none))).toBe('the baseline has no success');
    expect(reason(relativeEffect(none, some))).toBe('the arm has no success');
    expect(reason(relativeEffect(all, all))).toBe('neither arm has both successes and failures');
    // g = 1.96² · 0.9 / (10 · 0.1) = 3.5
    expect(reason(relativeEffect(some, { successes: 1, n: 10 }, { method: 'fieller' }))).toMatch(
      'not clearly above 0',
    );
  });

  it('is an interval where one side is at its end', () => {
    expect(estimated(difference(all, some)).low).toBeGreaterThan(0);
    expect(tested(pooledTest(all, none)).p).toBeLessThan(1e-4);
    expect(estimated(relativeEffect(all, some)).value).toBe(1.5);
    expect(estimated(relativeEffect(none, some, { method: 'fieller' })).value).toBe(-1);
  });

  it('is an error where they are no counts', () => {
    expect(() => difference({ successes: 11, n: 10 }, some)).toThrow(
      'arm.successes = 11: expected a whole number from 0 to 10',
    );
    expect(() => pooledTest(some, { successes: 1, n: Number.NaN })).toThrow(
      'baseline.n = NaN: expected a whole',
    );
    expect(() => relativeEffect(some, some, { level: 95 })).toThrow(
      'level = 95: expected a number between 0 and 1',
    );
  });
});
