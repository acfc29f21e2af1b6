import { expect, it } from 'vitest';
import { medianOf } from '../../src/core/median.ts';

it('is the value in the middle, or the mean of two, and leaves its argument as it is', () => {
  const values = [10, 9, 100];
  expect(medianOf(values)).toBe(10);
  expect(values).toEqual([10, 9, 100]);
  expect(medianOf([4, 1, 3, 100])).toBe(3.5);
  expect(medianOf([])).toBeNaN();
});
