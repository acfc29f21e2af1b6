/** The element types that tensors, slabs and checkpoints share, by their safetensors-like names. */
export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint32: Uint32Array;
  uint8: Uint8Array;
}
/** The name of an element type. */
export type Dtype = keyof TypedArrays;
/** A typed array of one of the element types. */
export type TypedArray = TypedArrays[Dtype];

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const;

/** Bytes that one element of a type takes: 1, 4 or 8. */
export const bytesPerElement = (dtype: Dtype): number => constructors[dtype].BYTES_PER_ELEMENT;

/** A new array of zeros. */
export function zeros<D extends Dtype>(dtype: D, length: number): TypedArrays[D] {
  return new constructors[dtype](length) as TypedArrays[D];
}

/** A view over `length` elements of a buffer, from a byte offset that the element size divides. */
export function viewOf<D extends Dtype>(
  dtype: D,
  buffer: ArrayBuffer | SharedArrayBuffer,
  byteOffset: number,
  length: number,
): TypedArrays[D] {
  return new constructors[dtype](buffer as ArrayBuffer, byteOffset, length) as TypedArrays[D];
}

/**
 * The name of a typed array’s element type.
 * @throws TypeError for arrays of other types, e.g. a BigInt64Array
 */
export function dtypeOf(array: TypedArray): Dtype {
  for (const dtype of Object.keys(constructors) as Dtype[]) {
    if (array instanceof constructors[dtype]) return dtype;
  }
  throw new TypeError(`no dtype for ${Object.prototype.toString.call(array)}`);
}

/** The number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Arrays of one dtype, one behind the other. @param dtype told, as there may be none */
export function concatenate<D extends Dtype>(dtype: D, parts: readonly TypedArrays[D][]): TypedArrays[D] {
  const whole = zeros(
    dtype,
    parts.reduce((length, part) => length + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part as never, at);
    at += part.length;
  }
  return whole;
}
