import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';
import { type AnyCall, type Call, onCpu, replace } from './wasm-backend.ts';
import { conv2dBackpropFilter, conv2dBackpropInput, maxPoolGrad } from './wasm-images.ts';

/**
 * Adds the kernels that training needs and tfjs' wasm backend (4.22) lacks, has wrong or has slow, on this thread:
 * without them neither convolutions nor embeddings have gradients there.
 */
export function addMissingKernels(): void {
  add('UnsortedSegmentSum', unsortedSegmentSum);
  add('Conv2DBackpropFilter', conv2dBackpropFilter);
  add('MaxPoolGrad', maxPoolGrad);
  replace('Conv2DBackpropInput', conv2dBackpropInput);
  // Rare: on copies.
  for (const name of ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter']) {
    add(name, (call: AnyCall) => onCpu(name, call));
  }
}

/** Once a thread, like the backend; modules may be loaded anew, in tests. */
function add(kernelName: string, kernelFunc: unknown): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernelFunc as KernelFunc });
}

/** Rows of x added up by number; rows with a number that is no segment are dropped. */
function unsortedSegmentSum(
  call: Call<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>,
): TensorInfo {
  const { inputs, attrs, backend } = call;
  const { x, segmentIds } = inputs;
  const width = tf.util.sizeFromShape(x.shape.slice(segmentIds.shape.length));
  const out = backend.makeOutput([attrs.numSegments, ...x.shape.slice(segmentIds.shape.length)], x.dtype);
  const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)];
  to.fill(0);
  backend.typedArrayFromHeap(segmentIds).forEach((segment, row) => {
    if (segment < 0 || segment >= attrs.numSegments) return;
    const [read, write] = [row * width, segment * width];
    for (let i = 0; i < width; i++) to[write + i] += from[read + i];
  });
  return out;
}
