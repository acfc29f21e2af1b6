import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';
import { type AnyCall, type Call, kernelOf, onCpu, run } from './wasm-backend.ts';

interface Convolution {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** A product of matrices: the windows that each weight has seen, a row each, times the gradients of the outputs. */
export function conv2dBackpropFilter(
  call: Call<{ x: TensorInfo; dy: TensorInfo }, Convolution>,
): TensorInfo | TensorInfo[] {
  const { inputs, attrs, backend } = call;
  const { x, dy } = inputs;
  if (attrs.dataFormat !== 'NHWC') {
    return onCpu('Conv2DBackpropFilter', call as unknown as AnyCall);
  }
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    attrs.filterShape,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const places = info.batchSize * info.outHeight * info.outWidth;
  const weights = info.filterHeight * info.filterWidth * info.inChannels;
  const windows = backend.makeOutput([1, places, weights], 'float32');
  fillWindows(backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(windows), info);
  const slopes = { ...dy, shape: [1, places, info.outChannels] };
  // Turned beforehand, as the products of gradients are everywhere: see wasm-kernels.ts.
  const turned = run(kernelOf('Transpose'), { inputs: { x: windows }, attrs: { perm: [0, 2, 1] }, backend });
  const product = run(kernelOf('BatchMatMul'), {
    inputs: { a: turned, b: slopes },
    attrs: { transposeA: false, transposeB: false },
    backend,
  });
  backend.disposeData(windows.dataId);
  backend.disposeData(turned.dataId);
  return { ...product, shape: attrs.filterShape };
}

/** im2col: for each place of each output image the numbers under the filter, zeros beyond the edges. */
function fillWindows(x: Float32Array, windows: Float32Array, info: tf.backend_util.Conv2DInfo): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  windows.fill(0);
  let at = 0;
  for (let image = 0; image < info.batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * info.strideHeight - info.padInfo.top;
      for (let column = 0; column < outWidth; column++) {
        const left = column * info.strideWidth - info.padInfo.left;
        const [first, last] = [Math.max(0, -left), Math.min(filterWidth, inWidth - left)];
        for (let i = 0; i < filterHeight; i++, at += filterWidth * inChannels) {
          const y = top + i;
          if (y < 0 || y >= inHeight) continue;
          const from = ((image * inHeight + y) * inWidth + left) * inChannels;
          for (let j = first * inChannels; j < last * inChannels; j++) windows[at + j] = x[from + j];
        }
      }
    }
  }
}

interface Pool {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * dy where each window's first largest number is. The stock kernel finds none in windows of negative numbers.
 */
export function maxPoolGrad(call: Call<{ dy: TensorInfo; input: TensorInfo }, Pool>): TensorInfo {
  const { inputs, attrs, backend } = call;
  const shape = inputs.input.shape as [number, number, number, number];
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  const out = backend.makeOutput(shape, 'float32');
  const [x, dy] = [backend.typedArrayFromHeap(inputs.input), backend.typedArrayFromHeap(inputs.dy)];
  const dx = backend.typedArrayFromHeap(out);
  dx.fill(0);
  for (let i = 0; i < dy.length; i++) {
    const channel = i % inChannels;
    const place = (i - channel) / inChannels;
    const column = (place % outWidth) * info.strideWidth - info.padInfo.left;
    const row = (Math.floor(place / outWidth) % outHeight) * info.strideHeight - info.padInfo.top;
    const image = Math.floor(place / (outWidth * outHeight));
    let [largest, at] = [Number.NEGATIVE_INFINITY, -1];
    for (let y = Math.max(0, row); y < Math.min(inHeight, row + info.filterHeight); y++) {
      for (let z = Math.max(0, column); z < Math.min(inWidth, column + info.filterWidth); z++) {
        const here = ((image * inHeight + y) * inWidth + z) * inChannels + channel;
        if (x[here] > largest || at < 0) [largest, at] = [x[here], here];
      }
    }
    dx[at] += dy[i];
  }
  return out;
}
