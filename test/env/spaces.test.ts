import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { contains, flatten, mismatch, unflatten } from '../../src/env/flatten.ts';
import {
  actionSize,
  boundsOf,
  box,
  dict,
  discrete,
  flatSize,
  multiDiscrete,
  type Space,
  sample,
  type ValueOf,
} from '../../src/env/spaces.ts';

const { space: anySpace } = fc.letrec<{ space: Space }>(tie => ({
  space: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .record({
        shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
        low: bound(),
      })
      .map(({ shape, low }) => box(shape, low === null ? {} : { low, high: low + 2 })),
    fc.integer({ min: 1, max: 5 }).map(discrete),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }).map(multiDiscrete),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('space'), { minKeys: 1 }).map(dict),
  ),
}));

function bound() {
  return fc.option(fc.integer({ min: -5, max: 5 }));
}

test('samples are in their space, flatten to its size and come back', () => {
  fc.assert(
    fc.property(anySpace, fc.integer(), (space, seed) => {
      const value = sample(space, Random.fromSeed(seed));
      expect(mismatch(space, value)).toBeUndefined();
      const out = new Float32Array(flatSize(space) + 3).fill(9);
      expect(flatten(space, value, out, 2)).toBe(flatSize(space) + 2);
      expect([out[0], out[1], out[out.length - 1]]).toEqual([9, 9, 9]);
      expect(unflatten(space, out, 2)).toEqual(value);
    }),
  );
});

test('spaces survive JSON as they are', () => {
  fc.assert(
    fc.property(anySpace, space => {
      expect(JSON.parse(JSON.stringify(space))).toEqual(space);
    }),
  );
  const open = box(2, { low: [-Infinity, 0], high: Infinity });
  const { low, high } = boundsOf(JSON.parse(JSON.stringify(open)));
  expect([...low, ...high]).toEqual([-Infinity, 0, Infinity, Infinity]);
});

test('the layout of flat values: one-hot choices, parts in declared order', () => {
  const space = dict({ mode: discrete(3), position: box(2), grips: multiDiscrete([2, 3]) });
  const out = new Float32Array(flatSize(space));
  flatten(space, { mode: 1, position: Float32Array.of(0.5, -0.5), grips: Int32Array.of(1, 0) }, out);
  expect([...out]).toEqual([0, 1, 0, 0.5, -0.5, 0, 1, 1, 0, 0]);
});

test('an action column has one number a choice and one an element of a box', () => {
  expect([discrete(4), multiDiscrete([2, 2, 2]), box([2, 3])].map(actionSize)).toEqual([1, 3, 6]);
  expect(() => actionSize(dict({ a: discrete(2) }))).toThrow('expected box, discrete or multiDiscrete');
});

describe('what is not of a space is told in one line', () => {
  const space = dict({ speed: box(2, { low: -1, high: 1 }), gear: discrete(3), keys: multiDiscrete([2, 2]) });
  const good = { speed: Float32Array.of(0, 1), gear: 2, keys: Int32Array.of(0, 1) };

  test.each<[string, unknown, string]>([
    [
      'NaN',
      { ...good, speed: Float32Array.of(0, Number.NaN) },
      'value.speed[1] = NaN, expected a finite number',
    ],
    ['bounds', { ...good, speed: Float32Array.of(2, 0) }, 'value.speed[0] = 2, expected a number in [-1, 1]'],
    [
      'length',
      { ...good, speed: new Float32Array(3) },
      'value.speed = Float32Array of length 3, expected a Float32Array of length 2',
    ],
    [
      'dtype',
      { ...good, speed: new Float64Array(2) },
      'value.speed = Float64Array of length 2, expected a Float32Array of length 2',
    ],
    ['choice', { ...good, gear: 3 }, 'value.gear = 3, expected a whole number 0 to 2'],
    ['fraction', { ...good, gear: 0.5 }, 'value.gear = 0.5, expected a whole number 0 to 2'],
    ['choices', { ...good, keys: Int32Array.of(0, 2) }, 'value.keys[1] = 2, expected a whole number 0 to 1'],
    ['missing name', { speed: good.speed, gear: 2 }, 'value.keys = undefined, expected keys of the space'],
    ['no object', 7, 'value = 7, expected an object with speed, gear, keys'],
  ])('%s', (_, value, message) => {
    expect(mismatch(space, value)).toBe(message);
    expect(contains(space, value)).toBe(false);
  });

  test('flatten refuses wrong types and shapes', () => {
    const out = new Float32Array(flatSize(space));
    expect(() => flatten(space, { ...good, gear: 3 }, out)).toThrow('expected a whole number 0 to 2');
    expect(() => flatten(space, { ...good, speed: new Float32Array(3) }, out)).toThrow('of length 2');
  });
});

test('bounds count as float32 numbers: 0.1 is in [0, 0.1]', () => {
  expect(contains(box(1, { low: 0, high: 0.1 }), Float32Array.of(0.1))).toBe(true);
});

test.each<[() => unknown, string]>([
  [() => box(0), 'box: shape = 0, expected a whole number of at least 1'],
  [() => box(2, { low: 1, high: 0 }), 'box: low[0] = 1, expected at most high, 0'],
  [() => box(2, { low: [0, 0, 0] }), 'box: low has 3 elements, expected 2 as shape has'],
  [() => box(2, { low: Number.NaN }), 'box: low = NaN, expected a finite number or -Infinity'],
  [() => discrete(1.5), 'discrete: n = 1.5, expected a whole number of at least 1'],
  [() => multiDiscrete([]), 'multiDiscrete: sizes = [], expected at least one'],
  [() => multiDiscrete([2, 0]), 'multiDiscrete: sizes[1] = 0, expected a whole number of at least 1'],
  [() => dict({}), 'dict: spaces = {}, expected at least one'],
])('%s is refused', (make, message) => {
  expect(make).toThrow(message);
});

test('values have the types of their spaces', () => {
  const space = dict({ gear: discrete(3), body: dict({ speed: box(2), keys: multiDiscrete([2]) }) });
  expectTypeOf<ValueOf<typeof space>>().toEqualTypeOf<{
    readonly gear: number;
    readonly body: { readonly speed: Float32Array; readonly keys: Int32Array };
  }>();
  expectTypeOf(sample(discrete(2), Random.fromSeed(1))).toEqualTypeOf<number>();
  // @ts-expect-error a choice is not an array
  expect(() => flatten(discrete(2), Float32Array.of(1), new Float32Array(2))).toThrow('whole number');
});
