import type { Summary } from '../../report/summary.ts';
import type { Progress } from '../record.ts';

/** A run that begins or goes on, as its viewer is told of it. */
export interface RunStart {
  readonly scenario: string;
  readonly summary: string;
  readonly seed: number;
  readonly folder: string;
  readonly smoke: boolean;
  /** Which of several seeds this is, from 0. */
  readonly index: number;
  readonly count: number;
  /** The step of the checkpoint that the run goes on from; `undefined` in a new run. */
  readonly resumedAt: number | undefined;
}

/** Whoever watches a run: the screen, or a test. */
export interface RunView {
  started(run: RunStart): void;
  progress(now: Progress): void;
  warning(message: string): void;
  saved(step: number): void;
  /** One seed's run is done, its summary and its report written. */
  finished(summary: Summary, folder: string): void;
}
