import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  containingZero,
  diceStudy,
  groupIntervals,
  regroup,
  regroupedCounts,
  simulate,
} from '../../../src/evaluation/simulate/index.ts';

describe('groups of a log', () => {
  // Three groups of 100: 80, 50 and 80 successes.
  const outcomes = Uint8Array.from({ length: 300 }, (_, t) =>
    Number(t % 100 < (t >= 100 && t < 200 ? 50 : 80)),
  );

  it('are held against the last', () => {
    const [same, lower] = groupIntervals(outcomes, { groups: 3 });
    expect(same).toMatchObject({ estimable: true, value: 0, level: 0.95 });
    if (!lower.estimable) throw new Error(lower.reason);
    expect(lower.value).toBeCloseTo(50 / 80 - 1, 12);
    const reach = 1.959963984540054 * Math.sqrt(0.2 / 80 + 0.5 / 50);
    expect(lower.high).toBeCloseTo(Math.exp(Math.log(50 / 80) + reach) - 1, 9);
    expect(containingZero([same, lower])).toBe(1);
  });

  it('keep all trials where they do not divide', () => {
    const all = new Uint8Array(10).fill(1);
    expect(groupIntervals(all, { groups: 3 })).toHaveLength(2);
    expect(() => groupIntervals(all, { groups: 1 })).toThrow(
      'groups = 1: expected a number from 2 to the 10',
    );
  });

  it('hold the same trials when they are regrouped', () => {
    const shuffled = regroup(outcomes, Random.fromSeed(1));
    expect(shuffled).not.toEqual(outcomes);
    expect(shuffled.reduce((sum, y) => sum + y, 0)).toBe(210);
    expect(outcomes.subarray(0, 80).every(y => y === 1)).toBe(true);
  });

  it('differ by chance alone when they are regrouped', () => {
    const counts = regroupedCounts(outcomes, { groups: 3, regroupings: 1000, random: Random.fromSeed(2) });
    const mean = counts.reduce((sum, count) => sum + count, 0) / 1000;
    expect(mean).toBeGreaterThan(1.85);
    expect(mean).toBeLessThan(1.96);
    expect(regroupedCounts(outcomes, { groups: 3, regroupings: 5, random: Random.fromSeed(2) })).toEqual(
      counts.slice(0, 5),
    );
  });
});

describe('the dice study in numbers', () => {
  it('sees differences between fortnights, and none between random groups', async () => {
    const [{ tallies }] = await simulate([{ ...diceStudy, experiments: 60 }], { seed: 1, workers: 1 });
    expect(tallies['sequential'].mean).toBeLessThan(5);
    expect(tallies['random'].mean).toBeGreaterThan(9.2);
    expect(tallies['random'].mean).toBeLessThan(9.8);
  });
});
