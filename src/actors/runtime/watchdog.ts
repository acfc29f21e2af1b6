import { systemClock } from '../../core/clock.ts';
import { TroupeError } from '../../core/errors.ts';
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

/** Milliseconds of silence that an actor may take to load and start. */
const startingTakes = 60_000;

/** How often a thread should give a sign of life for its limits to be kept, in milliseconds. */
export const beatEvery = ({ hangAfter, memory }: Limits): number =>
  Math.max(10, Math.min(memory === undefined ? 1000 : 100, hangAfter / 4));

/** The limits of a thread that two share. */
export const together = (x: Limits, y: Limits): Limits => ({
  hangAfter: Math.max(x.hangAfter, y.hangAfter),
  memory: x.memory === undefined || y.memory === undefined ? undefined : x.memory + y.memory,
});

interface Watched {
  readonly limits: Limits;
  thread: Thread | undefined;
  beats: number;
  silentFor: number;
  /** Resident bytes of the process at the thread's last sign of life. */
  resident: number;
}

/**
 * Looks at every thread's cell: ends threads that stay silent too long, or that grow beyond their budget. Threads live
 * in real time whatever clock the system was given, so this does, too.
 */
export class Watchdog {
  readonly #watched = new Map<Seat, Watched>();
  #cancel: (() => void) | undefined;
  #looked = 0;

  watch(seat: Seat, limits: Limits): void {
    this.#watched.set(seat, { limits, thread: undefined, beats: 0, silentFor: 0, resident: 0 });
    this.#cancel?.();
    this.#looked = systemClock.now();
    this.#schedule();
  }

  forget(seat: Seat): void {
    this.#watched.delete(seat);
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #interval(): number {
    return Math.min(...[...this.#watched.values()].map(({ limits }) => beatEvery(limits)));
  }

  #schedule(): void {
    this.#cancel = systemClock.after(this.#interval(), () => {
      this.#look();
      if (this.#watched.size > 0) this.#schedule();
    });
  }

  #look(): void {
    const now = systemClock.now();
    // While the main thread itself stood still it could not look: that is nobody's silence.
    const passed = Math.min(now - this.#looked, 2 * this.#interval());
    this.#looked = now;
    for (const [seat, watched] of this.#watched) this.#check(seat, watched, passed);
  }

  #check(seat: Seat, watched: Watched, passed: number): void {
    const thread = seat.present;
    if (!thread) return;
    const { hangAfter, memory } = watched.limits;
    const beats = Atomics.load(thread.cell, Cell.beats);
    const resident = memory === undefined ? 0 : process.memoryUsage.rss();
    if (thread !== watched.thread || beats !== watched.beats) {
      Object.assign(watched, { thread, beats, silentFor: 0, resident });
    } else {
      watched.silentFor += passed;
    }
    if (memory !== undefined) {
      // A thread that never turns its loop cannot measure itself. What the process grew by since then is the best guess.
      const silent = watched.silentFor > 2 * beatEvery(watched.limits);
      const grown = measured(thread) + (silent ? Math.max(0, resident - watched.resident) : 0);
      if (grown > memory) {
        seat.kill(
          new TroupeError(`grew by ${mebibytes(grown)} beyond its memory budget of ${mebibytes(memory)}`),
        );
        return;
      }
    }
    const allowed = [...seat.copies].some(copy => copy.starting)
      ? Math.max(hangAfter, startingTakes)
      : hangAfter;
    if (watched.silentFor > allowed) {
      watched.silentFor = 0;
      seat.kill(new TroupeError(`hung: no sign of life for ${Math.round(allowed)} ms`));
    }
  }
}

function measured({ cell }: Thread): number {
  return Math.max(0, Atomics.load(cell, Cell.memory) - Atomics.load(cell, Cell.memoryAtStart)) * 1024;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
