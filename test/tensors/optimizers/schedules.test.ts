import { describe, expect, it } from 'vitest';
import { constant, cosine, linear } from '../../../src/tensors/index.ts';

describe('schedules', () => {
  it.each([
    ['constant', constant(3), [3, 3, 3, 3, 3]],
    ['linear', linear(1, 0), [1, 0.75, 0.5, 0, 0]],
    // (1 + cos(π/4)) / 2 = 0.853553…
    ['cosine', cosine(1, 0), [1, (1 + Math.SQRT1_2) / 2, 0.5, 0, 0]],
  ] as const)('%s', (_, schedule, expected) => {
    [0, 0.25, 0.5, 1, 1.5].forEach((progress, i) => {
      expect(schedule(progress)).toBeCloseTo(expected[i], 12);
    });
    expect(schedule(-1)).toBe(schedule(0));
  });
});
