import { expect, test } from 'vitest';
import { affinities, blockStructure, MeanAffinity } from '../../../src/learners/task-grouping/affinity.ts';

test('what a step for another task gains, row by target', () => {
  const { z, clamped } = affinities(
    [2, 0.5],
    [
      [1, 3],
      [0.5, 0.25],
    ],
  );
  expect(z).toEqual([
    [0.5, -0.5],
    [0, 0.5],
  ]);
  expect(clamped).toBe(0);
});

test('a task that is solved does not blow up the matrix, and is counted', () => {
  const { z, clamped } = affinities(
    [1e-9, 1],
    [
      [2e-4, 0],
      [1, 1],
    ],
  );
  expect(z[0][0]).toBeCloseTo(-1, 12);
  expect(z[0][1]).toBeCloseTo(1, 12);
  expect(clamped).toBe(1);
});

test('the mean is over rounds', () => {
  const mean = new MeanAffinity(2);
  expect(() => mean.mean).toThrow('rounds = 0');
  mean.push([
    [1, 2],
    [3, 4],
  ]);
  mean.push([
    [3, 0],
    [3, 0],
  ]);
  expect(mean.mean).toEqual([
    [2, 1],
    [3, 2],
  ]);
  expect(mean.rounds).toBe(2);
});

test('blocks are compared without the diagonal, and across them by size', () => {
  const structure = blockStructure(
    [
      [9, 0.2, 0.1],
      [0.4, 9, -0.1],
      [-0.1, 0.1, 9],
    ],
    [0, 0, 1],
  );
  expect(structure.within).toBeCloseTo(0.3, 12);
  expect(structure.across).toBeCloseTo(0.1, 12);
  expect(structure.ratio).toBeCloseTo(3, 12);
  expect(() =>
    blockStructure(
      [
        [1, 2],
        [3, 4],
      ],
      [0, 1],
    ),
  ).toThrow('block structure: blocks = 0, 1');
});

test('losses that are none are refused in one line', () => {
  expect(() => affinities([Number.NaN], [[1]])).toThrow('affinities: before[0] = NaN: expected a loss');
  expect(() => affinities([1], [[Infinity]])).toThrow('affinities: after[0][0] = Infinity');
  expect(() => affinities([1, 2], [[1, 2]])).toThrow(
    'affinities: after: expected 2 rows of as many, got 1, one of 2',
  );
});
