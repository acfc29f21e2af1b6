import { Observable, type Subscriber } from 'rxjs';
import type { Port } from '../contract.ts';
import type { LocalQueue } from './local.ts';
import { type Polled, poller } from './poller.ts';
import { PortValueError } from './port-value-error.ts';
import type { LinkSpec } from './protocol.ts';
import { RingReader } from './ring.ts';
import { type Slots, slotsFor } from './slots.ts';
import { beginDelivery, endDelivery } from './unhandled.ts';

/** Messages that a link is relieved of at a time: however deep it is, its thread turns its loop in between. */
const burst = 64;

/** Told before each message, so that a failure can name the last one. */
export type Witness = (link: number, message: number) => void;

/** What an actor is in the middle of: while it handles a message, or makes room for one, it is given no other. */
export interface Activity {
  busy: boolean;
}

/**
 * The inner side of an input port: merges its links into one observable, and reads them only while somebody is
 * subscribed. The first error that a subscriber lets out ends it: `failed` is told, and the message stays unhandled.
 */
export class Inlet {
  readonly observable: Observable<unknown>;
  readonly port: Port;
  readonly #label: string;
  readonly #witness: Witness | undefined;
  readonly #failed: ((error: unknown) => void) | undefined;
  readonly #activity: Activity;
  readonly #sources = new Map<number, Source>();
  #subscribers: readonly Subscriber<unknown>[] = [];
  #ended = false;

  /**
   * @param label `learner: input trajectories`, for messages
   * @param failed told of errors that subscribers let out; without it they take RxJS's own way
   * @param activity shared by all ports of an actor
   */
  constructor(
    port: Port,
    label: string,
    witness?: Witness,
    failed?: (error: unknown) => void,
    activity: Activity = { busy: false },
  ) {
    this.port = port;
    this.#label = label;
    this.#witness = witness;
    this.#failed = failed;
    this.#activity = activity;
    this.observable = new Observable(subscriber => {
      if (this.#ended) {
        subscriber.complete();
        return undefined;
      }
      this.#subscribers = [...this.#subscribers, subscriber];
      for (const source of this.#sources.values()) poller.wake(source);
      return () => {
        this.#subscribers = this.#subscribers.filter(other => other !== subscriber);
      };
    });
  }

  get open(): boolean {
    return !this.#ended && this.#subscribers.length > 0;
  }

  /** Whether its actor can be given a message in the middle of another's work. */
  get free(): boolean {
    return this.open && !this.#activity.busy;
  }

  attach(link: LinkSpec, local: LocalQueue | undefined): void {
    const source = local ? new LocalSource(this, link, local) : new RingSource(this, link);
    this.#sources.set(link.id, source);
    poller.wake(source);
  }

  detach(link: number): void {
    const source = this.#sources.get(link);
    if (!source) return;
    source.gone = true;
    poller.remove(source);
    this.#sources.delete(link);
  }

  /** @returns false if the message was not handled */
  deliver(link: LinkSpec, number: number, message: unknown): boolean {
    this.#witness?.(link.id, number);
    this.#activity.busy = true;
    try {
      return this.#give(link, message);
    } finally {
      this.#activity.busy = false;
    }
  }

  #give(link: LinkSpec, message: unknown): boolean {
    if (!this.#failed) {
      for (const subscriber of this.#subscribers) subscriber.next(message);
      return true;
    }
    beginDelivery();
    try {
      const value = this.#checked(link, message);
      for (const subscriber of this.#subscribers) subscriber.next(value);
      const unhandled = endDelivery();
      if (!unhandled) return true;
      this.#fail(unhandled.error);
    } catch (error) {
      endDelivery();
      this.#fail(error);
    }
    return false;
  }

  #checked(link: LinkSpec, message: unknown): unknown {
    if (this.port.port !== 'value' || !this.port.schema) return message;
    const result = this.port.schema.safeParse(message);
    if (result.success) return result.data;
    throw new PortValueError(this.#label, link.name, message, result.error);
  }

  #fail(error: unknown): void {
    this.abandon();
    this.#failed?.(error);
  }

  /** Handles what is waiting now, as far as somebody is subscribed. */
  async drain(): Promise<void> {
    for (const source of this.#sources.values()) {
      for (let left = source.waiting; left > 0 && this.open; left--) {
        source.poll();
        if (source.waiting === 0) break;
        await new Promise(setImmediate);
      }
    }
  }

  /** No more messages: subscribers complete. */
  complete(): void {
    if (this.#ended) return;
    this.abandon();
    for (const subscriber of this.#subscribers) subscriber.complete();
    this.#subscribers = [];
  }

  /** No more messages, without a word to the subscribers. */
  abandon(): void {
    this.#ended = true;
    for (const source of this.#sources.values()) poller.remove(source);
  }
}

interface Source extends Polled {
  readonly waiting: number;
  /** Detached: a waiter that wakes up late finds nothing to do. */
  gone: boolean;
}

/** A ring in shared memory, from another thread, or with slabs also from this one. */
class RingSource implements Source {
  readonly #inlet: Inlet;
  readonly #link: LinkSpec;
  readonly #ring: RingReader;
  readonly #slots: Slots;
  readonly #inPlace: boolean;
  gone = false;
  #asleep = false;

  constructor(inlet: Inlet, link: LinkSpec) {
    this.#inlet = inlet;
    this.#link = link;
    this.#ring = new RingReader(link.memory);
    this.#slots = slotsFor(inlet.port, link.memory.slots);
    this.#inPlace = link.memory.overflow === 'block';
    if (link.memory.overflow === 'latest') this.#ring.rewind();
  }

  get waiting(): number {
    return this.#ring.waiting;
  }

  poll(): boolean {
    let found = false;
    for (
      let n = Math.min(this.#link.memory.depth, burst);
      n > 0 && this.#inlet.open && this.#ring.waiting > 0;
      n--
    ) {
      found = true;
      if (!this.#deliverNext()) break;
    }
    return found;
  }

  /** One waiter at a time: an abandoned one would stay for ever. */
  sleep(): boolean {
    if (!this.#inlet.open || this.#asleep) return true;
    const more = this.#ring.more();
    if (!more) return false;
    this.#asleep = true;
    more.then(() => {
      this.#asleep = false;
      if (!this.gone && this.#inlet.open) poller.wake(this);
    });
    return true;
  }

  #deliverNext(): boolean {
    const number = this.#ring.next;
    const slot = this.#ring.slotOf(number);
    if (slot < 0) {
      this.#ring.pass(number); // overtaken or unfinished
      return true;
    }
    if (this.#inPlace) {
      const handled = this.#inlet.deliver(this.#link, number, this.#slots.inPlace(slot));
      if (handled) this.#ring.claim(number);
      return handled;
    }
    const copy = this.#slots.copy(slot);
    if (!this.#ring.claim(number)) return true;
    return this.#inlet.deliver(this.#link, number, this.#slots.open(copy));
  }
}

/** Values by reference, from an actor on the same thread. */
class LocalSource implements Source {
  readonly #inlet: Inlet;
  readonly #link: LinkSpec;
  readonly #queue: LocalQueue;
  gone = false;

  constructor(inlet: Inlet, link: LinkSpec, queue: LocalQueue) {
    this.#inlet = inlet;
    this.#link = link;
    this.#queue = queue;
    queue.consumer = this;
    if (link.memory.overflow === 'latest') queue.rewind();
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  poll(): boolean {
    let found = false;
    for (
      let n = Math.min(this.#queue.waiting, burst);
      n > 0 && this.#inlet.open && this.#queue.waiting > 0;
      n--
    ) {
      found = true;
      if (!this.#deliverNext()) break;
    }
    return found;
  }

  /** Takes a message at once, if its actor can, so that there is room for another. */
  relieve(): void {
    if (this.#inlet.free && this.#queue.waiting > 0) this.#deliverNext();
  }

  sleep(): boolean {
    return !this.#inlet.open || this.#queue.waiting === 0;
  }

  #deliverNext(): boolean {
    const number = this.#queue.next;
    const handled = this.#inlet.deliver(this.#link, number, this.#queue.peek());
    if (handled) this.#queue.release(number);
    return handled;
  }
}
