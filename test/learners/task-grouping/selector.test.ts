import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affinityScores,
  allGroups,
  keyOf,
  pairScores,
  relabelled,
  singletonScore,
} from '../../../src/learners/task-grouping/scores.ts';
import {
  allPartitions,
  allPlans,
  planOf,
  selectByBounds,
  selectExhaustively,
  selectGroups,
} from '../../../src/learners/task-grouping/selector.ts';

const named = (names: string, groups: readonly (readonly number[])[]) =>
  groups.map(group => group.map(task => names.split(' ')[task]).join(' '));

describe('four tasks', () => {
  // Row = target a, b, c, d.
  const scores = affinityScores([
    [0, 0.4, -0.1, 0],
    [0.3, 0, 0, -0.2],
    [-0.1, 0, 0, 0.5],
    [0, -0.1, 0.2, 0],
  ]);

  test.each([selectExhaustively, selectByBounds])('one network holds all, two the pairs (%o)', select => {
    const one = select(scores, 1);
    expect(named('a b c d', one.groups)).toEqual(['a b c d']);
    expect(one.value).toBeCloseTo(0.075, 12);
    const two = select(scores, 2);
    expect(named('a b c d', two.groups)).toEqual(['a b', 'c d']);
    expect(two.value).toBeCloseTo(0.35, 12);
    expect(two.serves).toEqual([0, 0, 1, 1]);
  });
});

describe('the averages published with the source for Taskonomy', () => {
  const tasks = 'ss de no ke ed';
  const matrix = [
    [0, 0.1154, 0.0489, 0.0045, 0.0088],
    [0.4136, 0, 0.2914, 0.0135, 0.074],
    [0.1398, 0.221, 0, 0.0105, 0.0765],
    [0.0211, 0.0134, 0.0107, 0, 0.6897],
    [0.0567, 0.0367, 0.036, 0.3037, 0],
  ];
  const best = (k: number, rows = matrix) => selectGroups(affinityScores(rows), k);

  test('give the groups and values of the page, with an overlap at three networks', () => {
    expect(best(1).value).toBeCloseTo(0.1293, 4);
    expect(best(2).value).toBeCloseTo(0.3217, 4);
    expect(named(tasks, best(2).groups)).toEqual(['ss de no', 'ke ed']);
    expect(best(3).value).toBeCloseTo(0.3487, 4);
    expect(named(tasks, best(3).groups)).toEqual(['ss de', 'de no', 'ke ed']);
    // de stands in two groups: where ss is with it, its score is 0.4136.
    expect(best(3).serves).toEqual([0, 0, 1, 2, 2]);
  });

  test('a matrix that stands on its side shows at three networks, though not at two', () => {
    const sideways = matrix.map((_, j) => matrix.map(row => row[j]));
    expect(best(2, sideways).value).toBeCloseTo(best(2).value, 4);
    expect(best(3, sideways).value).toBeCloseTo(0.3839, 4);
  });
});

const square = (tasks: number) => {
  const row = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: tasks, maxLength: tasks });
  return fc.array(row, { minLength: tasks, maxLength: tasks });
};

test('branch and bound finds what looking at every combination finds', () => {
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }))
    .filter(([tasks, k]) => tasks < 8 || k < 3)
    .chain(([tasks, k]) => fc.tuple(square(tasks), fc.constant(k), fc.boolean()));
  fc.assert(
    fc.property(cases, ([matrix, k, pairs]) => {
      const scores = pairs ? pairScores(matrix) : affinityScores(matrix);
      const [quick, sure] = [selectByBounds(scores, k), selectExhaustively(scores, k)];
      expect(quick.value).toBeCloseTo(sure.value, 9);
      expect(quick.groups.length).toBeLessThanOrEqual(k);
      expect(new Set(quick.groups.flat()).size).toBe(matrix.length);
      expect(planOf(scores, quick.groups)).toEqual(quick);
    }),
    { numRuns: 60 },
  );
});

test('eight tasks in three groups, both ways', () => {
  const matrix = Array.from({ length: 8 }, (_, j) =>
    Array.from({ length: 8 }, (_, i) => Math.sin(17 * j + 5 * i * i)),
  );
  const scores = affinityScores(matrix);
  expect(selectByBounds(scores, 3).value).toBeCloseTo(selectExhaustively(scores, 3).value, 9);
});

test('twelve tasks are parted as they were planted', () => {
  const matrix = Array.from({ length: 12 }, (_, j) =>
    Array.from({ length: 12 }, (_, i) => (i % 3 === j % 3 ? 0.3 : -0.01) + 0.001 * Math.cos(i + 3 * j)),
  );
  const { groups } = selectGroups(affinityScores(matrix), 3);
  for (const group of groups) expect(new Set(group.map(task => task % 3)).size).toBe(1);
});

test('a task is alone only where there is no other way', () => {
  // Nobody helps task 2, which helps nobody.
  const matrix = [
    [0, 0.5, -0.9],
    [0.5, 0, -0.9],
    [-0.9, -0.9, 0],
  ];
  expect(selectGroups(affinityScores(matrix), 3).groups.every(group => group.length > 1)).toBe(true);
  expect(selectGroups(affinityScores([[0]]), 2)).toEqual({
    groups: [[0]],
    value: singletonScore,
    serves: [0],
  });
  // By losses of pairs it may be.
  const losses = [
    [0.6, 0.5, 0.9],
    [0.6, 0.6, 0.9],
    [0.9, 0.9, 0.1],
  ];
  expect(selectGroups(pairScores(losses), 2).groups).toEqual([[0, 1], [2]]);
});

test('plans and partitions are counted as they should be', () => {
  expect(allGroups(6)).toHaveLength(63);
  // All ordered covers by two groups, empty ones included, are 3⁶; unordered, without twice the same.
  expect(allPlans(6, 2)).toHaveLength(364);
  expect(allPartitions(6, 2)).toHaveLength(31);
  expect(allPartitions(6, 3)).toHaveLength(90);
  const keys = allPartitions(5, 3).map(groups => groups.map(keyOf).join(' | '));
  expect(new Set(keys).size).toBe(25);
});

test('renaming tasks moves rows and columns alike', () => {
  const matrix = [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ];
  expect(relabelled(matrix, [2, 0, 1])).toEqual([
    [8, 6, 7],
    [2, 0, 1],
    [5, 3, 4],
  ]);
});

test('what is no matrix of scores is refused in one line', () => {
  expect(() => affinityScores([[0, 1]])).toThrow('scores: matrix[0]: expected a square, 1 columns, got 2');
  expect(() => affinityScores([[Number.NaN]])).toThrow(
    'scores: matrix[0][0] = NaN: expected a number within',
  );
  expect(() => selectGroups(affinityScores([[0]]), 0)).toThrow('groups: k = 0: expected 1 or more networks');
  expect(() =>
    planOf(
      affinityScores([
        [0, 0],
        [0, 0],
      ]),
      [[0]],
    ),
  ).toThrow('plan: task 1 is in no group');
});
