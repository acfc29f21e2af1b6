import { beforeAll, expect, test } from 'vitest';
import { box, discrete } from '../../../src/env/spaces.ts';
import { unitActions } from '../../../src/learners/shared/unit-actions.ts';
import { initTensors, tf } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

test('actions go from ±1 to the bounds of the space, and back', () => {
  const { toBounds, toUnit } = unitActions(box(2, { low: [-2, 0], high: [2, 10] }), 'sac');
  const units = tf.tensor2d([
    [-1, 1],
    [0.5, 0],
  ]);
  expect([...toBounds(units).dataSync()]).toEqual([-2, 10, 1, 5]);
  expect([...toUnit(toBounds(units)).dataSync()]).toEqual([-1, 1, 0.5, 0]);
  const same = unitActions(box(1, { low: -1, high: 1 }), 'sac');
  expect(same.toBounds(units)).toBe(units);
});

test.each([
  [discrete(3), 'sac: action space: kind = discrete, expected box'],
  [
    box(2, { low: [-1, null], high: 1 }),
    'sac: action space: element 1 is within -Infinity … 1, expected finite bounds that differ',
  ],
  [
    box(1, { low: 2, high: 2 }),
    'sac: action space: element 0 is within 2 … 2, expected finite bounds that differ',
  ],
])('a space without such bounds is refused in one line: %j', (space, message) => {
  expect(() => unitActions(space, 'sac')).toThrow(message);
});
