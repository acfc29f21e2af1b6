import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';
import { type ConvolutionOptions, pair, type Size2d } from './convolution.ts';

/** How a pooling window walks over an image. */
export interface PoolingOptions extends Pick<ConvolutionOptions, 'padding'> {
  /** Height and width of the window. Default 2. */
  readonly size?: Size2d;
  /** Default: the window's size, so that windows do not overlap. */
  readonly strides?: Size2d;
}

/** The largest value of each window and channel. @param x [batch, height, width, channels] @returns [batch, rows, columns, channels] */
export function maxPool2d(
  x: Tensor,
  { size = 2, strides = size, padding = 'valid' }: PoolingOptions = {},
): Tensor {
  return tf.maxPool(x as tf.Tensor4D, pair(size), pair(strides), padding);
}

/**
 * The mean of each window and channel; with `same` padding of what lies inside the image only.
 * @param x [batch, height, width, channels]
 * @returns [batch, rows, columns, channels]
 */
export function avgPool2d(
  x: Tensor,
  { size = 2, strides = size, padding = 'valid' }: PoolingOptions = {},
): Tensor {
  return tf.avgPool(x as tf.Tensor4D, pair(size), pair(strides), padding);
}

/** The mean of each channel over the whole image. @param x [batch, height, width, channels] @returns [batch, channels] */
export function globalAvgPool(x: Tensor): Tensor {
  const [batch, height, width, channels] = x.shape;
  return tf.mean(tf.reshape(x, [batch, height * width, channels]), 1);
}
