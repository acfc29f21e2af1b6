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

export const newSlot = (port: Port): SharedArrayBuffer =>
  port.port === 'slab' ? new SharedArrayBuffer(slabLayout(port.fields).bytes) : newValueSlot();

export const slotsFor = (port: Port, slots: readonly SharedArrayBuffer[]): Slots =>
  port.port === 'slab' ? new SlabSlots(port.fields, slots) : new ValueSlots(slots);

// ── Slabs ───────────────────────────────────────────────────────────────────────────────────────────────────────────

type Columns = Record<string, TypedArray>;

/** Where the fields of a slab stand: each on an 8-byte boundary. */
function slabLayout(fields: SlabFields) {
  let bytes = 0;
  const columns = Object.entries(fields).map(([name, { dtype, shape }]) => {
    const column = { name, dtype, length: sizeOf(shape), offset: bytes };
    bytes += Math.ceil((column.length * bytesPerElement(dtype)) / 8) * 8;
    return column;
  });
  return { columns, bytes };
}

/** A slab of its own, outside any ring. */
export const emptySlab = (fields: SlabFields): Columns =>
  Object.fromEntries(slabLayout(fields).columns.map(c => [c.name, zeros(c.dtype, c.length)]));

/** Copies every field of one slab into another. @throws if a field is missing or has another length */
export function copySlab(fields: readonly string[], from: Columns, to: Columns): void {
  for (const name of fields) {
    const source = from[name];
    const target = to[name];
    if (source?.length !== target.length || source.constructor !== target.constructor) {
      throw usageError(`slab field ${name}: expected ${describe(target)}, got ${describe(source)}`);
    }
    target.set(source);
  }
}

const describe = (array: TypedArray | undefined): string =>
  array === undefined ? 'nothing' : `${array.constructor.name} of ${array.length}`;

class SlabSlots implements Slots {
  readonly #fields: readonly string[];
  readonly #views: readonly Columns[];
  /** What a consumer that must copy gets: the same arrays each time, as valid as views are. */
  readonly #scratch: Columns;

  constructor(fields: SlabFields, slots: readonly SharedArrayBuffer[]) {
    const { columns } = slabLayout(fields);
    this.#fields = Object.keys(fields);
    this.#scratch = emptySlab(fields);
    this.#views = slots.map(slot =>
      Object.fromEntries(columns.map(c => [c.name, viewOf(c.dtype, slot, c.offset, c.length)])),
    );
  }

  write(slot: number, message: unknown): void {
    copySlab(this.#fields, message as Columns, this.#views[slot]);
  }

  inPlace(slot: number): unknown {
    return this.#views[slot];
  }

  copy(slot: number): unknown {
    for (const name of this.#fields) this.#scratch[name].set(this.#views[slot][name]);
    return this.#scratch;
  }

  open(copy: unknown): unknown {
    return copy;
  }
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Address space set aside for one value; memory is taken only as values need it. */
const largestValue = 256 * 2 ** 20;
const header = 4;

/** A shared buffer that can grow (ES2024, Node 20; TypeScript's library knows it from es2024 on). */
interface Growable extends SharedArrayBuffer {
  grow(bytes: number): void;
}

const newValueSlot = (): SharedArrayBuffer =>
  new (SharedArrayBuffer as new (bytes: number, options: { maxByteLength: number }) => SharedArrayBuffer)(
    1024,
    { maxByteLength: largestValue },
  );

class ValueSlots implements Slots {
  readonly #slots: readonly SharedArrayBuffer[];
  /** They track the length of buffers that grow. */
  readonly #bytes: readonly Uint8Array[];
  readonly #lengths: readonly Uint32Array[];

  constructor(slots: readonly SharedArrayBuffer[]) {
    this.#slots = slots;
    this.#bytes = slots.map(slot => new Uint8Array(slot));
    this.#lengths = slots.map(slot => new Uint32Array(slot, 0, 1));
  }

  write(slot: number, message: unknown): void {
    const bytes = serialize(message);
    const needed = header + bytes.length;
    const buffer = this.#slots[slot];
    if (needed > buffer.byteLength) {
      if (needed > largestValue) {
        throw usageError(
          `a value of ${bytes.length} bytes: expected at most ${largestValue}; use a slab port`,
        );
      }
      (buffer as Growable).grow(Math.min(largestValue, 2 ** Math.ceil(Math.log2(needed))));
    }
    this.#bytes[slot].set(bytes, header);
    this.#lengths[slot][0] = bytes.length;
  }

  inPlace(slot: number): unknown {
    return this.open(this.copy(slot));
  }

  copy(slot: number): Uint8Array {
    // A slot that is being overwritten may hold any length; slice cuts it to what there is.
    return this.#bytes[slot].slice(header, header + this.#lengths[slot][0]);
  }

  open(copy: unknown): unknown {
    return deserialize(copy as Uint8Array);
  }
}
