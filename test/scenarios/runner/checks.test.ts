import { describe, expect, it } from 'vitest';
import type { Check, Over } from '../../../src/scenarios/contract.ts';
import { judge, judgeSeeds, needed, notMade, validateChecks } from '../../../src/scenarios/runner/checks.ts';

interface Result {
  score: number;
}
const bar = (over?: Over): Check<Result> => ({
  name: 'score',
  value: result => result.score,
  atLeast: 10,
  ...(over && { over }),
});
const over = (kind: Over | undefined, ...scores: number[]) => {
  const checks = [bar(kind)];
  return judgeSeeds(
    checks,
    scores.map(score => judge(checks, { score })),
  )[0];
};

describe('judge', () => {
  it('holds both bars, ends included', () => {
    const between: Check<Result> = { name: 'score', value: r => r.score, atLeast: 1, atMost: 2 };
    const passes = [0.9, 1, 2, 2.1].map(score => judge([between], { score })[0].pass);
    expect(passes).toEqual([false, true, true, false]);
  });

  it('fails a value that is no finite number, and a check that throws', () => {
    expect(judge([bar()], { score: Number.NaN })[0]).toMatchObject({ value: Number.NaN, pass: false });
    expect(judge([bar()], { score: Number.POSITIVE_INFINITY })[0]).toMatchObject({ pass: false });
    expect(judge([bar()], undefined as unknown as Result)[0]).toMatchObject({
      value: Number.NaN,
      pass: false,
    });
  });

  it('leaves out what the run has nothing for, by name', () => {
    const checks: Check<Result>[] = [
      bar(),
      { name: 'other', applies: r => r.score > 20, value: r => r.score, atMost: 30 },
    ];
    const without = judge(checks, { score: 15 });
    expect(without.map(({ name, pass }) => [name, pass])).toEqual([['score', true]]);
    expect(notMade(checks, without)).toEqual(['other']);
    expect(judge(checks, { score: 40 }).map(({ pass }) => pass)).toEqual([true, false]);
    // Where only some seeds have it, the others fail it.
    const seeds = judgeSeeds(checks, [judge(checks, { score: 25 }), without]);
    expect(seeds[1]).toMatchObject({ name: 'other', values: [25, Number.NaN], pass: false });
    expect(judgeSeeds(checks, [without, without]).map(({ name }) => name)).toEqual(['score']);
  });

  it('makes a check that cannot tell whether it applies', () => {
    const torn = (): never => {
      throw new Error('of another shape');
    };
    expect(judge([{ ...bar(), applies: torn }], { score: 15 })[0]).toMatchObject({ value: 15, pass: true });
    expect(judge([{ ...bar(), applies: torn, value: torn }], { score: 15 })[0]).toMatchObject({
      value: Number.NaN,
      pass: false,
    });
  });

  it('fails a check whose value is no number, and says so', () => {
    const lines: string[] = [];
    const [verdict] = judge([bar()], {} as Result, line => lines.push(line));
    expect(verdict).toMatchObject({ value: Number.NaN, pass: false });
    judge([bar()], undefined as unknown as Result, line => lines.push(line));
    expect(lines).toEqual([
      'check score: its value is undefined, expected a number',
      expect.stringMatching(/^check score: its value cannot be had: Cannot read properties/),
    ]);
  });
});

describe('judgeSeeds', () => {
  it('over every seed: one below the bar fails, and is the value shown', () => {
    expect(over(undefined, 12, 11, 10)).toMatchObject({ pass: true, value: 10, over: 'every' });
    expect(over('every', 12, 9, 30)).toMatchObject({ pass: false, value: 9, values: [12, 9, 30] });
  });

  it('over the median', () => {
    expect(over('median', 1, 10, 99)).toMatchObject({ pass: true, value: 10 });
    expect(over('median', 1, 9, 99)).toMatchObject({ pass: false, value: 9 });
    expect(over('median', 1, 9, 12, 99)).toMatchObject({ pass: true, value: 10.5 });
    expect(over('median', Number.NaN, 11, 12)).toMatchObject({ pass: true, value: 11 });
    expect(over('median', Number.NaN, Number.NaN, 12)).toMatchObject({ pass: false, value: Number.NaN });
  });

  it('over four of five: the share carries over to other numbers of seeds', () => {
    const most = { atLeast: 4, of: 5 };
    expect(over(most, 1, 10, 10, 10, 10).pass).toBe(true);
    expect(over(most, 1, 1, 10, 10, 10).pass).toBe(false);
    expect([1, 2, 3, 4, 5, 10].map(seeds => needed(most, seeds))).toEqual([1, 2, 3, 4, 4, 8]);
    expect(over(most, 9).pass).toBe(false);
  });
});

describe('validateChecks', () => {
  it('refuses a check that cannot fail and a share that cannot be', () => {
    expect(() => validateChecks('hop', [{ name: 'free', value: () => 1 }])).toThrow(
      'scenario hop, check free: expected a bar, atLeast or atMost',
    );
    expect(() => validateChecks('hop', [bar({ atLeast: 6, of: 5 })])).toThrow('over = 6 of 5');
    expect(() => validateChecks('hop', [bar(), bar()])).toThrow('check score: expected names that differ');
    expect(() => validateChecks('hop', [bar()])).not.toThrow();
  });
});
