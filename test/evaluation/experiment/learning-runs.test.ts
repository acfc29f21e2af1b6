import { describe, expect, it } from 'vitest';
import type { Estimate, Estimated } from '../../../src/evaluation/contract.ts';
import { learningRunsOf } from '../../../src/evaluation/experiment/index.ts';
import { designOf, logOf, pairRows } from './logs.ts';

const found = (estimate: Estimate): Estimated => {
  if (!estimate.estimable) throw new Error(estimate.reason);
  return estimate;
};
const pairs: readonly (readonly [number, number])[] = [
  [1, 5],
  [2, 3],
  [3, 9],
  [4, 0],
  [100, 7],
];

describe('what a log says of learning runs', () => {
  it('is the middle half of each arm, and how many pairs of runs the arm wins', () => {
    const runs = learningRunsOf(logOf(designOf(), pairRows(pairs)));
    expect(runs?.arms.map(({ arm, runs: count }) => [arm, count])).toEqual([
      ['A', 5],
      ['B', 5],
    ]);
    // One of five is cut off each end: (2 + 3 + 4) / 3 and (3 + 5 + 7) / 3.
    expect(runs?.arms.map(({ iqm }) => found(iqm).value)).toEqual([3, 5]);
    // B wins 4, 2.5, 4, 0 and 4 of the five.
    const [{ arm, probability }] = runs?.improvements ?? [];
    const { value, low, high, level } = found(probability);
    expect([arm, value, level]).toEqual(['B', 0.58, 0.95]);
    expect(low).toBeGreaterThan(0.1);
    expect(low).toBeLessThan(0.3);
    expect(high).toBeGreaterThan(0.8);
    expect(high).toBeLessThanOrEqual(1);
  });

  it('counts the lower run as the better one where lower is better, and leaves the means as they are', () => {
    const higher = learningRunsOf(logOf(designOf(), pairRows(pairs)));
    const metric = { name: 'return', kind: 'number', better: 'lower' } as const;
    const lower = learningRunsOf(logOf(designOf({ metric }), pairRows(pairs)));
    expect(lower?.arms).toEqual(higher?.arms);
    expect(found(lower?.improvements[0].probability as Estimate).value).toBeCloseTo(0.42, 12);
  });

  it('is the same to the bit in any order of the log, and whatever other arms there are', () => {
    const [opened, ...rest] = logOf(designOf(), pairRows(pairs));
    const runs = learningRunsOf([opened, ...rest]);
    expect(learningRunsOf([opened, ...rest.reverse()])).toEqual(runs);
    const three = designOf({ arms: ['A', 'B', 'C'].map(name => ({ name, weight: 1 })) });
    const rows = pairs.flatMap(([a, b], i) =>
      Object.entries({ A: a, B: b, C: a }).map(([arm, value]) => ({ arm, unit: `p${i}`, value })),
    );
    const more = learningRunsOf(logOf(three, rows));
    expect(more?.improvements[0]).toEqual(runs?.improvements[0]);
    expect(found(more?.improvements[1].probability as Estimate).value).toBe(0.5);
  });

  it('is nothing of fewer than three runs an arm: a pair of which one failed is none', () => {
    expect(learningRunsOf(logOf(designOf(), pairRows(pairs.slice(0, 2))))).toBeUndefined();
    const rows = pairRows(pairs.slice(0, 3));
    expect(learningRunsOf(logOf(designOf(), rows))).toBeDefined();
    const broken = rows.map((row, i) => (i === 5 ? { ...row, value: undefined } : row));
    expect(learningRunsOf(logOf(designOf(), broken))).toBeUndefined();
  });
});
