import { usageError } from '../../core/errors.ts';

/** Rows of numbers, one after the other: [rows × size]. */
export interface Sample {
  readonly values: Float32Array | Float64Array;
  /** Numbers in a row. */
  readonly size: number;
}

/**
 * How far two samples are apart: the mean over dimensions of the 1-D Wasserstein distance, each divided by the standard
 * deviation (over n) of the target. What dimension `k` of a row is says its place. Samples may differ in length.
 * @throws a usage error for an empty sample, rows of different sizes, numbers that are not finite, or a dimension of the
 *   target in which all rows are the same
 */
export const wassersteinDistance = (sample: Sample, target: Sample): number => wassersteinTo(target)(sample);

/**
 * `wassersteinDistance` to one target, of sample after sample: the target is sorted once.
 * @throws a usage error as `wassersteinDistance` does
 */
export function wassersteinTo(target: Sample): (sample: Sample) => number {
  expectRows(target, 'target');
  const columns = Array.from({ length: target.size }, (_, k) => sortedColumn(target, k));
  const deviations = columns.map(deviationOf);
  return sample => {
    expectRows(sample, 'sample');
    if (sample.size !== target.size)
      throw usageError(
        `wassersteinDistance: sample.size = ${sample.size}, expected ${target.size} as target has`,
      );
    const constant = deviations.indexOf(0);
    if (constant >= 0)
      throw usageError(
        `wassersteinDistance: target[${constant}] = ${columns[constant][0]} in every row, expected it to differ`,
      );
    let sum = 0;
    for (let k = 0; k < target.size; k++)
      sum += distanceOfSorted(sortedColumn(sample, k), columns[k]) / deviations[k];
    return sum / target.size;
  };
}

/**
 * The 1-D Wasserstein distance of two samples: the area between their distribution functions, turned on its side:
 * `∫₀¹ |F⁻¹(p) − G⁻¹(p)| dp`.
 * @throws a usage error for an empty sample or numbers that are not finite
 */
export function wasserstein1d(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  expectRows({ values: a, size: 1 }, 'a');
  expectRows({ values: b, size: 1 }, 'b');
  return distanceOfSorted(sortedColumn({ values: a, size: 1 }, 0), sortedColumn({ values: b, size: 1 }, 0));
}

function distanceOfSorted(a: Float64Array, b: Float64Array): number {
  let [i, j, from, sum] = [0, 0, 0, 0];
  while (i < a.length && j < b.length) {
    // Both inverse distribution functions are level from here to the next step of either.
    const [nextA, nextB] = [(i + 1) * b.length, (j + 1) * a.length];
    const next = Math.min(nextA, nextB);
    sum += (next - from) * Math.abs(a[i] - b[j]);
    from = next;
    if (nextA === next) i++;
    if (nextB === next) j++;
  }
  return sum / (a.length * b.length);
}

function sortedColumn({ values, size }: Sample, k: number): Float64Array {
  return Float64Array.from({ length: values.length / size }, (_, row) => values[row * size + k]).sort();
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

function expectRows({ values, size }: Sample, name: string): void {
  if (!Number.isInteger(size) || size < 1 || values.length === 0 || values.length % size !== 0)
    throw usageError(
      `wassersteinDistance: ${name} has ${values.length} numbers in rows of ${size}, expected whole rows, at least one`,
    );
  const odd = values.findIndex(value => !Number.isFinite(value));
  if (odd >= 0)
    throw usageError(`wassersteinDistance: ${name}[${odd}] = ${values[odd]}, expected a finite number`);
}
