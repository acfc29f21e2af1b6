import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activationUnits,
  blockCosts,
  bubbleFraction,
  clockSchedule,
  idealSpeed,
  microRows,
  partition,
  stepTime,
} from '../../../src/learners/pipeline-parallel/index.ts';

describe('the clock', () => {
  it('gives stage j micro-batch c - j in tick c', () => {
    expect(clockSchedule(4, 3)).toEqual([
      [[0, 0]],
      [
        [1, 0],
        [0, 1],
      ],
      [
        [2, 0],
        [1, 1],
        [0, 2],
      ],
      [
        [3, 0],
        [2, 1],
        [1, 2],
      ],
      [
        [3, 1],
        [2, 2],
      ],
      [[3, 2]],
    ]);
  });

  it('leaves exactly (K - 1) / (M + K - 1) of the slots idle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (micro, stages) => {
        const ticks = clockSchedule(micro, stages);
        const busy = ticks.reduce((sum, slots) => sum + slots.length, 0);
        expect(busy).toBe(micro * stages);
        expect(1 - busy / (ticks.length * stages)).toBeCloseTo(bubbleFraction(micro, stages), 12);
      }),
    );
  });

  it.each([
    [2, 1, 0.5, 1],
    [2, 4, 0.2, 1.6],
    [2, 8, 0.1111, 1.7778],
    [2, 32, 0.0303, 1.9394],
    [4, 4, 0.4286, 2.2857],
    [4, 16, 0.1579, 3.3684],
    [8, 32, 0.1795, 6.5641],
  ])('K = %i, M = %i: bubble %f, ideal speed %f', (stages, micro, bubble, speed) => {
    expect(bubbleFraction(micro, stages)).toBeCloseTo(bubble, 4);
    expect(idealSpeed(micro, stages)).toBeCloseTo(speed, 4);
  });

  it.each([
    [2, 4, 15, 18],
    [4, 8, 33, 40],
    [4, 1, 12, 12],
  ])(
    'K = %i, M = %i: forward 1 and backward 2 take %i, with recomputation %i',
    (stages, micro, plain, again) => {
      const times = { forward: 1, backward: 2 };
      expect(stepTime(micro, stages, times, false)).toBe(plain);
      expect(stepTime(micro, stages, times, true)).toBe(again);
    },
  );

  it.each([
    [64, 8, 1, 8, 128, 512],
    [64, 8, 2, 8, 96, 256],
    [128, 16, 4, 16, 160, 512],
  ])(
    'N = %i, L = %i, K = %i, M = %i: %i activations, %i stashed',
    (rows, layers, stages, micro, kept, stashed) => {
      expect(activationUnits({ rows, layers, stages, micro }, true)).toBe(kept);
      expect(activationUnits({ rows, layers, stages, micro }, false)).toBe(stashed);
    },
  );

  it('refuses what is no count', () => {
    expect(() => clockSchedule(0, 2)).toThrow('schedule: micro: expected a positive integer, got 0');
    expect(() => bubbleFraction(2, 1.5)).toThrow('schedule: stages: expected a positive integer, got 1.5');
  });
});

describe('micro-batches', () => {
  it('share the rows, and differ by one at most', () => {
    expect(microRows(10, 4)).toEqual([3, 3, 2, 2]);
    expect(microRows(8, 8)).toEqual(new Array(8).fill(1));
  });

  it('are never empty', () => {
    expect(() => microRows(3, 4)).toThrow('expected at least one for each of 4 micro-batches, got 3');
  });
});

describe('partition', () => {
  it('has 7 as the least maximum of [4, 1, 1, 3, 5, 2] in three', () => {
    const costs = [4, 1, 1, 3, 5, 2];
    expect(Math.max(...blockCosts(costs, partition(costs, 3)))).toBe(7);
  });

  it('is never beaten by another partition', () => {
    const costs = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 8 }), (row, wanted) => {
        const blocks = Math.min(wanted, row.length);
        const found = partition(row, blocks);
        expect(found.length).toBe(blocks - 1);
        const least = Math.min(
          ...allCuts(row.length, blocks).map(cuts => Math.max(...blockCosts(row, cuts))),
        );
        expect(Math.max(...blockCosts(row, found))).toBe(least);
      }),
    );
  });

  it('refuses more blocks than layers, and costs that are none', () => {
    expect(() => partition([1, 2], 3)).toThrow(
      'partition: blocks: expected 1 to 2, the number of costs, got 3',
    );
    expect(() => partition([1, Number.NaN], 1)).toThrow(
      'partition: costs[1]: expected a number from 0, got NaN',
    );
  });
});

/** All ways to cut so many layers into so many blocks. */
function allCuts(layers: number, blocks: number, from = 1): number[][] {
  if (blocks === 1) return [[]];
  const all: number[][] = [];
  for (let cut = from; cut <= layers - blocks + 1; cut++) {
    for (const rest of allCuts(layers, blocks - 1, cut + 1)) all.push([cut, ...rest]);
  }
  return all;
}
