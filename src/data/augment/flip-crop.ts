import { usageError } from '../../core/errors.ts';
import type { Augment, ImageShape } from './contract.ts';

/** Mirrors the image, left for right, every other time. */
export const flip: Augment = (x, at, out, outAt, [rows, columns, channels], random) => {
  const mirrored = random.uint32() >= 2 ** 31;
  let to = outAt;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = at + (row * columns + (mirrored ? columns - 1 - column : column)) * channels;
      for (let channel = 0; channel < channels; channel++) out[to++] = x[from + channel];
    }
  }
  return mirrored ? 'flip' : 'identity';
};

/**
 * Pads the image by `amount` pixels a side, mirrored about the outermost pixels (which are not repeated), and cuts one
 * of its own size out, each place as likely as the others.
 * @param amount 0 to the image's side less one
 */
export function padCrop(amount: number | ((shape: ImageShape) => number)): Augment {
  return (x, at, out, outAt, shape, random) => {
    const [rows, columns, channels] = shape;
    const most = typeof amount === 'number' ? amount : amount(shape);
    if (!(Number.isSafeInteger(most) && most >= 0 && most < Math.min(rows, columns))) {
      throw usageError(
        `crop: amount = ${most}: expected 0 to ${Math.min(rows, columns) - 1} for images of [${shape}]`,
      );
    }
    const down = random.integer(2 * most + 1) - most;
    const right = random.integer(2 * most + 1) - most;
    let to = outAt;
    for (let row = 0; row < rows; row++) {
      const fromRow = reflected(row + down, rows);
      for (let column = 0; column < columns; column++) {
        const from = at + (fromRow * columns + reflected(column + right, columns)) * channels;
        for (let channel = 0; channel < channels; channel++) out[to++] = x[from + channel];
      }
    }
    return 'crop';
  };
}

/** … 2 1 | 0 1 2 … n−1 | n−2 n−3 … */
const reflected = (place: number, count: number): number =>
  place < 0 ? -place : place >= count ? 2 * (count - 1) - place : place;
