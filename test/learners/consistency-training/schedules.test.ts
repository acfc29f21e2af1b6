import { describe, expect, test } from 'vitest';
import {
  consistencyRate,
  type TsaSchedule,
  tsaThreshold,
} from '../../../src/learners/consistency-training/schedules.ts';

const places = [0, 0.25, 0.5, 0.75, 1];

describe('training signal annealing', () => {
  test.each<[TsaSchedule, number[]]>([
    ['linear', [0.1, 0.325, 0.55, 0.775, 1]],
    ['log', [0.1, 0.742146, 0.926124, 0.978834, 0.993936]],
    ['exp', [0.106064, 0.121166, 0.173876, 0.357854, 1]],
    ['none', [1, 1, 1, 1, 1]],
  ])('%s, ten classes', (schedule, expected) => {
    places.forEach((place, i) => {
      expect(tsaThreshold(schedule, place, 10)).toBeCloseTo(expected[i], 6);
    });
  });

  test.each([
    [() => tsaThreshold('linear', 1.5, 10), 'progress: expected a number within [0, 1], got 1.5'],
    [() => tsaThreshold('linear', Number.NaN, 10), 'progress: expected a number within [0, 1], got NaN'],
    [() => tsaThreshold('exp', 0, 1), 'classes: expected an integer of 2 or more, got 1'],
    [() => consistencyRate(0.03, -1), 'progress: expected a number within [0, 1], got -1'],
  ])('what makes no sense is refused: %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

test('the learning rate falls along seven eighths of a quarter cosine', () => {
  const at = (progress: number) => consistencyRate(0.03, progress);
  expect(at(0)).toBe(0.03);
  expect(at(0.5)).toBeCloseTo(0.02319, 6);
  expect(at(1)).toBeCloseTo(0.005853, 6);
});
