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
const shortest = 0.005;
/** After so many times it looks for long once more: it may pay by now. */
const probeEvery = 32;

/**
 * Keeps a thread's event loop turning for a moment after each message, since the next one often follows at once and
 * waking a sleeping thread costs far more than looking (10 to 40 us against 2). Where looking does not pay, because
 * messages are rare or there are more busy threads than cores, it soon looks hardly at all, so that an idle thread
 * costs nothing and a busy machine is left to those that work. The loop turns all the while: nothing is blocked.
 */
export class Poller {
  readonly #awake = new Set<Polled>();
  #turning = false;
  #until = 0;
  #window = longest;
  #turns = 0;
  #sleeps = 0;
  #paid = false;

  /** Has `polled` polled from now on, until it sleeps. */
  wake(polled: Polled): void {
    this.#awake.add(polled);
    this.touch();
  }

  /** No longer poll it. */
  remove(polled: Polled): void {
    this.#awake.delete(polled);
  }

  /** Something came in by another way than polling: had the thread slept, it would have had to be woken. */
  arrived(): void {
    if (this.#turns > 1) this.#paid = true;
    this.touch();
  }

  /** Something went out or was done on this thread, so more may follow. */
  touch(): void {
    this.#until = performance.now() + this.#window;
    if (this.#turning) return;
    this.#turning = true;
    this.#turns = 0;
    this.#paid = false;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turns++;
    let found = false;
    for (const polled of this.#awake) if (polled.poll()) found = true;
    const now = performance.now();
    if (found) {
      if (this.#turns > 1) this.#paid = true; // in the first turn it was found by waking, not by looking
      this.#until = now + this.#window;
    } else if (now >= this.#until && this.#fallAsleep()) {
      return;
    }
    setImmediate(this.#turn);
  };

  /** @returns false if there turned out to be work */
  #fallAsleep(): boolean {
    let work = false;
    for (const polled of this.#awake) {
      if (polled.sleep()) this.#awake.delete(polled);
      else work = true;
    }
    if (work) return false;
    this.#turning = false;
    this.#window = this.#paid ? longest : Math.max(shortest, this.#window / 2);
    if (++this.#sleeps % probeEvery === 0) this.#window = longest;
    return true;
  }
}

/** This thread's own. */
export const poller = new Poller();
