/** How columns are brought to mean 0 and about deviation 1. */
export interface Scaling {
  /** [width] */
  readonly mean: Float32Array;
  /** [width]: what a column is multiplied by once its mean is taken away */
  readonly factor: Float32Array;
}

/** Of the mean variance, added to each column's: columns that hardly move are not blown up. */
const FLOOR = 0.01;

/** The scaling of rows. @param data [rows, width] */
export function scalingOf(data: Float32Array, width: number): Scaling {
  const rows = data.length / width;
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let at = 0; at < data.length; at++) mean[at % width] += data[at] / rows;
  for (let at = 0; at < data.length; at++) variance[at % width] += (data[at] - mean[at % width]) ** 2 / rows;
  const average = variance.reduce((sum, value) => sum + value, 0) / width;
  return {
    mean: Float32Array.from(mean),
    factor: Float32Array.from(variance, value => 1 / Math.sqrt(value + FLOOR * average + 1e-12)),
  };
}

/** Rows under a scaling. @param data [rows, width] @returns [rows, width] */
export function scaled(data: Float32Array, { mean, factor }: Scaling): Float32Array {
  const width = mean.length;
  return data.map((value, at) => (value - mean[at % width]) * factor[at % width]);
}
