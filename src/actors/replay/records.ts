import { dtypeOf, type TypedArray, zeros } from '../../core/arrays.ts';
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

/** What a number of an observation is stored as: bytes are for pixels, whole numbers 0 … 255, in a quarter of the room. */
export type RecordType = 'float32' | 'uint8';

/** How large records are. */
export interface RecordShape {
  readonly rows: number;
  /** Numbers of a row. */
  readonly size: number;
  readonly type: RecordType;
}

/** Bytes of all records. */
export const recordBytes = ({ rows, size, type }: RecordShape): number =>
  rows * size * (type === 'uint8' ? 1 : 4);

/** Records in memory. */
export function memoryRecords({ rows, size, type }: RecordShape): Records {
  const data = zeros(type, rows * size);
  return {
    bytes: data.byteLength,
    write(row, from, at) {
      writeRecord(from, at, data, row * size, size);
    },
    read(row, out, at) {
      const from = row * size;
      for (let j = 0; j < size; j++) out[at + j] = data[from + j];
    },
    snapshot: held => data.slice(0, held * size),
    restore(snapshot) {
      if (!ArrayBuffer.isView(snapshot)) {
        throw usageError('replay: spill = null: the saved observations lie in a file, expected its folder');
      }
      const saved = snapshot as TypedArray;
      if (dtypeOf(saved) !== type || saved.length > data.length) {
        throw usageError(
          `replay: the saved observations are ${saved.length} ${dtypeOf(saved)}, expected at most ${data.length} ${type}`,
        );
      }
      data.set(saved);
    },
    close() {},
  };
}

/** Copies a row. @throws a usage error where bytes do not hold it */
export function writeRecord(
  from: Float32Array,
  at: number,
  out: Float32Array | Uint8Array,
  to: number,
  size: number,
): void {
  for (let j = 0; j < size; j++) {
    const value = from[at + j];
    out[to + j] = value;
    // Of numbers that are none, or have no end, the difference is none.
    if (out[to + j] - value !== 0) throw misfit(value, out);
  }
}

const misfit = (value: number, { BYTES_PER_ELEMENT: bytes }: Float32Array | Uint8Array) =>
  usageError(
    bytes === 1
      ? `replay: observations = uint8: observation ${value}: expected a whole number, 0 to 255`
      : `replay: observation ${value}: expected a finite number`,
  );
