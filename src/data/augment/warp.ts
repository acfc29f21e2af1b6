import type { ImageShape } from './contract.ts';

/**
 * Where each pixel of the result comes from: place (column, row) from (xx·column + xy·row + x, yx·column + yy·row + y).
 * Places are pixel numbers, so a pixel's middle is a whole number.
 */
export interface Mapping {
  xx: number;
  xy: number;
  x: number;
  yx: number;
  yy: number;
  y: number;
}

/** The mapping about the image's middle with a shift, from the inverse of the matrix that moves the picture. */
export function aboutMiddle(
  mapping: Mapping,
  [rows, columns]: ImageShape,
  right: number,
  down: number,
): Mapping {
  const column = (columns - 1) / 2;
  const row = (rows - 1) / 2;
  mapping.x = column - mapping.xx * (column + right) - mapping.xy * (row + down);
  mapping.y = row - mapping.yx * (column + right) - mapping.yy * (row + down);
  return mapping;
}

let framed = new Float32Array(0);

/** The image with a frame of one pixel of `fill`, so that every neighbour of a place inside the frame exists. */
function frame(
  x: Float32Array,
  at: number,
  [rows, columns, channels]: ImageShape,
  fill: number,
): Float32Array {
  const width = (columns + 2) * channels;
  const size = (rows + 2) * width;
  if (framed.length < size) framed = new Float32Array(size);
  framed.fill(fill, 0, size);
  const length = columns * channels;
  for (let row = 0, from = at, to = width + channels; row < rows; row++, from += length, to += width) {
    for (let i = 0; i < length; i++) framed[to + i] = x[from + i];
  }
  return framed;
}

/** Draws the mapped image with bilinear interpolation, `fill` outside. `x` and `out` must not overlap. */
export function warp(
  x: Float32Array,
  at: number,
  out: Float32Array,
  outAt: number,
  shape: ImageShape,
  { xx, xy, x: x0, yx, yy, y: y0 }: Mapping,
  fill: number,
): void {
  const [rows, columns, channels] = shape;
  const source = frame(x, at, shape, fill);
  const width = (columns + 2) * channels;
  const lastX = columns + 1;
  const lastY = rows + 1;
  let to = outAt;
  for (let row = 0; row < rows; row++) {
    // In the frame's own places, one more than the image's.
    let fromX = xy * row + x0 + 1;
    let fromY = yy * row + y0 + 1;
    for (let column = 0; column < columns; column++, fromX += xx, fromY += yx) {
      if (fromX >= 0 && fromX < lastX && fromY >= 0 && fromY < lastY) {
        const left = fromX | 0;
        const top = fromY | 0;
        const right = fromX - left;
        const down = fromY - top;
        let from = top * width + left * channels;
        for (let channel = 0; channel < channels; channel++, from++) {
          const a = source[from];
          const b = source[from + width];
          const upper = a + right * (source[from + channels] - a);
          const lower = b + right * (source[from + width + channels] - b);
          out[to++] = upper + down * (lower - upper);
        }
      } else {
        for (let channel = 0; channel < channels; channel++) out[to++] = fill;
      }
    }
  }
}

/** The same with the nearest pixel instead of an interpolation. */
export function warpNearest(
  x: Float32Array,
  at: number,
  out: Float32Array,
  outAt: number,
  [rows, columns, channels]: ImageShape,
  { xx, xy, x: x0, yx, yy, y: y0 }: Mapping,
  fill: number,
): void {
  let to = outAt;
  for (let row = 0; row < rows; row++) {
    let fromX = xy * row + x0 + 0.5;
    let fromY = yy * row + y0 + 0.5;
    for (let column = 0; column < columns; column++, fromX += xx, fromY += yx) {
      const inside = fromX >= 0 && fromX < columns && fromY >= 0 && fromY < rows;
      const from = inside ? at + ((fromY | 0) * columns + (fromX | 0)) * channels : 0;
      for (let channel = 0; channel < channels; channel++) out[to++] = inside ? x[from + channel] : fill;
    }
  }
}
