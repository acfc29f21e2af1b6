import type { Port } from '../contract.ts';
import type { LocalQueue } from './local.ts';
import { type Polled, poller } from './poller.ts';
import type { LinkSpec } from './protocol.ts';
import { RingWriter } from './ring.ts';
import { type Slots, slotsFor } from './slots.ts';

/** One link as its producer sees it. */
export interface Lane {
  readonly link: LinkSpec;
  readonly writer: RingWriter;
  /** Sends a copy, or on one thread the reference. Only where there is room. */
  send(message: unknown): void;
  /** The next slot, to be filled in place and committed. Slabs only. */
  begin(): unknown;
  /** The last message sent, if any was. */
  last(): { readonly value: unknown } | undefined;
  /** Has the consumer, where it is at hand, take a message now. */
  relieve(): void;
  /** Resolves when there may be room. */
  room(): Promise<void>;
  /** Resolves `room` for whoever awaits it, room or not. */
  release(): void;
}

/** Waits for room without stopping the thread. */
class Room implements Polled {
  readonly #writer: RingWriter;
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #asleep = false;

  constructor(writer: RingWriter) {
    this.#writer = writer;
  }

  async wait(): Promise<void> {
    if (!this.#waiting) {
      let resolve = (): void => {};
      const promise = new Promise<void>(done => {
        resolve = done;
      });
      this.#waiting = { promise, resolve };
      poller.wake(this);
    }
    const since = performance.now();
    await this.#waiting.promise;
    this.#writer.countWait(performance.now() - since);
  }

  release(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
    poller.remove(this);
  }

  poll(): boolean {
    if (!this.#waiting || !this.#writer.hasRoom()) return false;
    this.release();
    return true;
  }

  sleep(): boolean {
    if (!this.#waiting || this.#asleep) return true;
    const changed = this.#writer.roomChanged();
    if (!changed) return false;
    this.#asleep = true;
    changed.then(() => {
      this.#asleep = false;
      if (this.#waiting) poller.wake(this);
    });
    return true;
  }
}

export class RingLane implements Lane {
  readonly link: LinkSpec;
  readonly writer: RingWriter;
  readonly #slots: Slots;
  readonly #room: Room;

  constructor(link: LinkSpec, port: Port) {
    this.link = link;
    this.writer = new RingWriter(link.memory);
    this.#slots = slotsFor(port, link.memory.slots);
    this.#room = new Room(this.writer);
  }

  send(message: unknown): void {
    this.#slots.write(this.writer.begin(), message);
    this.writer.commit();
  }

  begin(): unknown {
    return this.#slots.inPlace(this.writer.begin());
  }

  last(): { readonly value: unknown } | undefined {
    const slot = this.writer.last();
    return slot < 0 ? undefined : { value: this.#slots.inPlace(slot) };
  }

  relieve(): void {}

  room(): Promise<void> {
    return this.#room.wait();
  }

  release(): void {
    this.#room.release();
  }
}

/** Values by reference, to an actor on the same thread. */
export class LocalLane implements Lane {
  readonly link: LinkSpec;
  readonly writer: RingWriter;
  readonly #queue: LocalQueue;
  readonly #room: Room;

  constructor(link: LinkSpec, queue: LocalQueue) {
    this.link = link;
    this.writer = queue.writer;
    this.#queue = queue;
    this.#room = new Room(this.writer);
  }

  send(message: unknown): void {
    this.#queue.push(message);
  }

  begin(): unknown {
    throw new TypeError(`link ${this.link.name}: slabs never travel by reference`);
  }

  last(): { readonly value: unknown } | undefined {
    return this.#queue.last();
  }

  relieve(): void {
    this.#queue.consumer?.relieve();
  }

  room(): Promise<void> {
    return this.#room.wait();
  }

  release(): void {
    this.#room.release();
  }
}
