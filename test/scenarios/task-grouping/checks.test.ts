import { describe, expect, test } from 'vitest';
import { allGroups, keyOf } from '../../../src/learners/task-grouping/index.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';
import type { FamilyRun } from '../../../src/scenarios/task-grouping/arms.ts';
import { families } from '../../../src/scenarios/task-grouping/families.ts';
import { familyFigures } from '../../../src/scenarios/task-grouping/figures.ts';
import scenario from '../../../src/scenarios/task-grouping.ts';

const family = families['digit-pairs'];
const side = (task: number) => Math.floor(task / 3);
/** Tasks of a side help each other; each other task in a network costs a tenth of a nat. */
const lossIn = (task: number, group: readonly number[]) =>
  0.3 + group.reduce((sum, other) => sum + (side(other) === side(task) ? -0.02 : 0.1), 0);
const all = [0, 1, 2, 3, 4, 5];
const sides = [
  [0, 1, 2],
  [3, 4, 5],
];
const matrix = (of: (j: number, i: number) => number) => all.map(j => all.map(i => of(j, i)));

/** A run in which TAG chose these groups. */
function figuresOf(groups: readonly (readonly number[])[], { steps = 600, searched = true } = {}) {
  const trained = searched ? allGroups(6) : [...groups, all];
  const run: FamilyRun = {
    steps,
    tag: {
      rounds: 60,
      affinity: matrix((j, i) => (side(j) === side(i) ? 0.003 : -0.0002)),
      drift: all.map(() => 0),
      cosines: matrix((j, i) => Number(side(j) === side(i))),
      plans: [{ k: 2, groups, value: 0, serves: all.map(t => groups.findIndex(group => group.includes(t))) }],
      clamped: 0,
      busyMs: 1_000,
      executor: { name: 'onnx-cpu', reason: '' },
    },
    networks: new Map(
      trained.map(group => [keyOf(group), group.map(task => ({ loss: lossIn(task, group), error: 0 }))]),
    ),
    searchMs: searched ? 13_000 : undefined,
  };
  return familyFigures(family, run, { seed: 1, relabellings: 10 });
}
const judged = (digits: ReturnType<typeof figuresOf>) =>
  Object.fromEntries(judge(scenario.checks, { digits }).map(({ name, pass }) => [name, pass]));

describe('the checks of task groupings', () => {
  test('of two networks pass where the sides were found, and only there', () => {
    const found = judged(figuresOf(sides));
    expect(Object.keys(found)).toHaveLength(6); // three networks and scenes were not played
    expect(Object.values(found).every(pass => pass)).toBe(true);
    const mixed = judged(
      figuresOf([
        [0, 1, 5],
        [2, 3, 4],
      ]),
    );
    expect(mixed['digits: TAG / best plan, 2 networks']).toBe(false);
    expect(mixed['control: digits: tasks renamed / TAG, 2 networks']).toBe(false);
  });

  test('of a short run are the groups, and the loss against all in one', () => {
    const short = { steps: 300, searched: false };
    expect(judged(figuresOf(sides, short))).toEqual({
      'short: digits: TAG finds both sides, 2 networks': true,
      'short: digits: TAG / all in one, 2 networks': true,
    });
    const uneven = [[0], [1, 2, 3, 4, 5]];
    expect(judged(figuresOf(uneven, short))['short: digits: TAG finds both sides, 2 networks']).toBe(false);
  });

  test('the yes or no on times is a twelfth', () => {
    expect(figuresOf(sides).cheap).toBe(1);
    expect(figuresOf(sides).byNetworks['k2'].rank).toBe(1);
    expect(figuresOf(sides).byNetworks['k2'].toOptimum).toBe(1);
  });
});
