import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  independence,
  interaction,
  layerIndependence,
} from '../../../src/evaluation/assignment/layer-checks.ts';
import { resolverOf } from '../../../src/evaluation/assignment/layers.ts';
import { nested, secret, units } from './traffic.ts';

describe('independence', () => {
  it('is the chi-square of the 20,000 trials over two layers', () => {
    const test = independence([
      [4984, 5036],
      [5019, 4961],
    ]);
    expect(test).toMatchObject({ estimable: true, degrees: 1 });
    if (!test.estimable) return;
    expect(test.statistic).toBeCloseTo(0.6051, 4);
    // Of 0.6051344822 with one degree: erfc(√(x / 2)), by Python's math.
    expect(test.p).toBeCloseTo(0.4366256672, 9);
  });

  it('is right for three by three, and leaves empty rows and columns out', () => {
    // With 4 degrees, p is exp(-x / 2) (1 + x / 2).
    const expected = { statistic: 6.481508800587749, p: 0.16595921355698326, degrees: 4 };
    for (const table of [
      [
        [10, 20, 30],
        [6, 9, 17],
        [3, 8, 2],
      ],
      [
        [10, 0, 20, 30],
        [6, 0, 9, 17],
        [0, 0, 0, 0],
        [3, 0, 8, 2],
      ],
    ]) {
      const test = independence(table);
      expect(test).toMatchObject({ estimable: true, degrees: 4 });
      if (!test.estimable) return;
      expect(test.statistic).toBeCloseTo(expected.statistic, 9);
      expect(test.p).toBeCloseTo(expected.p, 9);
    }
  });

  it('cannot be told from one row or none', () => {
    const reason = 'fewer than two rows or columns have a count';
    for (const table of [
      [],
      [[]],
      [[3, 4]],
      [[3], [4]],
      [
        [0, 0],
        [0, 0],
      ],
      [
        [3, 0],
        [5, 0],
      ],
    ])
      expect(independence(table)).toEqual({ estimable: false, reason });
    expect(layerIndependence([], 'a', 'b')).toEqual({ estimable: false, reason });
  });

  it('refuses what is no table of counts', () => {
    expect(() => independence([[1, 2], [3]])).toThrow('table[1].length = 1: expected 2 as in the first row');
    expect(() =>
      independence([
        [1, 2],
        [3, -1],
      ]),
    ).toThrow('table[1][1] = -1: expected a whole number of at least 0');
    expect(() =>
      independence([
        [Number.NaN, 2],
        [3, 1],
      ]),
    ).toThrow('table[0][0] = NaN');
  });

  it('is found between layers, also between a roll-out and what is under it', () => {
    const resolve = resolverOf(nested, secret);
    const all = units.map(unit => resolve(unit).assignments);
    for (const [a, b] of [
      ['policy', 'perception'],
      ['launch', 'policy'],
      ['launch', 'everything'],
    ]) {
      const test = layerIndependence(all, a, b);
      expect(test).toMatchObject({ estimable: true, degrees: 1 });
      expect(test.estimable && test.p).toBeGreaterThan(0.01);
    }
  });

  it('finds layers that follow one another', () => {
    const units = Array.from({ length: 1000 }, (_, i) => {
      const arm = i % 2 ? 'x' : 'y';
      return ['a', 'b'].map(layer => ({ layer, experiment: 'e', arm, bucket: 0 }));
    });
    expect(layerIndependence(units, 'a', 'b')).toMatchObject({ statistic: 1000, degrees: 1 });
  });
});

describe('interaction', () => {
  it('is the difference of differences over its standard error', () => {
    const { difference, test } = interaction({
      neither: { successes: 80, n: 100 },
      first: { successes: 85, n: 100 },
      second: { successes: 82, n: 100 },
      both: { successes: 97, n: 100 },
    });
    // (0.97 - 0.82) - (0.85 - 0.80) = 0.1; variance (0.16 + 0.1275 + 0.1476 + 0.0291)/100 = 0.004642
    expect(difference).toMatchObject({ estimable: true, level: 0.95 });
    if (!difference.estimable || !test.estimable) return;
    expect(difference.value).toBeCloseTo(0.1, 12);
    expect(difference.standardError).toBeCloseTo(Math.sqrt(0.004642), 12);
    expect(difference.high - difference.value).toBeCloseTo(1.959963984540054 * Math.sqrt(0.004642), 9);
    expect(difference.value - difference.low).toBeCloseTo(difference.high - difference.value, 12);
    expect(test.statistic).toBeCloseTo(0.1 / Math.sqrt(0.004642), 12);
    expect(test.p).toBeCloseTo(0.14218, 4);
  });

  it('takes moments of a number', () => {
    const cell = (mean: number) => ({ n: 50, mean, variance: 4 });
    const { test } = interaction({ neither: cell(1), first: cell(2), second: cell(3), both: cell(6) });
    expect(test).toMatchObject({ estimable: true });
    // (6 - 3) - (2 - 1) = 2; variance 4 * 4 / 50
    expect(test.estimable && test.statistic).toBeCloseTo(2 / Math.sqrt(0.32), 12);
  });

  it('finds nothing in experiments that only add up: 5 % of the time', () => {
    const random = Random.fromSeed(5).split('interaction');
    const draw = (p: number) => {
      let successes = 0;
      for (let i = 0; i < 200; i++) if (random.uniform() < p) successes++;
      return { successes, n: 200 };
    };
    let found = 0;
    for (let i = 0; i < 1000; i++) {
      const { test } = interaction({
        neither: draw(0.6),
        first: draw(0.7),
        second: draw(0.65),
        both: draw(0.75),
      });
      if (test.estimable && test.p < 0.05) found++;
    }
    // 50 and three standard deviations of 7.
    expect(found).toBeGreaterThan(29);
    expect(found).toBeLessThan(71);
  });

  it('cannot be told where a cell is empty or nothing varies', () => {
    const some = { successes: 3, n: 5 };
    const all = { successes: 5, n: 5 };
    const none = { successes: 0, n: 0 };
    expect(interaction({ neither: some, first: some, second: none, both: some }).test).toEqual({
      estimable: false,
      reason: 'the cell "second" has too few trials',
    });
    expect(interaction({ neither: all, first: all, second: all, both: all }).difference).toEqual({
      estimable: false,
      reason: 'no cell varies',
    });
    const one = { n: 1, mean: 2, variance: 0 };
    expect(interaction({ neither: one, first: one, second: one, both: one }).test.estimable).toBe(false);
  });

  it('refuses numbers that cannot be', () => {
    const some = { successes: 3, n: 5 };
    const cells = { neither: some, first: some, second: some, both: { successes: 6, n: 5 } };
    expect(() => interaction(cells)).toThrow('both.successes = 6: expected a whole number from 0 to 5');
    expect(() => interaction({ ...cells, both: some }, 95)).toThrow(
      'level = 95: expected a number between 0 and 1',
    );
    const moments = { n: 3, mean: Number.NaN, variance: 1 };
    expect(() => interaction({ neither: moments, first: moments, second: moments, both: moments })).toThrow(
      'neither.mean = NaN: expected a finite number',
    );
  });
});
