import { sizeOf } from '../core/arrays.ts';
import { usageError } from '../core/errors.ts';
import type { HostTensor } from './contract.ts';
import type { TensorDtype } from './trees.ts';

/** A float32 tensor on the host. @throws where the shape does not hold as many elements as there are values */
export function hostTensor(shape: readonly number[], values: ArrayLike<number>): HostTensor {
  return checkFilled({ shape, data: Float32Array.from(values) });
}

/** A float32 scalar on the host. */
export const hostScalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });

/** Float32 zeros on the host. */
export const hostZeros = (shape: readonly number[]): HostTensor => ({
  shape,
  data: new Float32Array(sizeOf(shape)),
});

/** The dtype that a host tensor has on the device. @param path for the error */
export function dtypeOfHost(tensor: HostTensor, path = 'tensor'): TensorDtype {
  if (tensor.data instanceof Float32Array) return 'float32';
  if (tensor.data instanceof Int32Array) return 'int32';
  if (tensor.data instanceof Uint8Array) return 'bool';
  const type = Object.prototype.toString.call(tensor.data).slice(8, -1);
  throw usageError(`${path}: expected a Float32Array, Int32Array or Uint8Array, got ${type}`);
}

/** The tensor, if its values fill its shape. */
export function checkFilled(tensor: HostTensor, path = 'tensor'): HostTensor {
  const size = sizeOf(tensor.shape);
  if (tensor.data.length !== size) {
    throw usageError(
      `${path}: shape [${tensor.shape.join(', ')}] holds ${size} elements, got ${tensor.data.length} values`,
    );
  }
  return tensor;
}

/** Where values go: to the array that is given, or to a new one. @throws where the given one has another length */
export function roomFor(size: number, into: Float32Array | undefined, path: string): Float32Array {
  if (into === undefined) return new Float32Array(size);
  if (into.length !== size) {
    throw usageError(`${path}: expected room for ${size} float32 values, got ${into.length}`);
  }
  return into;
}
