import { describe, expect, it } from 'vitest';
import { breslowDay, cochranQ, cochranQEstimates } from '../../../src/evaluation/statistics/homogeneity.ts';
import { expectNear, expectPrinted, strataOf, tested } from './helpers.ts';

describe('strata of one odds ratio', () => {
  it('are not told apart, and those of two are', () => {
    // Odds ratio 4 in both.
    const alike = breslowDay(strataOf([80, 20, 50, 50], [40, 60, 10, 60]));
    expectNear(tested(alike.test).statistic, 0, 1e-20);
    expectNear(tested(alike.tarone).p, 1, 1e-9);
    const apart = breslowDay(strataOf([80, 20, 50, 50], [10, 60, 40, 60]));
    expect(tested(apart.test).p).toBeLessThan(1e-6);
    expect(tested(apart.test).degrees).toBe(1);
    expect(apart.used).toBe(2);
  });

  it('expect the margins, so that an odds ratio of 1 has the expectation of CMH', () => {
    // a - E = ±1 with variance 10·10·10·10/20³ = 1.25 a stratum: 2 / 1.25, before Tarone takes away nothing.
    const result = breslowDay(strataOf([6, 4, 4, 6], [4, 6, 6, 4]));
    expectNear(tested(result.test).statistic, 1.6, 1e-12);
    expectNear(tested(result.tarone).statistic, 1.6, 1e-12);
  });

  it('need two that have successes and failures', () => {
    const one = breslowDay(strataOf([8, 2, 5, 5], [9, 0, 7, 0], [3, 3, 0, 0]));
    expect(one.used).toBe(1);
    expect(one.test).toEqual({
      estimable: false,
      reason: 'a single stratum has successes and failures of both arms',
    });
    expect(breslowDay([]).tarone).toMatchObject({ estimable: false });
    expect(breslowDay(strataOf([8, 0, 5, 5], [7, 0, 3, 5])).test).toMatchObject({
      reason: 'the strata have no common odds ratio',
    });
  });
});

describe("Cochran's Q", () => {
  it('of three estimates, by hand', () => {
    // Weights 4, 1, 1: mean 1; Q = 4 · 1 + 9 + 1 = 14 with two degrees, p = e^-7.
    const { statistic, degrees, p } = tested(
      cochranQEstimates([
        { value: 0, standardError: 0.5 },
        { value: 4, standardError: 1 },
        { value: 2, standardError: 1 },
      ]),
    );
    expectNear(statistic, 14, 1e-14);
    expectNear(p, Math.exp(-7), 1e-12);
    expect(degrees).toBe(2);
  });

  it('of strata takes those that have a ln RR', () => {
    const operators = strataOf([176, 24, 84, 16], [66, 34, 118, 82], [30, 70, 45, 155]);
    const all = tested(cochranQ(operators));
    expect(all.degrees).toBe(2);
    expect(tested(cochranQ([...operators, ...strataOf([0, 5, 2, 3], [5, 0, 6, 0])]))).toEqual(all);
    // RR 1.0476, 1.1186, 1.3333 with SE 0.0509, 0.0929, 0.2014 of their logarithms (statsmodels).
    expectPrinted(all.statistic, '1.5845838407');
  });

  it('needs two, with errors above 0', () => {
    expect(cochranQ(strataOf([3, 2, 4, 1], [0, 5, 4, 1]))).toMatchObject({
      reason: 'a single stratum has a relative effect',
    });
    expect(cochranQEstimates([])).toMatchObject({ estimable: false });
    expect(() => cochranQEstimates([{ value: 1, standardError: 0 }])).toThrow(
      'estimates[0].standardError = 0: expected a finite number above 0',
    );
    expect(() => cochranQEstimates([{ value: Number.NaN, standardError: 1 }])).toThrow('estimates[0].value');
  });
});
