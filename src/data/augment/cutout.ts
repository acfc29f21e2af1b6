import { usageError } from '../../core/errors.ts';
import type { Augment, ImageShape } from './contract.ts';

/** Writes `fill` over the rows and columns from `top`, `left` on, as far as they lie in the image. */
export function coverSquare(
  out: Float32Array,
  outAt: number,
  [rows, columns, channels]: ImageShape,
  top: number,
  left: number,
  size: number,
  fill: number,
): void {
  const from = Math.max(0, left) * channels;
  const to = Math.min(columns, left + size) * channels;
  for (let row = Math.max(0, top); row < Math.min(rows, top + size); row++) {
    const start = outAt + row * columns * channels;
    for (let i = start + from; i < start + to; i++) out[i] = fill;
  }
}

/**
 * Cutout (DeVries & Taylor, 2017): one square of `fill` whose middle is drawn evenly from the image's pixels; what
 * reaches over the edge is lost, so the hole may be smaller.
 *
 * @param size pixels a side, 0 or more; from a function where it follows from the image's shape
 */
export function cutout(size: number | ((shape: ImageShape) => number), fill = 0): Augment {
  if (typeof size === 'number' && !(Number.isSafeInteger(size) && size >= 0)) {
    throw usageError(`cutout: size = ${size}: expected a whole number of pixels, 0 or more`);
  }
  return (x, at, out, outAt, shape, random) => {
    const [rows, columns, channels] = shape;
    const count = rows * columns * channels;
    for (let i = 0; i < count; i++) out[outAt + i] = x[at + i];
    const side = typeof size === 'number' ? size : size(shape);
    const half = side >> 1;
    const top = random.integer(rows) - half;
    const left = random.integer(columns) - half;
    coverSquare(out, outAt, shape, top, left, side, fill);
    return 'cutout';
  };
}
