import { type Polled, poller } from './poller.ts';
import { type RingMemory, RingReader, RingWriter } from './ring.ts';

/**
 * A link for values between two actors of one thread: a queue of references. Its counts stand in the same shared words
 * as a ring's, so that metrics, room and overflow are one and the same thing. The counts outlive the thread and the
 * references do not: a queue drops what waited in the one before it.
 */
export class LocalQueue {
  readonly writer: RingWriter;
  readonly #reader: RingReader;
  readonly #items: unknown[] = [];
  /** Whether the last message that was counted went through this queue. */
  #holdsLast = false;
  /** Polled when there is something. */
  consumer: (Polled & { relieve(): void }) | undefined;

  constructor(memory: RingMemory) {
    this.writer = new RingWriter(memory);
    this.#reader = new RingReader(memory);
    this.writer.dropWaiting();
  }

  get waiting(): number {
    return this.#reader.waiting;
  }

  get next(): number {
    return this.#reader.next;
  }

  push(value: unknown): void {
    this.#items[this.writer.begin()] = value;
    this.writer.commit();
    this.#holdsLast = true;
    if (this.consumer) poller.wake(this.consumer);
  }

  peek(): unknown {
    return this.#items[this.#reader.slotOf(this.#reader.next)];
  }

  /** The last value that was sent, if it is still known. */
  last(): { value: unknown } | undefined {
    return this.#holdsLast ? { value: this.#items[this.writer.last()] } : undefined;
  }

  /** The message was handled. (It may have been taken away meanwhile, by what its handling sent.) */
  release(number: number): void {
    this.#reader.claim(number);
  }

  rewind(): void {
    if (this.#holdsLast) this.#reader.rewind();
  }
}
