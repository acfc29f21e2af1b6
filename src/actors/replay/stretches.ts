import type { Snapshot } from '../../core/snapshot.ts';
import { allocateSlab, copySlab } from '../trajectory.ts';
import type { TransitionFields, Transitions } from './fields.ts';

/** What a stretch of experience made whole: the round that comes next, or once more the one that came last. */
export type Whole = 'next' | 'again' | undefined;

/** Puts the stretches of several workers together into rounds, whoever comes first. */
export class Stretches {
  readonly #slots: readonly Transitions[];
  /** Which workers' stretches of the next round are there. */
  readonly #held: Uint8Array;
  /** Which ones of the round before have come again. */
  readonly #again: Uint8Array;
  #next = 0;

  constructor(fields: TransitionFields, workers: number) {
    this.#slots = Array.from({ length: workers }, () => allocateSlab(fields));
    this.#held = new Uint8Array(workers);
    this.#again = new Uint8Array(workers);
  }

  /** The round that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Whether all of it are there. */
  get whole(): boolean {
    return this.#held.every(held => held === 1);
  }

  /**
   * Keeps a stretch of the next round. One that is there already, or of a round that is long over, is dropped.
   * @returns the round that is whole now
   * @throws where it is of a later round: what came before is lost
   */
  take(stretch: Transitions): Whole {
    const [round] = stretch.round;
    const [worker] = stretch.worker;
    if (round > this.#next) {
      throw new Error(`round ${round} came in, expected ${this.#next}: the rounds between are lost`);
    }
    if (round === this.#next) {
      if (this.#held[worker] === 0) copySlab(stretch, this.#slots[worker]);
      this.#held[worker] = 1;
      return this.whole ? 'next' : undefined;
    }
    if (round < this.#next - 1) return undefined;
    this.#again[worker] = 1;
    if (!this.#again.every(again => again === 1)) return undefined;
    this.#again.fill(0);
    return 'again';
  }

  /** The stretches of the next round, in the workers' order; the one after it comes next. They hold until that is taken. */
  pass(): readonly Transitions[] {
    this.#held.fill(0);
    this.#again.fill(0);
    this.#next++;
    return this.#slots;
  }

  snapshot() {
    return {
      next: this.#next,
      waiting: this.#slots.filter((_, worker) => this.#held[worker] === 1).map(slot => ({ ...slot })),
    } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const state = snapshot as unknown as ReturnType<Stretches['snapshot']>;
    this.#next = state.next;
    for (const stretch of state.waiting) this.take(stretch as unknown as Transitions);
  }
}
