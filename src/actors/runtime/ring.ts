/// <reference lib="es2024.sharedmemory" />
import type { Overflow } from '../contract.ts';

/**
 * A ring of slots in shared memory between one producer and one consumer, which may be on any two threads. It outlives
 * both: whoever restarts finds it where the other left off.
 *
 * The producer fills a slot, gives it its message number as generation, and commits the write count last, so a
 * producer killed half way leaves nothing that a reader would take. The consumer of a `block` ring reads in place and
 * releases afterwards, so a consumer killed half way is given the message again. On the other links the producer may
 * take the oldest message away at any moment: the consumer copies first, then claims by compare-and-swap, and drops its
 * copy where it lost. Counts wrap at 2³² and are compared by difference.
 */
export interface RingMemory {
  readonly overflow: Overflow;
  /** Messages it holds before it overflows. */
  readonly depth: number;
  /** The counts, then a generation a slot. */
  readonly control: Int32Array;
  /** Milliseconds that the producer stood waiting. */
  readonly waited: Float64Array;
  /** Where the messages lie, in a form that `slots.ts` knows; none for a link whose values never leave their thread. */
  readonly slots: readonly SharedArrayBuffer[];
}

/** Places of the counts; the producer's and the consumer's stand on cache lines of their own. */
const WRITTEN = 0;
const DROPPED = 1;
const WAITS = 2;
const READ = 16;
const RECEIVED = 17;
const CLOSED = 32;
const GENERATIONS = 48;

/** @param slots makes room for so many messages; left out for a link whose values never leave their thread */
export function allocateRing(
  overflow: Overflow,
  depth: number,
  slots: ((count: number) => readonly SharedArrayBuffer[]) | undefined,
): RingMemory {
  // A power of two divides 2³², so slots stay in order when the counts wrap. One more than the depth, where the
  // producer writes the next message before it takes the oldest away; never one, so that a mark can say "unfinished".
  const wanted = Math.max(2, overflow === 'block' ? depth : depth + 1);
  const count = 2 ** Math.ceil(Math.log2(wanted));
  const control = new Int32Array(new SharedArrayBuffer((GENERATIONS + count) * 4));
  for (let i = 0; i < count; i++) control[GENERATIONS + i] = i + 1;
  return {
    overflow,
    depth,
    control,
    waited: new Float64Array(new SharedArrayBuffer(8)),
    slots: slots?.(count) ?? [],
  };
}

/** What a link has done, from its memory; any thread may ask. */
export function ringCounts({ control, waited }: RingMemory) {
  return {
    sent: Atomics.load(control, WRITTEN) >>> 0,
    received: Atomics.load(control, RECEIVED) >>> 0,
    dropped: Atomics.load(control, DROPPED) >>> 0,
    waits: Atomics.load(control, WAITS) >>> 0,
    waitedMs: waited[0],
    waiting: (Atomics.load(control, WRITTEN) - Atomics.load(control, READ)) | 0,
  };
}

/** The consumer is gone for good: whoever waits for room stops waiting, and what is sent is dropped. */
export function closeRing({ control }: RingMemory): void {
  Atomics.store(control, CLOSED, 1);
  wakeBoth(control);
}

/** Makes a producer that waits for room look up. */
export function wakeRing({ control }: RingMemory): void {
  wakeBoth(control);
}

function wakeBoth(control: Int32Array): void {
  Atomics.notify(control, READ);
  Atomics.notify(control, WRITTEN);
}

export class RingWriter {
  readonly memory: RingMemory;
  readonly #control: Int32Array;
  readonly #mask: number;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.#control = memory.control;
    this.#mask = memory.control.length - GENERATIONS - 1;
    this.#dropOldest(); // for a producer killed between its commit and its drop
  }

  get closed(): boolean {
    return Atomics.load(this.#control, CLOSED) === 1;
  }

  /** Whether the next message stops nobody. */
  hasRoom(): boolean {
    if (this.memory.overflow !== 'block') return true;
    const waiting = (Atomics.load(this.#control, WRITTEN) - Atomics.load(this.#control, READ)) | 0;
    return waiting < this.memory.depth || this.closed;
  }

  /** The slot of the next message, marked as unfinished. Only where there is room. */
  begin(): number {
    const number = Atomics.load(this.#control, WRITTEN);
    const slot = number & this.#mask;
    Atomics.store(this.#control, GENERATIONS + slot, (number + 1) | 0);
    return slot;
  }

  /** Makes the message that was begun visible: generation first, count last. */
  commit(): void {
    const number = Atomics.load(this.#control, WRITTEN);
    Atomics.store(this.#control, GENERATIONS + (number & this.#mask), number);
    Atomics.store(this.#control, WRITTEN, (number + 1) | 0);
    this.#dropOldest();
    Atomics.notify(this.#control, WRITTEN);
  }

  /** A message went to nobody. */
  drop(): void {
    Atomics.add(this.#control, DROPPED, 1);
  }

  /** The slot of the last message sent, or -1. It stays whole until the producer begins anew. */
  last(): number {
    const written = Atomics.load(this.#control, WRITTEN);
    return written === 0 ? -1 : (written - 1) & this.#mask;
  }

  /** Blocks the thread until there may be room, at most `ms`. */
  block(ms: number): void {
    const read = Atomics.load(this.#control, READ);
    if (!this.hasRoom()) Atomics.wait(this.#control, READ, read, ms);
  }

  countWait(ms: number): void {
    Atomics.add(this.#control, WAITS, 1);
    this.memory.waited[0] += ms;
  }

  /** Resolves when there may be room; `undefined` where there is room by now. */
  roomChanged(): Promise<unknown> | undefined {
    const read = Atomics.load(this.#control, READ);
    if (this.hasRoom()) return undefined;
    return changed(this.#control, READ, read);
  }

  /** What waits has been lost. */
  dropWaiting(): void {
    this.#dropBeyond(0);
  }

  #dropOldest(): void {
    if (this.memory.overflow !== 'block') this.#dropBeyond(this.memory.depth);
  }

  #dropBeyond(most: number): void {
    for (;;) {
      const read = Atomics.load(this.#control, READ);
      const waiting = (Atomics.load(this.#control, WRITTEN) - read) | 0;
      if (waiting <= most) return;
      if (Atomics.compareExchange(this.#control, READ, read, (read + 1) | 0) === read) this.drop();
    }
  }
}

export class RingReader {
  readonly memory: RingMemory;
  readonly #control: Int32Array;
  readonly #mask: number;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.#control = memory.control;
    this.#mask = memory.control.length - GENERATIONS - 1;
  }

  /** `latest` only: a consumer that comes late, or anew, is given the last value again. */
  rewind(): void {
    for (;;) {
      const read = Atomics.load(this.#control, READ);
      const written = Atomics.load(this.#control, WRITTEN);
      if (written === 0 || read !== written) return;
      if (Atomics.compareExchange(this.#control, READ, read, (written - 1) | 0) === read) return;
    }
  }

  get waiting(): number {
    return (Atomics.load(this.#control, WRITTEN) - Atomics.load(this.#control, READ)) | 0;
  }

  /** The number of the message that is next. */
  get next(): number {
    return Atomics.load(this.#control, READ);
  }

  /** The slot of message `number`, or -1 if it holds another one by now, or a part. */
  slotOf(number: number): number {
    const slot = number & this.#mask;
    return Atomics.load(this.#control, GENERATIONS + slot) === number ? slot : -1;
  }

  /** Takes the message from the ring. @returns false if the producer had taken it away, or begun another in its slot */
  claim(number: number): boolean {
    // A reader may go back to a message (`rewind`) just as the producer, unaware of it, begins to write over it.
    if (this.slotOf(number) < 0 || !this.pass(number)) return false;
    Atomics.add(this.#control, RECEIVED, 1);
    return true;
  }

  /** Goes on to the next message, without this one. */
  pass(number: number): boolean {
    if (Atomics.compareExchange(this.#control, READ, number, (number + 1) | 0) !== number) return false;
    Atomics.notify(this.#control, READ);
    return true;
  }

  /** Resolves when more was sent; `undefined` where there is some already. One caller at a time. */
  more(): Promise<unknown> | undefined {
    const written = Atomics.load(this.#control, WRITTEN);
    if (written !== Atomics.load(this.#control, READ)) return undefined;
    return changed(this.#control, WRITTEN, written);
  }
}

function changed(control: Int32Array, word: number, seen: number): Promise<unknown> | undefined {
  const wait = Atomics.waitAsync(control, word, seen);
  return wait.async ? wait.value : undefined;
}
