import { usageError } from '../../core/errors.ts';
import { nearestSquared } from './distances.ts';
import { countOf, type SampleFeatures, sameWidth } from './features.ts';

/**
 * Whether samples are copies of what was trained on: the median distance of a sample to its nearest training sample, over
 * that of held-out real ones. About 1 for new samples, towards 0 for memorised ones. Distances are Euclidean, in whatever
 * space the samples are given: pixels show copies most directly.
 * @returns at least 0
 * @throws a usage error where the held-out samples are training samples (their median distance is 0), on no samples, different widths,
 *   numbers that are not finite
 */
export function neighbourRatio(
  samples: SampleFeatures,
  heldOut: SampleFeatures,
  training: SampleFeatures,
): number {
  return neighbourDistance(samples, training, 'samples') / heldOutDistance(heldOut, training);
}

/** The median distance of samples to their nearest training sample. @param name for errors */
export function neighbourDistance(
  samples: SampleFeatures,
  training: SampleFeatures,
  name = 'samples',
): number {
  countOf(name, samples);
  countOf('training', training);
  sameWidth([name, 'training'], samples, training);
  return median(nearestSquared(samples, training).map(Math.sqrt));
}

/** The same of held-out ones: what `neighbourRatio` divides by, so that it needs making once only. */
export function heldOutDistance(heldOut: SampleFeatures, training: SampleFeatures): number {
  const distance = neighbourDistance(heldOut, training, 'heldOut');
  if (distance > 0) return distance;
  throw usageError(
    'heldOut: half of the samples are training samples: expected others, held out of training',
  );
}

function median(values: Float64Array): number {
  const sorted = values.sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
