import type { ExamResult } from './exam.ts';

/** Packed declarative text: batch `index` of a text stream. */
export interface TextBatch {
  readonly index: number;
  readonly rows: number;
  /** [rows, length], row-major; padded */
  readonly ids: Int32Array;
  /** [rows, length]: 1 where a token is to be predicted from those before it */
  readonly lossMask: Float32Array;
}

/** Rendered examples, one a row, and whose they are: batch `index` of a mixture. */
export interface TuneBatch extends TextBatch {
  /** Of each row. */
  readonly clusters: readonly string[];
  /** Of each row. */
  readonly tasks: readonly string[];
  /** What each row asks for. */
  readonly facts: readonly string[];
}

/**
 * What the guard makes of a batch: the learner takes nothing else, so that a mixture cannot be linked past the guard. Once one is
 * refused, no other follows.
 */
export type Admission =
  | ({ readonly admitted: true } & TextBatch)
  | { readonly admitted: false; readonly index: number; readonly reason: string };

/** The model as it is after a step, to be judged. */
export interface ModelSnapshot {
  readonly step: number;
  /** All parameters end to end. */
  readonly params: Float32Array;
}

/** How a model does on a judge's exams, and what it still knows. */
export interface TuningVerdict {
  readonly step: number;
  /** By the exam's name. */
  readonly exams: Readonly<Record<string, ExamResult>>;
  /** Share of the probes whose answer the model says of its own, by their cluster. */
  readonly recall: Readonly<Record<string, number>>;
}

/** Means over the steps since the report before. */
export interface TuningReport {
  /** Steps done. */
  readonly step: number;
  /** Cross-entropy of declarative text, nats a token; null where none was read. */
  readonly textLoss: number | null;
  /** Cross-entropy of targets, nats a token; null where none was read. */
  readonly targetLoss: number | null;
}

/** What the guard has seen. */
export interface GuardAccount {
  /** Batches let through. */
  readonly admitted: number;
  /** Batches refused: 0 or 1, since nothing follows a refusal. */
  readonly refused: number;
  /** Every fact that was asked for in tuning, once. */
  readonly facts: readonly string[];
  readonly clusters: readonly string[];
}
