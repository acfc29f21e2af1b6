import { type Dtype, dtypeOf, viewOf } from '../../core/arrays.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from '../../core/snapshot-codec.ts';

/**
 * Where an actor's saved state lies, in memory that outlives its thread. Two halves are written by turns and the count
 * goes up last, so whoever dies in the middle of a save leaves the one before. Messages would do too, but every save
 * would leave its copy to the garbage collector of the main thread, which seldom runs.
 */
export interface SavedRoom {
  /** How many saves are whole; save n lies in half n mod 2. */
  readonly count: Int32Array;
  readonly halves: readonly [SharedArrayBuffer, SharedArrayBuffer];
}

/** The front of a half: bytes of the JSON text that follows. */
const LENGTH = 8;
const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

interface Placed {
  readonly name: string;
  readonly dtype: Dtype;
  readonly length: number;
}

/** The actor's side. */
export class StateWriter {
  readonly #announce: (room: SavedRoom) => void;
  #room: SavedRoom | undefined;

  /** @param announce told where the state lies, the first time and whenever it outgrows its room */
  constructor(announce: (room: SavedRoom) => void) {
    this.#announce = announce;
  }

  /** @throws TroupeError that names the path of what cannot be saved */
  write(state: Snapshot): void {
    const { tree, tensors } = encodeSnapshot(state);
    const placed = Object.entries(tensors).map(([name, { data }]): Placed => {
      return { name, dtype: dtypeOf(data), length: data.length };
    });
    const text = JSON.stringify({ tree, placed });
    const front = aligned(LENGTH + Buffer.byteLength(text));
    const size = Object.values(tensors).reduce((sum, { data }) => sum + aligned(data.byteLength), front);

    const grown = this.#room === undefined || this.#room.halves[0].byteLength < size;
    const room = grown ? roomOf(Math.ceil(1.5 * size)) : (this.#room as SavedRoom);
    const count = room.count[0] + 1;
    const half = room.halves[count % 2];
    const bytes = Buffer.from(half);
    bytes.writeUInt32LE(Buffer.byteLength(text), 0);
    bytes.write(text, LENGTH);
    let at = front;
    for (const { data } of Object.values(tensors)) {
      viewOf(dtypeOf(data), half, at, data.length).set(data as Float32Array);
      at += aligned(data.byteLength);
    }
    Atomics.store(room.count, 0, count);
    if (!grown) return;
    this.#room = room;
    this.#announce(room);
  }
}

/** The last state that was saved whole, as a copy. */
export function readSaved({ count, halves }: SavedRoom): Snapshot {
  const half = halves[Atomics.load(count, 0) % 2];
  const bytes = Buffer.from(half);
  const length = bytes.readUInt32LE(0);
  const { tree, placed } = JSON.parse(bytes.toString('utf8', LENGTH, LENGTH + length)) as {
    tree: unknown;
    placed: readonly Placed[];
  };
  let at = aligned(LENGTH + length);
  const tensors = placed.map(({ name, dtype, length }) => {
    const shared = viewOf(dtype, half, at, length);
    at += aligned(shared.byteLength);
    return [name, { shape: [length], data: shared.slice() }] as const;
  });
  return decodeSnapshot({ tree, tensors: Object.fromEntries(tensors) });
}

const roomOf = (bytes: number): SavedRoom => ({
  count: new Int32Array(new SharedArrayBuffer(4)),
  halves: [new SharedArrayBuffer(bytes), new SharedArrayBuffer(bytes)],
});
