import { usageError } from '../../core/errors.ts';
import { wrong } from '../inputs.ts';

/** Samples seen through a feature net (or as they are): one row each. */
export interface SampleFeatures {
  /** [samples, width], row-major; finite */
  readonly data: Float32Array | Float64Array;
  /** Numbers a sample, at least 1. */
  readonly width: number;
}

/**
 * How many samples there are.
 * @param name for errors, e.g. `real`
 * @param least samples that the statistic needs
 * @throws a usage error where the data is not whole rows, holds a number that is not finite, or is too little
 */
export function countOf(name: string, { data, width }: SampleFeatures, least = 1): number {
  if (!Number.isSafeInteger(width) || width < 1) {
    throw wrong(`${name}.width`, width, 'a whole number of at least 1');
  }
  const count = data.length / width;
  if (!Number.isInteger(count)) {
    throw wrong(`${name}.data.length`, data.length, `whole rows of ${width}`);
  }
  if (count < least) throw wrong(`samples of ${name}`, count, `at least ${least}`);
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  if (at >= 0) {
    const place = `${name}.data[${Math.floor(at / width)}][${at % width}]`;
    throw wrong(place, data[at], 'a finite number');
  }
  return count;
}

/** @throws a usage error where two sets of features cannot come from the same net */
export function sameWidth(names: readonly [string, string], a: SampleFeatures, b: SampleFeatures): void {
  if (a.width === b.width) return;
  throw usageError(
    `${names[0]} and ${names[1]}: ${a.width} and ${b.width} features a sample: expected the same, of one net`,
  );
}

/**
 * Scores that move with the number of samples compare like with like only.
 * @param score for the error, e.g. `FID`
 * @throws a usage error that names both counts
 */
export function equalCounts(score: string, a: number, b: number): void {
  if (a === b) return;
  throw usageError(
    `${score}: ${a} samples against ${b}: expected equal counts, as its bias depends on the count`,
  );
}
