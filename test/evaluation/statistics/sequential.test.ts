import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  confidenceSequence,
  mixtureRho,
  sequenceHalfWidth,
} from '../../../src/evaluation/statistics/sequential.ts';
import { apart, fixtures } from './fixtures.ts';

describe('the mixture', () => {
  it.each([
    [500, 0.1259853531],
    [1000, 0.0890850975],
    [5000, 0.0398400668],
  ])('has the scale of the reference for %i planned', (planned, rho) => {
    expect(mixtureRho(planned, 0.05)).toBeCloseTo(rho, 10);
  });

  it.each([
    [100, 0.385505, 1.967],
    [250, 0.206452, 1.666],
    [500, 0.137901, 1.573],
    [1000, 0.095982, 1.549],
    [2000, 0.068457, 1.562],
    [5000, 0.044591, 1.609],
  ])('is as wide as the reference at n = %i', (n, half, ratio) => {
    const width = sequenceHalfWidth(n, { planned: 1000 });
    expect(width).toBeCloseTo(half, 6);
    // One of the reference's ratios, 1.666, is 1.6655 before it is rounded.
    expect(Math.abs(width / (1.959963984540054 / Math.sqrt(n)) - ratio)).toBeLessThan(0.00052);
  });

  it('agrees with the mixture integrated by quadrature', () => {
    for (const { n, planned, alpha, rho, half } of fixtures.sequences) {
      expect(apart(mixtureRho(planned, alpha), rho)).toBeLessThan(1e-12);
      expect(apart(sequenceHalfWidth(n, { planned, level: 1 - alpha }), half)).toBeLessThan(1e-8);
    }
    expect(fixtures.sequences.length).toBe(60);
  });
});

describe('a confidence sequence', () => {
  it('holds 0 where the fixed-horizon interval does not: one may have peeked', () => {
    const baseline = 960 / 1200;
    const arm = 991 / 1180;
    const standardError = Math.sqrt((baseline * (1 - baseline)) / 1200 + (arm * (1 - arm)) / 1180);
    const value = arm - baseline;
    expect(standardError).toBeCloseTo(0.0157267062, 10);
    const { estimate, p } = confidenceSequence({ value, standardError, n: 2380 }, { planned: 1000 });
    if (!estimate.estimable) throw new Error(estimate.reason);
    expect(value - 1.96 * standardError).toBeGreaterThan(0);
    // SE √n times the half-width for standard deviation 1, which lies between the reference's at n = 2000 and 5000.
    expect((estimate.high - estimate.low) / 2).toBeCloseTo(0.0483633939, 10);
    expect(estimate.low).toBeCloseTo(-0.0085328854, 9);
    expect(estimate.high).toBeCloseTo(0.0881939023, 9);
    expect(p).toBeCloseTo(0.2120615619, 10);
  });

  it("has the three numbers of the reference's row of this case at the standard error that they imply", () => {
    // The row prints half-width 0.0422771059 beside a standard error of 0.0157267062. By its own formula all three of its
    // numbers belong to another standard error, 0.0137475799, and to no N* at all with the one printed.
    const soFar = { value: 991 / 1180 - 960 / 1200, standardError: 0.0137475799237, n: 2380 };
    const { estimate, p } = confidenceSequence(soFar, { planned: 1000 });
    if (!estimate.estimable) throw new Error(estimate.reason);
    expect(estimate.low).toBeCloseTo(-0.0024465974, 9);
    expect(estimate.high).toBeCloseTo(0.0821076144, 9);
    expect(p).toBeCloseTo(0.0828268372, 9);
  });

  it('leaves 0 out exactly where its p is below 1 - level', () => {
    const property = fc.property(
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.double({ min: 1e-3, max: 10, noNaN: true }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0.5, max: 0.999, noNaN: true }),
      (value, standardError, n, planned, level) => {
        const { estimate, p } = confidenceSequence({ value, standardError, n }, { planned, level });
        if (!estimate.estimable || p === undefined) return false;
        const out = estimate.low > 0 || estimate.high < 0;
        const edge = Math.min(Math.abs(estimate.low), Math.abs(estimate.high)) < 1e-9;
        return (edge || out === p < 1 - level) && p > 0 && p <= 1 && estimate.low <= estimate.high;
      },
    );
    fc.assert(property);
  });

  it('has a p above 0 however far the estimate is', () => {
    const { p } = confidenceSequence({ value: 1e99, standardError: 1e-99, n: 1e9 }, { planned: 1000 });
    expect(p).toBe(Number.MIN_VALUE);
  });

  it('says what it cannot say, and what it was not given', () => {
    const options = { planned: 1000 };
    const reason = (standardError: number, n: number) =>
      confidenceSequence({ value: 1, standardError, n }, options).estimate;
    expect(reason(0, 10)).toEqual({ estimable: false, reason: 'the standard error is 0' });
    expect(reason(1, 0)).toEqual({ estimable: false, reason: 'there are no units' });
    const fails = (message: string, act: () => unknown) => expect(act).toThrow(message);
    fails('value = NaN: expected a finite number', () =>
      confidenceSequence({ value: Number.NaN, standardError: 1, n: 9 }, options),
    );
    fails('standardError = -1', () => confidenceSequence({ value: 1, standardError: -1, n: 9 }, options));
    fails('planned = 0: expected a finite number above 0', () =>
      confidenceSequence({ value: 1, standardError: 1, n: 9 }, { planned: 0 }),
    );
    fails('level = 95: expected a number between 0 and 1', () =>
      confidenceSequence({ value: 1, standardError: 1, n: 9 }, { planned: 9, level: 95 }),
    );
  });
});
