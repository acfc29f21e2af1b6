import { usageError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';

/** Where observations lie, one a row: in memory (`memoryRecords`) or in a file (`spilledRecords`). */
export interface Records {
  /** Bytes of memory that it takes. */
  readonly bytes: number;
  /** Writes a row from what stands at an offset. */
  write(row: number, from: Float32Array, at: number): void;
  /** Reads a row to an offset. */
  read(row: number, out: Float32Array, at: number): void;
  /** @param rows how many of the first rows hold something @param mark what tells this state from others of the run */
  snapshot(rows: number, mark: number): Snapshot;
  restore(snapshot: Snapshot): void;
  close(): void;
}

/** Rows of `size` numbers in memory. */
export function memoryRecords(rows: number, size: number): Records {
  const data = new Float32Array(rows * size);
  return {
    bytes: data.byteLength,
    write(row, from, at) {
      const to = row * size;
      for (let j = 0; j < size; j++) data[to + j] = from[at + j];
    },
    read(row, out, at) {
      const from = row * size;
      for (let j = 0; j < size; j++) out[at + j] = data[from + j];
    },
    snapshot: held => data.slice(0, held * size),
    restore(snapshot) {
      if (!(snapshot instanceof Float32Array) || snapshot.length > data.length) {
        throw usageError('replay: spill = null: the saved observations lie in a file, expected its folder');
      }
      data.set(snapshot);
    },
    close() {},
  };
}
