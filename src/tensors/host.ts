import { sizeOf } from '../core/arrays.ts';
import { usageError } from '../core/errors.ts';
import type { HostTensor } from './contract.ts';
import type { TensorDtype } from './trees.ts';

/** A float32 tensor on the host. @throws where the shape does not hold as many elements as there are values */
export function hostTensor(shape: readonly number[], values: ArrayLike<number>): HostTensor {
  return checked({ shape, data: Float32Array.from(values) });
}

/** A float32 scalar on the host. */
export const hostScalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });

/** Float32 zeros on the host. */
export const hostZeros = (shape: readonly number[]): HostTensor => ({
  shape,
  data: new Float32Array(sizeOf(shape)),
});

/** A tensor that shares no memory with the given one. */
export const copyHost = (tensor: HostTensor): HostTensor => ({
  shape: [...tensor.shape],
  data: tensor.data.slice(),
});

/** The dtype that a host tensor has on the device. */
export function dtypeOfHost(tensor: HostTensor): TensorDtype {
  if (tensor.data instanceof Float32Array) return 'float32';
  if (tensor.data instanceof Int32Array) return 'int32';
  if (tensor.data instanceof Uint8Array) return 'bool';
  throw usageError(
    `tensor: expected a Float32Array, Int32Array or Uint8Array, got ${Object.prototype.toString.call(tensor.data)}`,
  );
}

export function checked(tensor: HostTensor, path = 'tensor'): HostTensor {
  if (sizeOf(tensor.shape) !== tensor.data.length) {
    throw usageError(
      `${path}: shape [${tensor.shape.join(', ')}] holds ${sizeOf(tensor.shape)} elements, got ${tensor.data.length} values`,
    );
  }
  return tensor;
}
