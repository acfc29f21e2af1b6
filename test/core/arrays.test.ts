import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  bytesPerElement,
  concatenate,
  type Dtype,
  dtypeOf,
  sizeOf,
  viewOf,
  zeros,
} from '../../src/core/arrays.ts';

const dtypes: Dtype[] = ['float32', 'float64', 'int32', 'uint32', 'uint8'];

describe('arrays', () => {
  it('goes from dtype to array and back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dtypes), fc.nat(64), (dtype, length) => {
        const array = zeros(dtype, length);
        expect(dtypeOf(array)).toBe(dtype);
        expect(array.byteLength).toBe(length * bytesPerElement(dtype));
      }),
    );
  });

  it('views shared memory in place', () => {
    const buffer = new SharedArrayBuffer(16);
    viewOf('float32', buffer, 8, 2)[1] = 1.5;
    expect(viewOf('float32', buffer, 12, 1)[0]).toBe(1.5);
  });

  it('types the array by its dtype', () => {
    expectTypeOf(zeros('int32', 1)).toEqualTypeOf<Int32Array>();
  });

  it('multiplies shapes', () => {
    expect([sizeOf([]), sizeOf([3]), sizeOf([2, 3, 4]), sizeOf([2, 0])]).toEqual([1, 3, 24, 0]);
  });

  it('puts arrays one behind the other', () => {
    const parts = [Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(3)];
    expect(concatenate('float32', parts)).toEqual(Float32Array.of(1, 2, 3));
    expect(concatenate('int32', [])).toEqual(new Int32Array(0));
  });

  it('names what it cannot take', () => {
    expect(() => dtypeOf(new Int8Array(1) as never)).toThrow('no dtype for [object Int8Array]');
  });
});
