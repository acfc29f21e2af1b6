import type { Film } from '../core/scene.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** Where a run reports to. Everything goes to the run's folder; progress and warnings also go to the screen. */
export interface RunRecord {
  /** Figures at a step, into `metrics.jsonl` and the TensorBoard event files. */
  metrics(step: number, figures: Readonly<Record<string, number>>): void;
  /** How far the run is, as often as convenient. */
  progress(now: Progress): void;
  /** One line for people. Repeats of a line are shown once. */
  warn(message: string): void;
  /** An episode to show in the report. */
  film(film: Film): void;
  /** Writes a checkpoint whole; the run resumes from the last one. */
  checkpoint(step: number, state: Snapshot): Promise<void>;
}

export interface Progress {
  readonly step: number;
  /** Steps that the run will take. */
  readonly steps: number;
  /** Mean return of the episodes that ended lately. */
  readonly return?: number;
}
