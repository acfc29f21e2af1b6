import * as tf from '../tfjs.ts';
import { kernel, type Row, row } from './row.ts';

/** Pooling of images. The kernels for the gradients take the same attributes as the kernels themselves. */
export const pooling: readonly Row[] = [
  // Of equal numbers in a window the first takes dy.
  row('MaxPool', { inputs: ['x'], outputs: [true] }, (dy, [input, output], attributes) => ({
    x: () => kernel('MaxPoolGrad', { dy, input, output }, attributes),
  })),
  row<Pool>('AvgPool', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => averageGradient(dy, x.shape as Shape, attributes),
  })),
];

type Shape = [number, number, number, number];
interface Pool {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Not tfjs' kernel for it, which divides by the size of the window where the window has less, at padded edges: dy by
 * the numbers in each window, spread over it.
 */
function averageGradient(dy: tf.Tensor, shape: Shape, pool: Pool): tf.Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = pool;
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { filterHeight, filterWidth, outHeight, outWidth, inChannels, batchSize } = info;
  const { top, bottom, left, right } = info.padInfo;
  const padded = top + bottom + left + right > 0;
  const apart = info.strideHeight === filterHeight && info.strideWidth === filterWidth;
  const covered = outHeight * filterHeight === info.inHeight && outWidth * filterWidth === info.inWidth;
  if (!padded && apart && covered) {
    const share = tf.div(dy, filterHeight * filterWidth);
    const each = tf.reshape(share, [batchSize, outHeight, 1, outWidth, 1, inChannels]);
    return tf.reshape(tf.tile(each, [1, 1, filterHeight, 1, filterWidth, 1]), shape);
  }
  const within = (from: number, length: number, size: number) =>
    Math.min(from + length, size) - Math.max(from, 0);
  const counts = Float32Array.from({ length: outHeight * outWidth }, (_, i) => {
    const [row, column] = [Math.floor(i / outWidth), i % outWidth];
    const height = within(row * info.strideHeight - top, filterHeight, info.inHeight);
    return height * within(column * info.strideWidth - left, filterWidth, info.inWidth);
  });
  const share = tf.div(dy, tf.tensor(counts, [1, outHeight, outWidth, 1]));
  const filter = tf.fill([filterHeight, filterWidth, inChannels, 1], 1);
  const attributes = { strides, pad, dimRoundingMode, dilations: [1, 1], inputShape: shape };
  return kernel('DepthwiseConv2dNativeBackpropInput', { dy: share, filter }, attributes);
}
