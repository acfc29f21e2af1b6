import * as tf from '../tfjs.ts';
import { kernel, type Row, reshaped, row } from './row.ts';

interface Resize {
  readonly size: [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Sizes of images. Resizing is a matrix for the rows and one for the columns; the gradient is their transposes. */
export const resizing: readonly Row[] = [
  row<Resize>('ResizeBilinear', { inputs: ['images'] }, (dy, [images], attributes) => ({
    images: () => transposed(dy, images, attributes, bilinear),
  })),
  row<Resize>('ResizeNearestNeighbor', { inputs: ['images'] }, (dy, [images], attributes) => ({
    images: () => transposed(dy, images, attributes, nearest),
  })),
];

/** How much of which old rows a new row is. */
type Weights = (row: number, ratio: number, last: number, resize: Resize) => readonly [number, number][];

const bilinear: Weights = (row, ratio, last, { halfPixelCenters }) => {
  const at = halfPixelCenters ? ratio * (row + 0.5) - 0.5 : ratio * row;
  const above = Math.max(0, Math.floor(at));
  const below = Math.min(last, Math.ceil(at));
  return [
    [above, 1 - (at - above)],
    [below, at - above],
  ];
};

const nearest: Weights = (row, ratio, last, { alignCorners, halfPixelCenters }) => {
  const at = ratio * (halfPixelCenters ? row + 0.5 : row);
  return [[Math.min(last, alignCorners ? Math.round(at) : Math.floor(at)), 1]];
};

/** [old, new] */
function matrix(before: number, after: number, resize: Resize, weights: Weights): tf.Tensor {
  const corners = resize.alignCorners && after > 1 ? 1 : 0;
  const ratio = (before - corners) / (after - corners);
  const entries = new Float32Array(before * after);
  for (let row = 0; row < after; row++) {
    for (const [from, weight] of weights(row, ratio, before - 1, resize))
      entries[from * after + row] += weight;
  }
  return tf.tensor(entries, [before, after]);
}

function transposed(dy: tf.Tensor, images: tf.Tensor, resize: Resize, weights: Weights): tf.Tensor {
  const [batch, height, width, channels] = images.shape;
  const [rows, columns] = resize.size;
  const product = (a: tf.Tensor, b: tf.Tensor) =>
    kernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
  const byRows = reshaped(dy, [batch, rows, columns * channels]);
  const narrow = product(matrix(height, rows, resize, weights), byRows);
  const byColumns = tf.reshape(narrow, [batch * height, columns, channels]);
  return tf.reshape(product(matrix(width, columns, resize, weights), byColumns), images.shape);
}
