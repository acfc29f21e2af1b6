import { closeSync, openSync, readSync } from 'node:fs';
import { usageError } from '../../core/errors.ts';

/** A line of a file, without its end. */
export interface Line {
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** Where the next line begins, in bytes. */
  readonly end: number;
  /** Whether it has its end. A last line without one was torn: its writer was killed. */
  readonly whole: boolean;
}

const chunkBytes = 1 << 16;
const lineFeed = 10;

/** Every line of a file, which may be larger than memory. @throws a usage error where it cannot be read */
export function* linesOf(path: string): Generator<Line, void, undefined> {
  const file = reading(path, () => openSync(path, 'r'));
  try {
    let rest = Buffer.alloc(0);
    let end = 0;
    let number = 0;
    for (;;) {
      // A new buffer each time: lines of the last one may be kept.
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const size = reading(path, () => readSync(file, chunk, 0, chunkBytes, null));
      if (size === 0) break;
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let from = 0;
      for (let to = bytes.indexOf(lineFeed, rest.length); to >= 0; to = bytes.indexOf(lineFeed, from)) {
        end += to + 1 - from;
        yield { bytes: bytes.subarray(from, to), number: ++number, end, whole: true };
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) yield { bytes: rest, number: ++number, end: end + rest.length, whole: false };
  } finally {
    closeSync(file);
  }
}

function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(`${path}: ${code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`}`, error);
  }
}
