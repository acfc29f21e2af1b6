import type { Snapshot } from '../../core/snapshot.ts';

/** What decides how many gradient steps are due. */
export interface LimiterSettings {
  /** Transitions that must have come in before the first one is due. */
  readonly startAfter: number;
  /** Gradient steps for every transition after those. */
  readonly updatesPerStep: number;
}

/**
 * Keeps learning in step with collecting (the samples-per-insert ratio of Reverb, as gradient steps an environment step):
 * floor(updatesPerStep · max(0, inserted − startAfter)) batches may have been drawn in all. What could not be drawn in a
 * round stays due.
 */
export class Limiter {
  readonly #settings: LimiterSettings;
  #inserted = 0;
  #drawn = 0;

  constructor(settings: LimiterSettings) {
    this.#settings = settings;
  }

  /** Transitions that have come in, in all. */
  get inserted(): number {
    return this.#inserted;
  }

  /** Batches that have been drawn, in all. */
  get drawn(): number {
    return this.#drawn;
  }

  /** Batches to draw now. */
  get due(): number {
    const { startAfter, updatesPerStep } = this.#settings;
    const product = updatesPerStep * Math.max(0, this.#inserted - startAfter);
    // 0.29 · 100 is 28.999…96: what a decimal number means is a rounding error or two above the product.
    return Math.floor(product * (1 + 2 ** -51)) - this.#drawn;
  }

  insert(transitions: number): void {
    this.#inserted += transitions;
  }

  draw(batches: number): void {
    this.#drawn += batches;
  }

  snapshot() {
    return { inserted: this.#inserted, drawn: this.#drawn } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const state = snapshot as ReturnType<Limiter['snapshot']>;
    this.#inserted = state.inserted;
    this.#drawn = state.drawn;
  }
}
