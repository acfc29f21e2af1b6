import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32c, EventWriter } from '../../src/core/event-file.ts';

const fresh = () => join(mkdtempSync(join(tmpdir(), 'troupe-events-')), 'events.out.tfevents.troupe');

/**
 * The bytes below were read by TensorBoard's own reader (Python 3.11, `pip install tensorboard==2.21.0`), with
 *   from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
 *   a = EventAccumulator(folder); a.Reload()
 *   [(tag, [(e.step, e.value, e.wall_time) for e in a.Scalars(tag)]) for tag in a.Tags()['scalars']]
 * which gave
 *   learner/loss [(0, 0.5, 1700000000.25), (300, 0.25, 1700000002.0), (1099511627781, 0.125, 1700000003.5)]
 *   learner/entropy [(0, nan, 1700000000.25)]
 *   évaluator/rückkehr [(300, -1.0000000150474662e+30, 1700000002.0)]
 */
function writeGolden(path: string): void {
  const first = new EventWriter(path);
  first.append(
    0,
    [
      ['learner/loss', 0.5],
      ['learner/entropy', Number.NaN],
    ],
    1700000000.25,
  );
  const kept = first.offset;
  first.append(128, [['learner/loss', 99]], 1700000001);
  first.close();
  const second = new EventWriter(path, kept);
  second.append(
    300,
    [
      ['learner/loss', 0.25],
      ['évaluator/rückkehr', -1e30],
    ],
    1700000002,
  );
  second.append(2 ** 40 + 5, [['learner/loss', 0.125]], 1700000003.5);
  second.flush();
  second.close();
}

const golden = Buffer.from(
  `1a00000000000000129bd82d0900001040fc54d94110001a0d627261696e2e4576656e743a3252ef97933a0000000000
    00001295eae20900001040fc54d94110002a2d0a130a0c6c6561726e65722f6c6f7373150000003f0a160a0f6c656172
    6e65722f656e74726f7079150000c07fab3a125940000000000000002817f4950900008040fc54d94110ac022a320a13
    0a0c6c6561726e65722f6c6f7373150000803e0a1b0a14c3a976616c7561746f722f72c3bc636b6b65687215caf249f1
    6cc0b3672700000000000000bbe1b146090000e040fc54d941108580808080202a150a130a0c6c6561726e65722f6c6f
    7373150000003e2105aacb`.replaceAll(/\s/g, ''),
  'hex',
);

describe('an event file', () => {
  it('holds the bytes that TensorBoard has read', () => {
    const path = fresh();
    writeGolden(path);
    expect(readFileSync(path).toString('hex')).toBe(golden.toString('hex'));
  });

  it('is framed and encoded as an independent reader expects', () => {
    const path = fresh();
    writeGolden(path);
    const [version, ...events] = decode(readFileSync(path));
    expect(version).toEqual({ wallTime: 1700000000.25, step: 0n, version: 'brain.Event:2', scalars: {} });
    expect(events).toEqual([
      { wallTime: 1700000000.25, step: 0n, scalars: { 'learner/loss': 0.5, 'learner/entropy': Number.NaN } },
      {
        wallTime: 1700000002,
        step: 300n,
        scalars: { 'learner/loss': 0.25, 'évaluator/rückkehr': Math.fround(-1e30) },
      },
      { wallTime: 1700000003.5, step: 2n ** 40n + 5n, scalars: { 'learner/loss': 0.125 } },
    ]);
  });

  it('tells its length, and goes on from any earlier one', () => {
    const path = fresh();
    const writer = new EventWriter(path);
    expect(writer.offset).toBe(0);
    writer.append(1, [], 1);
    expect(writer.offset).toBe(0);
    writer.append(1, [['a', 1]], 1);
    expect(writer.offset).toBe(readFileSync(path).length);
    writer.close();
    new EventWriter(path, writer.offset).close();
    expect(decode(readFileSync(path))).toHaveLength(2);
    new EventWriter(path).close();
    expect(readFileSync(path)).toHaveLength(0);
  });

  it('needs the file that it is to go on with', () => {
    expect(() => new EventWriter(fresh(), 10)).toThrow(/ENOENT/);
  });
});

it('crc32c agrees with RFC 3720, appendix B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
});

// ── A reader written from the formats' definitions, sharing nothing with the writer ─────────────────────────────────

interface Decoded {
  wallTime: number;
  step: bigint;
  version?: string;
  scalars: Record<string, number>;
}

function decode(bytes: Buffer): Decoded[] {
  const events: Decoded[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(masked(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(data));
    events.push(decodeEvent(data));
    at += length + 16;
  }
  return events;
}

function decodeEvent(data: Buffer): Decoded {
  const event: Decoded = { wallTime: Number.NaN, step: -1n, scalars: {} };
  for (const { field, value } of fields(data)) {
    if (field === 1) event.wallTime = (value as Buffer).readDoubleLE();
    else if (field === 2) event.step = value as bigint;
    else if (field === 3) event.version = String(value);
    else if (field === 5) {
      for (const summary of fields(value as Buffer)) {
        const parts = new Map(fields(summary.value as Buffer).map(part => [part.field, part.value]));
        event.scalars[String(parts.get(1))] = (parts.get(2) as Buffer).readFloatLE();
      }
    } else throw new Error(`unexpected field ${field}`);
  }
  return event;
}

function fields(data: Buffer): { field: number; value: bigint | Buffer }[] {
  const found: { field: number; value: bigint | Buffer }[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire === 0) {
      found.push({ field: tag >> 3, value: varint() });
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
    found.push({ field: tag >> 3, value: data.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** Bit by bit, in whole numbers: RFC 3720's polynomial, then TFRecord's mask. */
function masked(data: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}
