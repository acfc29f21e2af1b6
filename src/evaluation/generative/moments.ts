import { countOf, type SampleFeatures } from './features.ts';

/** The mean and covariance of features: all that FID takes of them. */
export interface FeatureMoments {
  /** How many samples they were made from. */
  readonly count: number;
  /** [width] */
  readonly mean: Float64Array;
  /** [width, width], row-major, symmetric; divided by n − 1 */
  readonly covariance: Float64Array;
}

/**
 * Mean and covariance (divisor n − 1, as in `numpy.cov`), by two passes.
 * @param name for errors
 * @throws a usage error with fewer than 2 samples
 */
export function featureMoments(features: SampleFeatures, name = 'features'): FeatureMoments {
  const { data, width } = features;
  const count = countOf(name, features, 2);
  const mean = new Float64Array(width);
  for (let at = 0; at < data.length; at++) mean[at % width] += data[at];
  for (let i = 0; i < width; i++) mean[i] /= count;
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) centred[i] = data[row * width + i] - mean[i];
    for (let i = 0; i < width; i++) {
      const value = centred[i];
      if (value === 0) continue;
      for (let j = i; j < width; j++) covariance[i * width + j] += value * centred[j];
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      covariance[i * width + j] /= count - 1;
      covariance[j * width + i] = covariance[i * width + j];
    }
  }
  return { count, mean, covariance };
}
