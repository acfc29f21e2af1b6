/** One labelling of the samples of a source: digits, say, or parity. */
export interface Labelling {
  readonly name: string;
  readonly classes: number;
}

/**
 * Samples by number. What a sample is depends on its number alone (and on what the source was opened with), so that any
 * thread may read any of them in any order.
 */
export interface DataSource {
  /** For messages: `mnist (train)`. */
  readonly name: string;
  /** Of one sample, e.g. `[14, 14, 1]` for grey images (rows, columns, channels), `[4096]` for bags of words. */
  readonly shape: readonly number[];
  /** How many there are, numbered from 0; Infinity where every number below 2³⁰ is one. */
  readonly count: number;
  /** One or more; the first is the one that is meant where only one is used. */
  readonly labellings: readonly Labelling[];
  /** Writes sample `id` into `out` from place `at` on, as many numbers as `shape` has room for. Images are in [0, 1]. */
  write(id: number, out: Float32Array, at: number): void;
  /** @param labelling its place in `labellings`; default 0 @returns 0 … classes − 1 */
  label(id: number, labelling?: number): number;
}

/** Samples with their labels, as they travel between actors; the sample numbered `ids[i]` stands at place i. */
export interface LabelledBatch {
  /** 0 for the first that a stream sends. */
  readonly index: number;
  readonly ids: Int32Array;
  /** [samples, ...shape], row-major */
  readonly x: Float32Array;
  /** [samples, labellings], row-major */
  readonly y: Int32Array;
}

/** Samples without labels: there is no field for one, so none can leak. */
export interface UnlabelledBatch {
  readonly index: number;
  readonly ids: Int32Array;
  /** [samples, ...shape], row-major */
  readonly x: Float32Array;
}

/** Credit: the consumer will take so many batches more. A stream sends none without it. */
export interface Need {
  readonly batches: number;
}

/** What a stream has given out. */
export interface Ledger {
  /** Samples sent, repetitions included. */
  readonly drawn: number;
  /** Different samples among them. */
  readonly distinct: number;
}
