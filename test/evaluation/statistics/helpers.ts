import { expect } from 'vitest';
import type { Estimate, Estimated, Stratum, Tested, TestResult } from '../../../src/evaluation/contract.ts';

/** The estimate, which must be one. */
export function estimated(estimate: Estimate): Estimated {
  if (!estimate.estimable) throw new Error(`not estimable: ${estimate.reason}`);
  return estimate;
}

/** The test's outcome, which there must be. */
export function tested(test: TestResult): Tested {
  if (!test.estimable) throw new Error(`not estimable: ${test.reason}`);
  return test;
}

/** Within a relative error; of a value that is 0, an absolute one. */
export function expectNear(got: number, wanted: number, relative: number, what = ''): void {
  const error = Math.abs(got - wanted) / (wanted === 0 ? 1 : Math.abs(wanted));
  expect(error, `${what}: ${got} beside ${wanted}`).toBeLessThanOrEqual(relative);
}

/** Equal to the digits printed of it. @param printed a number as text */
export function expectPrinted(got: number, printed: string, what = ''): void {
  const [digits, exponent = '0'] = printed.split('e');
  const places = (digits.split('.')[1] ?? '').length - Number(exponent);
  expect(Math.abs(got - Number(printed)), `${what}: ${got} beside ${printed}`).toBeLessThanOrEqual(
    0.500001 * 10 ** -places,
  );
}

/** Value, low and high to the digits printed of them. */
export function expectInterval(estimate: Estimate, value: string, low: string, high: string): void {
  const figures = estimated(estimate);
  expectPrinted(figures.value, value, 'value');
  expectPrinted(figures.low, low, 'low');
  expectPrinted(figures.high, high, 'high');
}

/** Strata from successes and failures of the arm and of the baseline. */
export function strataOf(...cells: readonly (readonly [number, number, number, number])[]): Stratum[] {
  return cells.map(([a, b, c, d]) => ({
    arm: { successes: a, n: a + b },
    baseline: { successes: c, n: c + d },
  }));
}
