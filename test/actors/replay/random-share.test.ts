import { describe, expect, test } from 'vitest';
import { drawSome, randomShare, shareAt } from '../../../src/actors/replay/random-share.ts';
import { Random } from '../../../src/core/random.ts';
import { box, discrete, multiDiscrete } from '../../../src/env/spaces.ts';

describe('the share of random actions', () => {
  test('is a step by default: all of the first thousand, none after', () => {
    const share = randomShare({});
    expect([0, 999, 1_000, 5_000].map(done => shareAt(share, done))).toEqual([1, 1, 0, 0]);
  });

  test('falls in a straight line where it is told to', () => {
    const share = randomShare({ from: 1, to: 0.1, steps: 100, schedule: 'linear' });
    expect([0, 50, 100, 101].map(done => shareAt(share, done))).toEqual([1, 0.55, 0.1, 0.1]);
  });

  test('is what it ends with where it takes no steps', () => {
    expect(shareAt(randomShare({ steps: 0, to: 0.25, schedule: 'linear' }), 0)).toBe(0.25);
  });

  test('is a share', () => {
    expect(() => randomShare({ from: 1.5 })).toThrow(/^random actions: from = 1.5: /);
  });
});

describe('actions drawn at random', () => {
  const rows = 10_000;

  test('take the place of so many of the policy’s, evenly over the bounds', () => {
    const space = box(2, { low: [-1, 0], high: [1, 4] });
    const actions = new Float32Array(2 * rows).fill(9);
    drawSome(actions, space, 0.25, Random.fromSeed(1));
    const drawn = Array.from({ length: rows }, (_, i) => [...actions.subarray(2 * i, 2 * i + 2)]).filter(
      ([first]) => first !== 9,
    );
    // 2,500 with a deviation of 43; means of 2,500 uniform draws deviate by 0.012 and 0.023.
    expect(Math.abs(drawn.length - 2_500)).toBeLessThan(4 * 43);
    const mean = (k: number) => drawn.reduce((sum, action) => sum + action[k], 0) / drawn.length;
    expect(Math.abs(mean(0))).toBeLessThan(0.05);
    expect(Math.abs(mean(1) - 2)).toBeLessThan(0.1);
    expect(drawn.every(([a, b]) => a >= -1 && a <= 1 && b >= 0 && b <= 4)).toBe(true);
  });

  test('are choices where choices are to be made', () => {
    const one = new Int32Array(rows).fill(-1);
    drawSome(one, discrete(3), 1, Random.fromSeed(1));
    expect(new Set(one)).toEqual(new Set([0, 1, 2]));
    const several = new Int32Array(2 * rows).fill(-1);
    drawSome(several, multiDiscrete([2, 4]), 1, Random.fromSeed(1));
    expect(new Set(several.filter((_, i) => i % 2 === 0))).toEqual(new Set([0, 1]));
    expect(new Set(several.filter((_, i) => i % 2 === 1))).toEqual(new Set([0, 1, 2, 3]));
  });

  test('are none, and take no random numbers, where the share is 0', () => {
    const random = Random.fromSeed(1);
    const actions = new Int32Array(8).fill(-1);
    drawSome(actions, discrete(3), 0, random);
    expect([...actions]).toEqual(new Array(8).fill(-1));
    expect(random.state).toEqual(Random.fromSeed(1).state);
  });
});
