import { type Clock, systemClock } from '../../core/clock.ts';
import { TroupeError } from '../../core/errors.ts';
import { threadMemory } from './memory.ts';
import { Cell } from './protocol.ts';
import type { Seat } from './seats.ts';
import type { Thread } from './threads.ts';

/** What a thread may do before it counts as crashed. */
export interface Limits {
  /** Milliseconds without a sign of life. */
  readonly hangAfter: number;
  /** Bytes over what it used at its start. */
  readonly memory: number | undefined;
}

/**
 * How often a thread should give a sign of life, in milliseconds. Often, and with its size, also where nothing limits
 * that: what it took is not blamed on another.
 */
export const beatEvery = ({ hangAfter }: Limits): number => Math.max(10, Math.min(100, hangAfter / 4));

/** The limits of a thread that two share. */
const together = (x: Limits, y: Limits): Limits => ({
  hangAfter: Math.max(x.hangAfter, y.hangAfter),
  memory: x.memory === undefined || y.memory === undefined ? undefined : x.memory + y.memory,
});

/** What the process takes, and what of that its threads have measured of themselves, in bytes. */
interface Reading {
  readonly resident: number;
  readonly main: number;
  readonly threads: ReadonlyMap<Thread, number>;
}

/** How the process's memory is measured; given, so that tests can say how it grows. */
export interface Gauges {
  resident(): number;
  /** Of this thread. */
  own(): number;
}
const gauges: Gauges = { resident: () => process.memoryUsage.rss(), own: threadMemory };

interface Watched {
  readonly seat: WatchedSeat;
  thread: Thread | undefined;
  limits: Limits;
  beats: number;
  silentFor: number;
  /** At the thread's last sign of life. */
  last: Reading;
  /** Killed, and not gone yet. */
  dying: boolean;
}

/** As much of a seat as is watched. */
export type WatchedSeat = Pick<Seat, 'present' | 'kill'> & {
  readonly copies: Iterable<{
    readonly starting: boolean;
    readonly spec: { readonly limits: Limits; readonly startWithin: number };
  }>;
};

/**
 * Looks at every thread's cell: ends threads that stay silent too long, or that grow beyond their budget. Threads live
 * in real time whatever clock the system was given, so this does, too.
 *
 * A thread that never turns its loop cannot measure itself. It is charged with what the process grew by since its last
 * sign of life, less what others measured of their own growth, and shared with all who cannot account for theirs: those
 * as silent, and those that start. Of several that come out too big by that, one is ended: when it is gone, all that
 * are silent are measured anew.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #gauges: Gauges;
  readonly #watched = new Map<WatchedSeat, Watched>();
  #cancel: (() => void) | undefined;
  #looked = 0;

  constructor(clock: Clock = systemClock, measure: Gauges = gauges) {
    this.#clock = clock;
    this.#gauges = measure;
  }

  /** Watches a seat, from now on with the limits of all who sit there by the next look. */
  watch(seat: WatchedSeat): void {
    if (!this.#watched.has(seat)) {
      this.#watched.set(seat, {
        seat,
        thread: undefined,
        limits: { hangAfter: Number.POSITIVE_INFINITY, memory: undefined },
        beats: 0,
        silentFor: 0,
        last: this.#read(),
        dying: false,
      });
    }
    if (this.#cancel) return;
    this.#looked = this.#clock.now();
    this.#schedule();
  }

  forget(seat: WatchedSeat): void {
    if (!this.#watched.delete(seat)) return;
    this.#measureAnew(this.#read());
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #interval(): number {
    return Math.min(100, ...[...this.#watched.values()].map(({ limits }) => beatEvery(limits)));
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(this.#interval(), () => {
      this.#look();
      if (this.#watched.size > 0) this.#schedule();
    });
  }

  #look(): void {
    const now = this.#clock.now();
    // While the main thread itself stood still it could not look: that is nobody's silence.
    const passed = Math.min(now - this.#looked, 2 * this.#interval());
    this.#looked = now;
    const reading = this.#read();
    let gone = false;
    for (const watched of this.#watched.values()) {
      if (watched.dying && watched.seat.present !== watched.thread) gone = true;
      this.#listen(watched, passed, reading);
    }
    // What an ended thread took may stay with the process for a while.
    if (gone) this.#measureAnew(reading);
    this.#checkMemory(reading);
    for (const watched of this.#watched.values()) this.#checkSilence(watched);
  }

  #listen(watched: Watched, passed: number, reading: Reading): void {
    const thread = watched.seat.present;
    const limits = [...watched.seat.copies].map(({ spec }) => spec.limits);
    if (limits.length > 0) watched.limits = limits.reduce(together);
    const beats = thread ? Atomics.load(thread.cell, Cell.beats) : 0;
    if (thread !== watched.thread) Object.assign(watched, { thread, dying: false, beats: -1 });
    if (beats !== watched.beats) Object.assign(watched, { beats, silentFor: 0, last: reading });
    else watched.silentFor += passed;
  }

  #checkMemory(reading: Reading): void {
    const all = [...this.#watched.values()].filter(({ thread, dying }) => thread && !dying);
    const unmeasured = all.filter(watched => isSilent(watched) || isStarting(watched)).length;
    let worst: { readonly watched: Watched; readonly grown: number; readonly beyond: number } | undefined;
    for (const watched of all) {
      const { memory } = watched.limits;
      if (memory === undefined) continue;
      const grown = measured(watched.thread as Thread);
      if (grown > memory) this.#kill(watched, tooBig(grown, memory));
      else if (isSilent(watched)) {
        const charged = grown + unexplained(watched, reading) / unmeasured;
        const beyond = charged - memory;
        if (beyond > 0 && !(worst && worst.beyond >= beyond)) worst = { watched, grown: charged, beyond };
      }
    }
    if (!worst || [...this.#watched.values()].some(({ dying }) => dying)) return;
    this.#kill(worst.watched, tooBig(worst.grown, worst.watched.limits.memory as number));
  }

  #checkSilence(watched: Watched): void {
    const { limits, seat, thread, dying, silentFor } = watched;
    if (!thread || dying) return;
    const starts = [...seat.copies].filter(copy => copy.starting).map(({ spec }) => spec.startWithin);
    const allowed = Math.max(limits.hangAfter, ...starts);
    if (silentFor > allowed) {
      this.#kill(watched, `hung: no sign of life for ${Math.round(allowed)} ms`);
    }
  }

  #kill(watched: Watched, reason: string): void {
    watched.dying = true;
    watched.seat.kill(new TroupeError(reason));
  }

  #measureAnew(reading: Reading): void {
    for (const watched of this.#watched.values()) watched.last = reading;
  }

  #read(): Reading {
    const threads = [...this.#watched.values()].flatMap(({ seat: { present } }) =>
      present ? [[present, sizeOf(present)] as const] : [],
    );
    return {
      resident: this.#gauges.resident(),
      main: this.#gauges.own(),
      threads: new Map(threads),
    };
  }
}

const isSilent = ({ silentFor, limits }: Watched): boolean => silentFor > 2 * beatEvery(limits);

const isStarting = ({ seat }: Watched): boolean => [...seat.copies].some(copy => copy.starting);

/** Bytes that the process grew by since a thread's last sign of life, and that no other thread measured. */
function unexplained({ thread, last }: Watched, now: Reading): number {
  let grown = now.resident - last.resident - Math.max(0, now.main - last.main);
  for (const [other, size] of now.threads) {
    if (other !== thread) grown -= Math.max(0, size - (last.threads.get(other) ?? 0));
  }
  return Math.max(0, grown);
}

const sizeOf = ({ cell }: Thread): number => Atomics.load(cell, Cell.memory) * 1024;

const measured = ({ cell }: Thread): number =>
  Math.max(0, Atomics.load(cell, Cell.memory) - Atomics.load(cell, Cell.memoryAtStart)) * 1024;

const tooBig = (grown: number, memory: number): string =>
  `grew by ${mebibytes(grown)} beyond its memory budget of ${mebibytes(memory)}`;

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
