import type { Random } from '../../core/random.ts';

/** Rows, columns, channels; the pixels of an image follow each other row by row, the channels of a pixel likewise. */
export type ImageShape = readonly [rows: number, columns: number, channels: number];

/**
 * Writes a changed copy of the image that stands in `x` from place `at` on into `out` from place `outAt` on. The two
 * must not overlap. The same stream of numbers gives the same picture. Images in [0, 1] stay there if what fills them is.
 *
 * @returns what was done, for reports: `affine, cutout`; `identity` where nothing was
 */
export type Augment = (
  x: Float32Array,
  at: number,
  out: Float32Array,
  outAt: number,
  shape: ImageShape,
  random: Random,
) => string;

/** Samples and their augmented copies, in the same places; still without labels. */
export interface UnlabelledPair {
  /** Of the batch that was augmented. */
  readonly index: number;
  readonly ids: Int32Array;
  /** [samples, ...shape], row-major: the batch as it came. */
  readonly u: Float32Array;
  /** [samples, ...shape], row-major */
  readonly uAug: Float32Array;
  /** What was done to each sample. */
  readonly ops: readonly string[];
}
