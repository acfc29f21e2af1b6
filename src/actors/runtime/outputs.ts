import type { TypedArray } from '../../core/arrays.ts';
import { asError, TroupeError } from '../../core/errors.ts';
import type { Port, SlabFields, SlabOutput } from '../contract.ts';
import type { Activity } from './inputs.ts';
import { type Lane, LocalLane, RingLane } from './lanes.ts';
import type { LocalQueue } from './local.ts';
import type { LinkSpec } from './protocol.ts';
import { copySlab, emptySlab } from './slots.ts';

/** What an output must know of the thread it sends from. */
export interface Sender {
  /** Whether the thread may stand still: not the main one. */
  readonly mayBlock: boolean;
  /** Milliseconds between signs of life. */
  readonly beatEvery: number;
  beat(): void;
  /** Told when the thread begins and when it ceases to stand still. */
  blocked(still: boolean): void;
  /** Whether the actor is to end; looked up while the thread stands still, too. */
  stopping(): boolean;
}

/** Milliseconds that an actor which is to end waits for a consumer that reads nothing, once a link. */
const lastPatience = 1000;

type Columns = Record<string, TypedArray>;

/** The inner side of an output port: copies each message into every link's ring, and waits where one is full. */
export class Outlet implements SlabOutput<SlabFields> {
  readonly port: Port;
  readonly #label: string;
  readonly #sender: Sender;
  readonly #failed: (error: unknown) => void;
  readonly #activity: Activity;
  readonly #countUnlinked: () => void;
  readonly #fields: readonly string[];
  #lanes: readonly Lane[] = [];
  /** Whose consumers read nothing while this actor was to end: it no longer waits for them. */
  readonly #deaf = new Set<Lane>();
  #ended: (() => void) | undefined;
  /** What was sent while there was no link: a `latest` link made later starts with it. */
  #last: { readonly value: unknown } | undefined;
  /** The slab that was the last one before it. */
  #spare: Columns | undefined;

  constructor(
    port: Port,
    label: string,
    sender: Sender,
    countUnlinked: () => void,
    failed: (error: unknown) => void,
    activity: Activity,
  ) {
    this.port = port;
    this.#label = label;
    this.#sender = sender;
    this.#countUnlinked = countUnlinked;
    this.#failed = failed;
    this.#activity = activity;
    this.#fields = port.port === 'slab' ? Object.keys(port.fields) : [];
  }

  attach(link: LinkSpec, local: LocalQueue | undefined): void {
    const lane = local ? new LocalLane(link, local) : new RingLane(link, this.port);
    if (link.memory.overflow === 'latest' && !lane.last()) {
      const last = this.#lastSent();
      if (last) lane.send(last.value);
    }
    this.#lanes = [...this.#lanes, lane];
  }

  detach(link: number): void {
    const last = this.#lastSent();
    this.#lanes = this.#lanes.filter(lane => lane.link.id !== link);
    if (this.#lanes.length === 0 && last) this.#keep(last.value);
  }

  next(message: unknown): void {
    if (this.#ended) {
      this.#ended();
      return;
    }
    if (this.#lanes.length === 0) {
      this.#keep(message);
      this.#countUnlinked();
      return;
    }
    for (const lane of this.#lanes) {
      if (this.#makeRoom(lane)) this.#send(lane, message);
      else lane.writer.drop();
    }
  }

  write(fill: (slab: never) => void): void {
    if (this.port.port !== 'slab') throw new TypeError(`${this.#label}: write is for slab ports`);
    if (this.#ended) {
      this.#ended();
      return;
    }
    let filled: unknown;
    let first: Lane | undefined;
    for (const lane of this.#lanes) {
      if (!this.#makeRoom(lane)) lane.writer.drop();
      else if (first) lane.send(filled as Columns);
      else {
        first = lane;
        filled = lane.begin();
        fill(filled as never);
      }
    }
    if (first) {
      first.writer.commit();
      return;
    }
    // Not into the last one: it must stay whole if `fill` throws.
    const scratch = this.#spare ?? emptySlab(this.port.fields);
    fill(scratch as never);
    this.#spare = this.#last?.value as Columns | undefined;
    this.#last = { value: scratch };
    if (this.#lanes.length === 0) this.#countUnlinked();
  }

  async ready(): Promise<void> {
    for (const lane of this.#lanes) {
      while (!lane.writer.hasRoom() && !this.#sender.stopping()) await lane.room();
    }
  }

  /** Sends nothing more. @param late called with what an actor sends nevertheless */
  end(late: () => void): void {
    this.#ended = late;
    this.#lanes = [];
  }

  /** Frees whoever awaits `ready`: the actor is to end. */
  release(): void {
    for (const lane of this.#lanes) lane.release();
  }

  /** A stream that fails into its output is a failed actor. */
  error(error: unknown): void {
    this.#failed(error);
  }

  complete(): void {}

  #keep(message: unknown): void {
    if (this.port.port === 'value') {
      this.#last = { value: message };
      return;
    }
    const copy = (this.#last?.value ?? emptySlab(this.port.fields)) as Columns;
    try {
      copySlab(this.#fields, message as Columns, copy);
    } catch (error) {
      throw this.#named(error);
    }
    this.#last = { value: copy };
  }

  #lastSent(): { readonly value: unknown } | undefined {
    for (const lane of this.#lanes) {
      const last = lane.last();
      if (last) return last;
    }
    return this.#last;
  }

  /** @returns false if there is no room and never will be: the consumer is gone, or this actor is to end */
  #makeRoom(lane: Lane): boolean {
    const { writer, link } = lane;
    if (writer.closed) return false;
    if (writer.hasRoom()) return true;
    const { sender, since } = { sender: this.#sender, since: performance.now() };
    if (link.local || !sender.mayBlock) {
      if (sender.stopping()) return false;
      this.#relieve(lane);
      if (writer.hasRoom()) return !writer.closed;
      const where = link.local ? 'where both actors share a thread' : 'on the main thread';
      throw new TroupeError(
        `${this.#label}: the link ${link.name} is full (depth ${link.memory.depth}): await ready() before next() ${where}`,
      );
    }
    // Once the actor is to end it may still get rid of what it has, as long as the consumer goes on reading.
    let until: number | undefined;
    sender.blocked(true);
    while (!writer.hasRoom() && !this.#deaf.has(lane)) {
      if (sender.stopping()) {
        until ??= performance.now() + lastPatience;
        if (performance.now() >= until) this.#deaf.add(lane);
      }
      writer.block(sender.beatEvery);
      sender.beat();
    }
    sender.blocked(false);
    writer.countWait(performance.now() - since);
    return writer.hasRoom() && !writer.closed;
  }

  /** What is on the way between two actors of one thread can be handled right now; but not by an actor in between. */
  #relieve(lane: Lane): void {
    const { busy } = this.#activity;
    this.#activity.busy = true;
    try {
      lane.relieve();
    } finally {
      this.#activity.busy = busy;
    }
  }

  #send(lane: Lane, message: unknown): void {
    try {
      lane.send(message);
    } catch (error) {
      throw this.#named(error);
    }
  }

  #named(error: unknown): TroupeError {
    const { message, kind } = asError(error) as Error & { kind?: TroupeError['kind'] };
    return new TroupeError(`${this.#label}: ${message}`, { cause: error, ...(kind && { kind }) });
  }
}
