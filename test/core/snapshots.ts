import fc from 'fast-check';
import type { TypedArray } from '../../src/core/arrays.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';

const key = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$tensor', '$number', '$', '$$', '__proto__', 'constructor', '__metadata__', 'a.b', '1'),
);

/** Any snapshot: every kind of leaf, keys that look like the codec's own, numbers that JSON cannot hold. */
export const snapshots: fc.Arbitrary<Snapshot> = fc.letrec<{ snapshot: Snapshot }>(tie => ({
  snapshot: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.double(),
    fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.oneof(
      fc.float32Array(),
      fc.float64Array(),
      fc.int32Array(),
      fc.uint32Array(),
      fc.uint8Array(),
    ) as fc.Arbitrary<TypedArray>,
    fc.array(tie('snapshot'), { maxLength: 4 }),
    fc.dictionary(key, tie('snapshot'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).snapshot;

/** Whether two snapshots hold the same bits: -0 is not 0, NaN is NaN, and keys stand in the same order. */
export function sameBits(a: Snapshot, b: Snapshot): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return false;
    return (
      Object.prototype.toString.call(a) === Object.prototype.toString.call(b) && bytesOf(a).equals(bytesOf(b))
    );
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)] as [string, Snapshot][][];
  return (
    left.length === right.length &&
    left.every(([name, value], i) => name === right[i][0] && sameBits(value, right[i][1]))
  );
}

const bytesOf = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
