import { allocateSlab, copySlab } from '../trajectory.ts';
import type { Helping, HelpingFields } from './fields.ts';

/**
 * The helpings of a learner, in the order in which they are learned from. What comes twice, or again after a restart of
 * the learner or of a neighbour, is dropped.
 */
export class HelpingRounds {
  readonly #fields: HelpingFields;
  /** Copies that wait to be learned from, in order, and slabs to copy into. */
  readonly #waiting: Helping[] = [];
  readonly #spare: Helping[] = [];
  #round = 0;
  /** The helping that is taken next. */
  #expected = 0;
  #settle: ((helping: Helping) => void) | undefined;

  constructor(fields: HelpingFields) {
    this.#fields = fields;
  }

  /** From now on the helpings of this round are wanted, from the first. */
  expect(round: number): void {
    this.#round = round;
    this.#expected = 0;
  }

  /** Takes a copy of what is wanted next. */
  take(helping: Helping): void {
    if (helping.round[0] !== this.#round || helping.helping[0] !== this.#expected) return;
    const copy = this.#spare.pop() ?? allocateSlab(this.#fields);
    copySlab(helping, copy);
    this.#expected++;
    this.#waiting.push(copy);
    this.#serve();
  }

  /** Resolves with the next helping of the round. It is the caller's until it is given back. */
  next(): Promise<Helping> {
    return new Promise(resolve => {
      this.#settle = resolve;
      this.#serve();
    });
  }

  /** Takes back a helping that was learned from: its slab is used again. */
  giveBack(helping: Helping): void {
    this.#spare.push(helping);
  }

  #serve(): void {
    const settle = this.#settle;
    if (!settle) return;
    const helping = this.#waiting.shift();
    if (!helping) return;
    this.#settle = undefined;
    settle(helping);
  }
}
