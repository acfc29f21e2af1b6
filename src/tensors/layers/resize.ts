import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import * as tf from '../ops.ts';
import { withOwnGradient } from './own-gradient.ts';

/**
 * Makes an image larger by repeating each of its points in a square.
 * @param x [batch, height, width, channels]
 * @param factor a whole number from 1 on
 * @returns [batch, factor · height, factor · width, channels]
 */
export function upsampleNearest(x: Tensor, factor = 2): Tensor {
  if (!Number.isInteger(factor) || factor < 1) {
    throw usageError(`upsampleNearest: factor: expected a whole number from 1 on, got ${factor}`);
  }
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const points = [batch * height * width, 1, channels];
  const rows = [batch * height, 1, width * factor * channels];
  const [y] = withOwnGradient(
    { x },
    inputs => {
      const wide = tf.tile(tf.reshape(inputs.x, points), [1, factor, 1]);
      const high = tf.tile(tf.reshape(wide, rows), [1, factor, 1]);
      return { output: tf.reshape(high, [batch, height * factor, width * factor, channels]), saved: [] };
    },
    dy => ({
      x: () => {
        const low = tf.sum(tf.reshape(dy, [rows[0], factor, rows[2]]), 1);
        return tf.reshape(tf.sum(tf.reshape(low, [points[0], factor, channels]), 1), x.shape);
      },
    }),
  );
  return y;
}

/**
 * Resizes an image by bilinear interpolation between the centres of its points (PyTorch's `align_corners=False`, TensorFlow's
 * `half_pixel_centers`), without smoothing where it shrinks. Two products with constant matrices.
 * @param x [batch, height, width, channels]
 * @returns [batch, rows, columns, channels]
 */
export function resizeBilinear(x: Tensor, rows: number, columns: number): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const down = tf.tensor(interpolation(height, rows), [1, rows, height]);
  const across = tf.tensor(interpolation(width, columns), [1, columns, width]);
  const high = tf.matMul(down, tf.reshape(x, [batch, height, width * channels]));
  const wide = tf.matMul(across, tf.reshape(high, [batch * rows, width, channels]));
  return tf.reshape(wide, [batch, rows, columns, channels]);
}

/** What each of `to` points takes of `from` points, [to, from]. */
function interpolation(from: number, to: number): Float32Array {
  const shares = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const below = Math.floor(place);
    const above = Math.min(from - 1, below + 1);
    shares[i * from + below] += 1 - (place - below);
    shares[i * from + above] += place - below;
  }
  return shares;
}
