/** Time, given rather than taken, so that tests run without sleeping and budgets can be replayed. */
export interface Clock {
  /** Milliseconds from a fixed, arbitrary start; never runs backwards. */
  now(): number;
  /** Calls `callback` once after `ms` milliseconds. @returns a function that cancels the call */
  after(ms: number, callback: () => void): () => void;
}

/** The machine’s own time: `performance.now` and `setTimeout`. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  #sequence = 0;
  #timers: { at: number; sequence: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), sequence: this.#sequence++, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  /** Moves time on and fires what falls due on the way, in order of due time, then of creation. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers
        .filter(timer => timer.at <= end)
        .sort((x, y) => x.at - y.at || x.sequence - y.sequence)[0];
      if (!due) break;
      this.#timers = this.#timers.filter(timer => timer !== due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }
}
