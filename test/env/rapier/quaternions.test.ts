import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inBody, rotate, turnAbout, turnAboutZ, unit } from '../../../src/env/rapier/quaternions.ts';
import { alongX, alongZ, tilted, upright } from '../../../src/env/rapier/shapes.ts';

const angle = fc.double({ min: -3.1, max: 3.1, noNaN: true });
const length = fc.double({ min: -5, max: 5, noNaN: true });

/** A rotation put together from turns about x, y and z. */
function rotation(turns: readonly number[]): Float64Array {
  const q = Float64Array.of(0, 0, 0, 1);
  turns.forEach((turn, k) => {
    turnAbout(q, 0, unit[k], turn);
  });
  return q;
}

test('a quarter turn about z takes x to y', () => {
  const out = rotate(rotation([0, 0, Math.PI / 2]), 0, [1, 0, 0], new Float64Array(3));
  expect(out[0]).toBeCloseTo(0, 12);
  expect(out[1]).toBeCloseTo(1, 12);
});

test.each([
  { name: 'upright', turn: upright, axis: [0, 1, 0] },
  { name: 'alongX', turn: alongX, axis: [-1, 0, 0] },
  { name: 'alongZ', turn: alongZ, axis: [0, 0, 1] },
  { name: 'tilted by a quarter turn', turn: tilted(Math.PI / 2), axis: [-1, 0, 0] },
])('$name lays the long axis of a shape', ({ turn, axis }) => {
  const out = rotate(turn, 0, unit[1], new Float64Array(3));
  for (let k = 0; k < 3; k++) expect(out[k]).toBeCloseTo(axis[k], 12);
});

test('into a body and out of it again is where it began, at the same length', () => {
  fc.assert(
    fc.property(fc.tuple(angle, angle, angle), fc.tuple(length, length, length), (turns, vector) => {
      const q = rotation(turns);
      const inside = new Float64Array(3);
      inBody(q, 0, vector, 0, inside);
      expect(Math.hypot(...inside)).toBeCloseTo(Math.hypot(...vector), 9);
      const outside = rotate(q, 0, inside, new Float64Array(3));
      vector.forEach((value, k) => {
        expect(outside[k]).toBeCloseTo(value, 9);
      });
    }),
  );
});

test('a turn about z is read back, whichever of the two quaternions stands for it', () => {
  fc.assert(
    fc.property(angle, turn => {
      const q = rotation([0, 0, turn]);
      expect(turnAboutZ(q, 0)).toBeCloseTo(turn, 9);
      expect(
        turnAboutZ(
          q.map(value => -value),
          0,
        ),
      ).toBeCloseTo(turn, 9);
    }),
  );
});
