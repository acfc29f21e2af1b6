import { describe, expect, it } from 'vitest';
import {
  constant,
  cosine,
  inverseSquareRoot,
  linear,
  piecewise,
  warmUp,
} from '../../../src/tensors/index.ts';

describe('schedules', () => {
  it.each([
    ['constant', constant(3), [3, 3, 3, 3, 3]],
    ['linear', linear(1, 0), [1, 0.75, 0.5, 0, 0]],
    // (1 + cos(π/4)) / 2 = 0.853553…
    [
      'piecewise',
      piecewise([
        [0, 5],
        [0.25, 4],
        [0.9, 3],
      ]),
      [5, 4, 4, 3, 3],
    ],
    // Half of the run up to 2; √(½ / 1) after it
    ['inverse square root', inverseSquareRoot(0.5, 2), [0, 1, 2, Math.SQRT2, Math.SQRT2]],
    // The cosine over the second half of the run
    ['warm-up, then cosine', warmUp(0.5, cosine(2, 0)), [0, 1, 2, 0, 0]],
    ['no warm-up', warmUp(0, linear(1, 0)), [1, 0.75, 0.5, 0, 0]],
    ['cosine', cosine(1, 0), [1, (1 + Math.SQRT1_2) / 2, 0.5, 0, 0]],
  ] as const)('%s', (_, schedule, expected) => {
    [0, 0.25, 0.5, 1, 1.5].forEach((progress, i) => {
      expect(schedule(progress)).toBeCloseTo(expected[i], 12);
    });
    expect(schedule(-1)).toBe(schedule(0));
  });

  it('refuse what they cannot be', () => {
    expect(() => piecewise([])).toThrow('piecewise: steps: expected places that ascend from 0, got none');
    expect(() => piecewise([[0.1, 1]])).toThrow('got 0.1');
    expect(() =>
      piecewise([
        [0, 1],
        [0.5, 1],
        [0.5, 2],
      ]),
    ).toThrow('got 0, 0.5, 0.5');
    expect(() => warmUp(1, constant(1))).toThrow('warmUp: share: expected a number in [0, 1), got 1');
    expect(() => inverseSquareRoot(0, 1)).toThrow(
      'inverseSquareRoot: share: expected a number in (0, 1], got 0',
    );
  });
});
