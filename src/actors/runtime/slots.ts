import { totalmem } from 'node:os';
import { deserialize, serialize } from 'node:v8';
import { bytesPerElement, sizeOf, type TypedArray, viewOf, zeros } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type { Port, SlabFields } from '../contract.ts';

/** How messages stand in the slots of a ring. */
export interface Slots {
  write(slot: number, message: unknown): void;
  /** The message as it stands: slabs as views into the slot. */
  inPlace(slot: number): unknown;
  /** A copy, to be read only if the slot turns out to have been left alone meanwhile. */
  copy(slot: number): unknown;
  /** Gives a copy its meaning. */
  open(copy: unknown): unknown;
}

/** Room for `count` messages. @throws RangeError where that is more than can be had */
export const newSlots = (port: Port, count: number): readonly SharedArrayBuffer[] =>
  port.port === 'slab' ? newSlabSlots(port.fields, count) : [newValueRoom(count)];

export const slotsFor = (port: Port, slots: readonly SharedArrayBuffer[]): Slots =>
  port.port === 'slab' ? new SlabSlots(port.fields, slots) : new ValueSlots(slots[0]);

// ── Slabs ───────────────────────────────────────────────────────────────────────────────────────────────────────────

type Columns = Record<string, TypedArray>;

/** Where the fields of a slab stand: each on an 8-byte boundary. Neighbours in a page share no cache line. */
function slabLayout(fields: SlabFields) {
  let bytes = 0;
  const columns = Object.entries(fields).map(([name, { dtype, shape }]) => {
    const column = { name, dtype, length: sizeOf(shape), offset: bytes };
    bytes += Math.ceil((column.length * bytesPerElement(dtype)) / 8) * 8;
    return column;
  });
  return { columns, stride: Math.max(1, Math.ceil(bytes / cacheLine)) * cacheLine };
}

const cacheLine = 64;
/** Bytes of a page that holds several slabs: a buffer a slab would take seconds to make where a link is deep. */
const pageBytes = 2 ** 28;

function newSlabSlots(fields: SlabFields, count: number): readonly SharedArrayBuffer[] {
  const { stride } = slabLayout(fields);
  // Memory is taken as slots are used: asking for too much of it would go well, and end the process much later.
  const most = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  if (count * stride > most) {
    throw new RangeError(`${count} slabs of ${stride} bytes, where this machine has ${most}`);
  }
  const perPage = Math.min(count, Math.max(1, 2 ** Math.floor(Math.log2(pageBytes / stride))));
  return Array.from({ length: count / perPage }, () => new SharedArrayBuffer(perPage * stride));
}

/** A slab of its own, outside any ring. */
export const emptySlab = (fields: SlabFields): Columns =>
  Object.fromEntries(slabLayout(fields).columns.map(c => [c.name, zeros(c.dtype, c.length)]));

/** Copies every field of one slab into another. @throws if a field is missing or has another length, with nothing copied */
export function copySlab(fields: readonly string[], from: Columns, to: Columns): void {
  for (const name of fields) {
    const source = from[name];
    const target = to[name];
    if (source?.length !== target.length || source.constructor !== target.constructor) {
      throw usageError(`slab field ${name}: expected ${describe(target)}, got ${describe(source)}`);
    }
  }
  for (const name of fields) to[name].set(from[name]);
}

const describe = (array: TypedArray | undefined): string =>
  array === undefined ? 'nothing' : `${array.constructor.name} of ${array.length}`;

class SlabSlots implements Slots {
  readonly #fields: readonly string[];
  readonly #layout: ReturnType<typeof slabLayout>;
  readonly #pages: readonly SharedArrayBuffer[];
  readonly #perPage: number;
  /** Made as slots are first used. */
  readonly #views: Columns[] = [];
  /** What a consumer that must copy gets: the same arrays each time, as valid as views are. */
  readonly #scratch: Columns;

  constructor(fields: SlabFields, pages: readonly SharedArrayBuffer[]) {
    this.#fields = Object.keys(fields);
    this.#layout = slabLayout(fields);
    this.#pages = pages;
    this.#perPage = pages[0].byteLength / this.#layout.stride;
    this.#scratch = emptySlab(fields);
  }

  write(slot: number, message: unknown): void {
    copySlab(this.#fields, message as Columns, this.inPlace(slot));
  }

  inPlace(slot: number): Columns {
    this.#views[slot] ??= this.#viewsOf(slot);
    return this.#views[slot];
  }

  copy(slot: number): Columns {
    const views = this.inPlace(slot);
    for (const name of this.#fields) this.#scratch[name].set(views[name]);
    return this.#scratch;
  }

  open(copy: unknown): unknown {
    return copy;
  }

  #viewsOf(slot: number): Columns {
    const page = this.#pages[Math.floor(slot / this.#perPage)];
    const start = (slot % this.#perPage) * this.#layout.stride;
    const views = this.#layout.columns.map(
      ({ name, dtype, offset, length }) => [name, viewOf(dtype, page, start + offset, length)] as const,
    );
    // Frozen: an array put in a column's place would never leave this thread.
    return Object.freeze(Object.fromEntries(views));
  }
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Bytes that one value may take. */
const largestValue = 256 * 2 ** 20;
/** Bytes that the values of one link may take: what a buffer may grow to. */
const largestRoom = 2 ** 32;

/** A shared buffer that can grow (ES2024, Node 20; TypeScript's library knows it from es2024 on). */
interface Growable extends SharedArrayBuffer {
  readonly maxByteLength: number;
  grow(bytes: number): void;
}
const GrowableBuffer = SharedArrayBuffer as unknown as new (
  bytes: number,
  options: { maxByteLength: number },
) => Growable;

// The values of a link lie in one buffer that grows: a buffer each would take two of the 65,530 mappings that Linux
// gives a process. Words 0: chunks in use, in grains; 1…: the chunk of each slot, as its first grain (0: none yet).
// A slot whose value outgrows its chunk gets a new one, twice as large or more, and the old one lies idle: together less
// than what is in use. A chunk is ready before its slot names it, so a producer killed half way only leaves it idle.
const grain = 64;
const END = 0;
const FIRST = 1;
/** A chunk: its own bytes, those of its value, the value. */
const CAPACITY = 0;
const LENGTH = 1;
const header = 8;

function newValueRoom(count: number): SharedArrayBuffer {
  const start = Math.ceil(((FIRST + count) * 4) / grain);
  const most = Math.min(largestRoom, start * grain + count * 2 * largestValue);
  const room = new GrowableBuffer(start * grain, { maxByteLength: most });
  new Uint32Array(room)[END] = start;
  return room;
}

class ValueSlots implements Slots {
  readonly #room: Growable;
  /** They track the length of a buffer that grows. */
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;

  constructor(room: SharedArrayBuffer) {
    this.#room = room as Growable;
    this.#bytes = new Uint8Array(room);
    this.#words = new Uint32Array(room);
  }

  write(slot: number, message: unknown): void {
    const bytes = serialize(message);
    const needed = header + bytes.length;
    let chunk = this.#chunkOf(slot);
    if (chunk === 0 || needed > this.#words[chunk / 4 + CAPACITY]) {
      if (needed > largestValue) {
        throw usageError(
          `a value of ${bytes.length} bytes: expected at most ${largestValue - header}; use a slab port`,
        );
      }
      chunk = this.#newChunk(slot, 2 ** Math.ceil(Math.log2(Math.max(grain, needed))));
    }
    this.#bytes.set(bytes, chunk + header);
    this.#words[chunk / 4 + LENGTH] = bytes.length;
  }

  inPlace(slot: number): unknown {
    return this.open(this.copy(slot));
  }

  copy(slot: number): Uint8Array {
    // A slot that is being overwritten may say any length; slice cuts it to what there is.
    const chunk = this.#chunkOf(slot);
    return this.#bytes.slice(chunk + header, chunk + header + this.#words[chunk / 4 + LENGTH]);
  }

  open(copy: unknown): unknown {
    return deserialize(copy as Uint8Array);
  }

  /** Where a slot's chunk begins, in bytes. */
  #chunkOf(slot: number): number {
    return Atomics.load(this.#words, FIRST + slot) * grain;
  }

  #newChunk(slot: number, bytes: number): number {
    const room = this.#room;
    const start = this.#words[END];
    const end = start * grain + bytes;
    if (end > room.byteLength) {
      if (end > room.maxByteLength) {
        throw usageError(
          `the values that wait would take more than ${room.maxByteLength} bytes: expected a smaller depth or smaller values; use a slab port`,
        );
      }
      room.grow(Math.min(room.maxByteLength, 2 ** Math.ceil(Math.log2(end))));
    }
    this.#words[(start * grain) / 4 + CAPACITY] = bytes;
    Atomics.store(this.#words, END, end / grain);
    Atomics.store(this.#words, FIRST + slot, start);
    return start * grain;
  }
}
