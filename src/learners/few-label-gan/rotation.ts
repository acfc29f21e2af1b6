import { type Tensor, tf } from '../../tensors/index.ts';

/** Rotations by a quarter, none included: what self-supervision tells apart. */
export const TURNS = 4;

/**
 * Square images, turned counter-clockwise.
 * @param x [images, size, size, channels]
 * @param turns by 90 degrees, 0 to 3
 */
export function rotate(x: Tensor, turns: number): Tensor {
  const transposed = (image: Tensor) => tf.transpose(image, [0, 2, 1, 3]);
  if (turns === 0) return x;
  if (turns === 1) return tf.reverse(transposed(x), 1);
  if (turns === 2) return tf.reverse(x, [1, 2]);
  return transposed(tf.reverse(x, 1));
}

/** How many images of a batch get their three rotations, so that upright and rotated ones together are `batch / fraction`. */
export const rotatedCount = (batch: number, fraction: number): number => Math.floor(batch / fraction / TURNS);

/**
 * A batch with the three rotations of its last images behind it.
 * @param x [images, size, size, channels]
 * @param count images to rotate
 * @returns [images + 3 · count, size, size, channels]; the last 4 · count rows are upright, turned by 90, 180, 270
 */
export function withRotations(x: Tensor, count: number): Tensor {
  if (count === 0) return x;
  const last = tf.slice(x, [x.shape[0] - count, 0, 0, 0]);
  return tf.concat([x, ...[1, 2, 3].map(turns => rotate(last, turns))], 0);
}

/** What stands in the last 4 · count rows: 0…0, 1…1, 2…2, 3…3, int32. */
export function rotationLabels(count: number): Int32Array {
  return Int32Array.from({ length: TURNS * count }, (_, row) => Math.floor(row / count));
}
