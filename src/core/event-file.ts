import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { onDisk } from './files.ts';

/**
 * Appends scalars to a TensorBoard event file: TFRecord frames around `Event` messages
 * (tensorflow/core/util/event.proto, lib/io/record_writer.cc). TensorBoard reads files whose name holds `tfevents`.
 */
export class EventWriter {
  readonly #path: string;
  readonly #file: number;
  #offset: number;

  /**
   * @param offset bytes of an existing file to keep, from an earlier writer's `offset`; the rest is cut off. Default 0:
   *   a new file
   * @throws as all its methods do where the system refuses, one line that names the file and the reason
   */
  constructor(path: string, offset = 0) {
    this.#path = path;
    this.#file = onDisk(path, () => openSync(path, offset > 0 ? 'r+' : 'w'));
    this.#offset = offset;
    if (offset > 0) onDisk(path, () => ftruncateSync(this.#file, offset));
  }

  /** Bytes in the file. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Adds scalars at a step. Figures are stored as float32.
   * @param step a safe integer ≥ 0
   * @param wallTime seconds since 1970
   */
  append(step: number, scalars: Iterable<readonly [tag: string, value: number]>, wallTime: number): void {
    const values = Array.from(scalars, ([tag, value]) => message(1, [text(1, tag), float(2, value)]));
    if (values.length === 0) return;
    // TensorBoard takes the first record's time for the run's start.
    if (this.#offset === 0) this.#write(event(wallTime, 0, text(3, 'brain.Event:2')));
    this.#write(event(wallTime, step, message(5, values)));
  }

  /** Waits until all is on the disk. */
  flush(): void {
    onDisk(this.#path, () => fsyncSync(this.#file));
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(data: Uint8Array): void {
    const record = frame(data);
    onDisk(this.#path, () => {
      for (let at = 0; at < record.length; ) {
        at += writeSync(this.#file, record, at, record.length - at, this.#offset + at);
      }
    });
    this.#offset += record.length;
  }
}

/** A TFRecord: length, its checksum, data, its checksum. */
function frame(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** A CRC of data that holds CRCs is weak: the format rotates and shifts it (lib/hash/crc32c.h). */
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli; RFC 3720, appendix B.4). */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) crc = table[(crc ^ data[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

// ── Protocol buffers: a field is its number and wire type, then its value ───────────────────────────────────────────

const event = (wallTime: number, step: number, what: Uint8Array): Uint8Array =>
  concat([double(1, wallTime), varintField(2, step), what]);

const key = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

const varintField = (field: number, value: number): Uint8Array => concat([key(field, 0), varint(value)]);

function double(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat([key(field, 1), bytes]);
}

function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([key(field, 5), bytes]);
}

const text = (field: number, value: string): Uint8Array => message(field, [new TextEncoder().encode(value)]);

function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  return concat([key(field, 2), varint(body.length), body]);
}

const concat = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
