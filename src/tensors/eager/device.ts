import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../contract.ts';
import { dtypeOfHost } from '../host.ts';
import * as tf from '../ops.ts';

/**
 * Uploads a host tensor. Takes the engine's short way: `tf.tensor` would infer shapes from the values again.
 * The wasm backend copies into its heap at once; the others may keep the array, so they get their own.
 */
export function upload(tensor: HostTensor): Tensor {
  const data = tf.getBackend() === 'wasm' ? tensor.data : tensor.data.slice();
  return tf.engine().makeTensor(data, tensor.shape as number[], dtypeOfHost(tensor));
}

/** Reads a tensor back. The result shares no memory with the device. */
export function download(tensor: Tensor, path = 'tensor'): HostTensor {
  if (typeof tensor === 'number' || !('dataId' in tensor)) {
    throw usageError(`${path}: expected a tensor of the device, got ${typeof tensor}`);
  }
  const data = tensor.dataSync();
  if (!(data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array)) {
    throw usageError(`${path}: expected float32, int32 or bool, got ${tensor.dtype}`);
  }
  return { shape: tensor.shape, data: tf.getBackend() === 'wasm' ? data : data.slice() };
}
