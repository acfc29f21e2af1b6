import type { Progress } from '../../scenarios/record.ts';

/** What there is to know about a run's progress at one moment. */
export interface ProgressNow {
  readonly step: number;
  readonly steps: number;
  /** 0 … 1 */
  readonly share: number;
  /** Over the last while; `undefined` before there are two signs of progress. */
  readonly stepsPerSecond: number | undefined;
  /** Seconds. */
  readonly left: number | undefined;
  readonly return: number | undefined;
  /** The returns so far, oldest first. */
  readonly returns: readonly number[];
}

/** How far back the pace looks, ms. */
const window = 15_000;
/** Time between two marks that the pace is measured by, ms. */
const apart = 100;
/** Returns kept; beyond it, neighbours are averaged: the curve keeps its shape. */
const most = 512;

/** Turns signs of progress into pace, time left and a curve. */
export class ProgressModel {
  #marks: { at: number; step: number }[] = [];
  #last: Progress | undefined;
  #lastAt = 0;
  #returns: number[] = [];
  /** How many reports make one kept return, and those waiting to. */
  #every = 1;
  #waiting: number[] = [];

  /** @param at ms on any clock */
  take(progress: Progress, at: number): void {
    // An arm that is played anew goes back: what was done before says nothing of the pace since.
    if (this.#last !== undefined && progress.step < this.#last.step) this.#marks = [];
    this.#last = { ...this.#last, ...progress }; // not every sign tells the return
    this.#lastAt = at;
    if (at >= (this.#marks.at(-1)?.at ?? -Infinity) + apart) this.#marks.push({ at, step: progress.step });
    while (this.#marks.length > 2 && this.#marks[1].at <= at - window) this.#marks.shift();
    if (progress.return !== undefined && Number.isFinite(progress.return)) this.#keep(progress.return);
  }

  /** @param at ms on the same clock: the time left shrinks between two signs of progress */
  now(at: number): ProgressNow | undefined {
    if (!this.#last) return undefined;
    const { step, steps } = this.#last;
    const first = this.#marks[0];
    const time = (this.#lastAt - first.at) / 1000;
    const pace = time > 0 ? (step - first.step) / time : undefined;
    const left = pace ? Math.max(0, (steps - step) / pace - (at - this.#lastAt) / 1000) : undefined;
    return {
      step,
      steps,
      share: steps > 0 ? Math.min(1, step / steps) : 0,
      stepsPerSecond: pace,
      left,
      return: this.#last.return,
      returns: this.#returns,
    };
  }

  #keep(value: number): void {
    this.#waiting.push(value);
    if (this.#waiting.length < this.#every) return;
    this.#returns.push(this.#waiting.reduce((sum, each) => sum + each, 0) / this.#waiting.length);
    this.#waiting = [];
    if (this.#returns.length < most) return;
    const pairs = this.#returns.length >> 1;
    this.#returns = Array.from(
      { length: pairs },
      (_, i) => (this.#returns[2 * i] + this.#returns[2 * i + 1]) / 2,
    );
    this.#every *= 2;
  }
}
