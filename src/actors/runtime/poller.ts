/** Something that may have work whenever the thread looks. */
export interface Polled {
  /** Does what is waiting. @returns whether there was something */
  poll(): boolean;
  /**
   * Called when the thread stops looking: sleep, and call `poller.wake(this)` when there is work.
   * @returns false if there is work already
   */
  sleep(): boolean;
}

/** How long a thread keeps looking after it last found something, in milliseconds: about what being woken costs. */
const longest = 0.1;
const shortest = 0.0125;

/**
 * Keeps a thread's event loop turning for a moment after each message, since the next one often follows at once and
 * waking a sleeping thread costs far more than looking (10 to 40 us against 2). Where looking does not pay it looks
 * shorter, so an idle or slow thread costs nothing. The loop turns all the while: nothing is blocked.
 */
export class Poller {
  readonly #awake = new Set<Polled>();
  #turning = false;
  #until = 0;
  #window = longest;
  #slept = 0;

  /** Has `polled` polled from now on, until it sleeps. */
  wake(polled: Polled): void {
    this.#awake.add(polled);
    this.touch();
  }

  /** No longer poll it. */
  remove(polled: Polled): void {
    this.#awake.delete(polled);
  }

  /** Something happened on this thread, so more may follow. */
  touch(): void {
    const now = performance.now();
    if (!this.#turning) {
      // Woken soon after falling asleep: looking a little longer would have paid.
      if (now - this.#slept < 2 * longest) this.#window = longest;
      this.#turning = true;
      setImmediate(this.#turn);
    }
    this.#until = now + this.#window;
  }

  readonly #turn = (): void => {
    let found = false;
    for (const polled of this.#awake) if (polled.poll()) found = true;
    const now = performance.now();
    if (found) {
      this.#until = now + this.#window;
    } else if (now >= this.#until) {
      let work = false;
      for (const polled of this.#awake) {
        if (polled.sleep()) this.#awake.delete(polled);
        else work = true;
      }
      if (!work) {
        this.#turning = false;
        this.#slept = now;
        this.#window = Math.max(shortest, this.#window / 2);
        return;
      }
    }
    setImmediate(this.#turn);
  };
}

/** This thread's own. */
export const poller = new Poller();
