import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypedArray } from '../../src/core/arrays.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../src/core/safetensors.ts';

const tensors: Record<string, StoredTensor> = {
  b: { shape: [3], data: Uint8Array.of(1, 2, 3) },
  w: { shape: [2, 3], data: Float32Array.of(1.5, -2, 3, 4, 5, Number.POSITIVE_INFINITY) },
  d: { shape: [2], data: Float64Array.of(Math.PI, -0) },
  u: { shape: [1], data: Uint32Array.of(4294967295) },
  i: { shape: [2], data: Int32Array.of(-1, 2) },
  empty: { shape: [0, 2], data: new Float32Array(0) },
};

// What the Python package wrote (safetensors 0.8.0, numpy 2.4.6), for the same tensors:
//   safetensors.numpy.save({"w": np.array([[1.5, -2, 3], [4, 5, np.inf]], np.float32),
//     "d": np.array([np.pi, -0.0]), "i": np.array([-1, 2], np.int32), "u": np.array([4294967295], np.uint32),
//     "b": np.array([1, 2, 3], np.uint8), "empty": np.zeros((0, 2), np.float32)}, metadata={"format": "np"})
const golden = Buffer.concat([
  Buffer.from('7001000000000000', 'hex'),
  Buffer.from(
    '{"__metadata__":{"format":"np"},"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},' +
      '"empty":{"dtype":"F32","shape":[0,2],"data_offsets":[16,16]},' +
      '"w":{"dtype":"F32","shape":[2,3],"data_offsets":[16,40]},' +
      '"u":{"dtype":"U32","shape":[1],"data_offsets":[40,44]},' +
      '"i":{"dtype":"I32","shape":[2],"data_offsets":[44,52]},' +
      '"b":{"dtype":"U8","shape":[3],"data_offsets":[52,55]}}',
  ),
  Buffer.from('182d4454fb21094000000000000000800000c03f000000c0000040400000804000', 'hex'),
  Buffer.from('00a0400000807fffffffffffffffff02000000010203', 'hex'),
]);

describe('safetensors', () => {
  it('writes the bytes of the reference writer', () => {
    expect(Buffer.from(encodeSafetensors(tensors, { format: 'np' }))).toEqual(golden);
  });

  it('reads the bytes of the reference writer', () => {
    const read = decodeSafetensors(golden, 'x');
    expect(read.metadata).toEqual({ format: 'np' });
    expect(read.tensors).toEqual(tensors);
  });

  it('gives arrays of its own, from any offset', () => {
    const bytes = new Uint8Array(golden.length + 1);
    bytes.set(golden, 1);
    const { tensors: read } = decodeSafetensors(bytes.subarray(1), 'x');
    bytes.fill(0);
    expect(read).toEqual(tensors);
  });

  it('round trips any bits under any name', () => {
    const data: fc.Arbitrary<TypedArray> = fc.oneof(
      fc.float32Array(),
      fc.float64Array(),
      fc.int32Array(),
      fc.uint32Array(),
      fc.uint8Array(),
    );
    const stored = data.map(array => ({ shape: [array.length, 1], data: array }));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), stored), all => {
        const read = decodeSafetensors(encodeSafetensors(all), 'x').tensors;
        expect(Object.keys(read).sort()).toEqual(Object.keys(all).sort());
        for (const [name, { shape, data }] of Object.entries(all)) {
          expect(read[name].shape).toEqual(shape);
          expect(read[name].data.constructor).toBe(data.constructor);
          expect(Buffer.from(read[name].data.buffer).equals(Buffer.from(data.buffer))).toBe(true);
        }
      }),
    );
  });

  it('refuses a tensor that does not fill its shape', () => {
    expect(() => encodeSafetensors({ w: { shape: [2, 2], data: new Float32Array(3) } })).toThrow(
      'tensor w: 3 elements do not fill the shape [2,2]',
    );
  });
});

describe('a file that is not whole', () => {
  const withHeader = (header: string, data = 0): Uint8Array => {
    const bytes = new Uint8Array(8 + header.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(Buffer.from(header), 8);
    return bytes;
  };
  const entry = (fields: object) => ({ dtype: 'F32', shape: [1], data_offsets: [0, 4], ...fields });
  const one = (fields: object, data = 4) => withHeader(JSON.stringify({ w: entry(fields) }), data);

  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'run/x: not a safetensors file: 0 bytes, expected at least 8'],
    [
      'a picture',
      Buffer.from('\x89PNG\r\n\x1a\nIHDR', 'latin1'),
      'run/x: not a safetensors file: a header of',
    ],
    ['cut in the header', golden.subarray(0, 100), 'run/x: truncated: 100 bytes, expected at least 376'],
    ['cut in the data', golden.subarray(0, -1), `truncated: ${golden.length - 1} bytes, tensor b ends at`],
    ['longer than its tensors', Buffer.concat([golden, Buffer.of(0)]), 'damaged: 432 bytes, expected 431'],
    ['not JSON', withHeader('{"w":'), 'its header is not JSON'],
    ['not UTF-8', withHeader('{"a":1}').fill(0xff, 10, 11), 'its header is not JSON'],
    ['a list', withHeader('[1]'), 'its header is not an object'],
    [
      'unknown dtype',
      one({ dtype: 'BF16' }),
      'tensor w: dtype = "BF16": expected one of F64, F32, U32, I32, U8',
    ],
    ['negative size', one({ shape: [-1] }), 'tensor w: shape = [-1]: expected a list of sizes'],
    ['wrong span', one({ data_offsets: [0, 8] }, 8), 'data_offsets = [0,8]: expected a span of 4 bytes'],
    ['a hole', one({ data_offsets: [4, 8] }, 8), 'damaged: tensor w starts at 4, expected 0'],
    [
      'overlapping tensors',
      withHeader(JSON.stringify({ w: entry({}), v: entry({}) }), 4),
      'damaged: tensor v starts at 0, expected 4',
    ],
    ['metadata of numbers', withHeader('{"__metadata__":{"a":1}}'), '__metadata__: expected texts by name'],
    ['a huge shape', one({ shape: [2 ** 40] }), 'expected a span of'],
  ])('is named in one line: %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'run/x')).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) as string }),
    );
    expect(() => decodeSafetensors(bytes, 'run/x')).toThrow(/^[^\n]*$/);
  });
});
