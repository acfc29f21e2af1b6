import type { InputEnd } from '../actors/contract.ts';
import type { MetricRow } from '../core/metric-rows.ts';
import type { Film } from '../core/scene.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Executor } from '../tensors/contract.ts';

/** Where a run reports to: its folder, and the screen. */
export interface RunRecord {
  /** The recorder's input: link an actor's rows of figures to it. */
  readonly rows: InputEnd<MetricRow>;
  /** The same for actors that tell how many rows they have sent, so that `settled` and `checkpoint` can wait for them. */
  readonly countedRows: InputEnd<MetricRow>;
  /** Sends one row from the main thread. */
  metrics(row: MetricRow): void;
  /**
   * Resolves when the rows sent so far are in the log: what is sent after it stands behind them, in every run.
   * @param sent rows that actors linked to `countedRows` have sent in all, since the run's first start
   */
  settled(sent: number): Promise<void>;
  /** How far the run is, as often as convenient. */
  progress(now: Progress): void;
  /** One line for people; a line that was shown before is not shown again. */
  warn(message: string): void;
  /** Which executor runs the run's programs, and why; what is told last holds. */
  executor(executor: Executor): void;
  /** An episode to show in the report; the last one given stays. */
  film(film: Film): void;
  /**
   * Writes a checkpoint whole, after all rows that belong before it. The run resumes from the last one.
   * @param sent rows that actors linked to `countedRows` have sent in all, since the run's first start
   */
  checkpoint(step: number, state: Snapshot, sent?: number): Promise<void>;
}

/** How far a run is, in environment steps or whatever else it counts. */
export interface Progress {
  readonly step: number;
  /** Steps that the run will take. */
  readonly steps: number;
  /** Mean return of the episodes that ended lately. */
  readonly return?: number;
}
