import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { zeros } from '../../core/arrays.ts';
import { TroupeError, usageError } from '../../core/errors.ts';
import { discard, makeFolder, onDisk } from '../../core/files.ts';
import { type RecordShape, type Records, writeRecord } from './records.ts';

/** How many copies stay: those of the checkpoints that stay, and one whose checkpoint may not have been written. */
const KEPT = 3;
const CHUNK = 2 ** 22;

interface SpilledState {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Records in a file, `<folder>/<name>.rows`, in the byte order of the machine. A snapshot
 * copies what the file holds to `<name>.<mark>.rows` beside it and refers to that copy by name, size and hash; the newest
 * few copies stay, those of later marks (a future that was left) do not. Rows are not flushed one by one: after a
 * power cut the last copy holds.
 * @param alive called now and then while a file is copied
 * @throws where the disk refuses (it is full), one line that names the path: what was stored before can still be read
 */
export function spilledRecords(
  folder: string,
  name: string,
  { size, type }: RecordShape,
  alive: () => void = () => {},
): Records {
  const path = join(folder, `${name}.rows`);
  const record = zeros(type, size);
  const bytes = new Uint8Array(record.buffer);
  onDisk(folder, () => makeFolder(folder));
  const file = onDisk(path, () => openSync(path, 'w+'));
  const copyOf = (mark: number | string) => `${name}.${mark}.rows`;

  function marks(): number[] {
    return readdirSync(folder)
      .map(other => /^(\d+)\.rows$/.exec(other.startsWith(`${name}.`) ? other.slice(name.length + 1) : ''))
      .flatMap(found => (found ? [Number(found[1])] : []))
      .sort((a, b) => a - b);
  }

  return {
    bytes: bytes.length,
    write(row, from, at) {
      writeRecord(from, at, record, 0, size);
      onDisk(path, () => {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file, bytes, done, bytes.length - done, row * bytes.length + done);
        }
      });
    },
    read(row, out, at) {
      if (readUpTo(file, bytes, row * bytes.length) < bytes.length) {
        throw new TroupeError(`${path}: shorter than what was written to it`);
      }
      for (let j = 0; j < size; j++) out[at + j] = record[j];
    },
    snapshot(rows, mark) {
      const copy = copyOf(mark);
      const length = rows * bytes.length;
      const sha256 = copyWhole(file, join(folder, copy), length, alive);
      const older = marks();
      const kept = older.filter(other => other <= mark).slice(-KEPT);
      for (const other of older) if (!kept.includes(other)) discard(join(folder, copyOf(other)));
      return { file: copy, bytes: length, sha256 } satisfies SpilledState;
    },
    restore(snapshot) {
      const state = snapshot as unknown as SpilledState;
      if (typeof state.file !== 'string') {
        throw usageError(
          'replay: spill: the saved observations lie in the checkpoint, expected spill = null',
        );
      }
      const copy = join(folder, state.file);
      if (!existsSync(copy)) throw usageError(`${copy}: missing: the checkpoint's observations lie in it`);
      const found = statSync(copy).size;
      if (found !== state.bytes)
        throw usageError(`${copy}: damaged: ${found} bytes, expected ${state.bytes}`);
      const from = openSync(copy, 'r');
      try {
        const sha256 = copyChunks(from, file, path, state.bytes, alive);
        if (sha256 !== state.sha256)
          throw usageError(`${copy}: damaged: its content does not match its sha256`);
      } finally {
        closeSync(from);
      }
    },
    close() {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

/** Copies beside its place, flushes, and renames. @returns the hash of what was copied */
function copyWhole(from: number, copy: string, length: number, alive: () => void): string {
  const aside = `${copy}.${process.pid}.part`;
  return onDisk(copy, () => {
    try {
      const to = openSync(aside, 'w');
      let sha256: string;
      try {
        sha256 = copyChunks(from, to, copy, length, alive);
        fsyncSync(to);
      } finally {
        closeSync(to);
      }
      renameSync(aside, copy);
      return sha256;
    } catch (error) {
      discard(aside); // a full disk needs the room
      throw error;
    }
  });
}

function copyChunks(from: number, to: number, path: string, length: number, alive: () => void): string {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(Math.min(CHUNK, length));
  for (let at = 0; at < length; at += buffer.length) {
    const chunk = buffer.subarray(0, Math.min(buffer.length, length - at));
    // Rows that no stream has written yet may lie beyond the end.
    chunk.fill(0, readUpTo(from, chunk, at));
    hash.update(chunk);
    onDisk(path, () => {
      for (let done = 0; done < chunk.length; ) {
        done += writeSync(to, chunk, done, chunk.length - done, at + done);
      }
    });
    alive();
  }
  return hash.digest('hex');
}

/** @returns how many bytes were there */
function readUpTo(file: number, out: Uint8Array, position: number): number {
  let done = 0;
  while (done < out.length) {
    const read = readSync(file, out, done, out.length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
