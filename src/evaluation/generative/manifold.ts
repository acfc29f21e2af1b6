import { wrong } from '../inputs.ts';
import { neighbourRadii, squaredDistance } from './distances.ts';
import { countOf, equalCounts, type SampleFeatures, sameWidth } from './features.ts';

/** How like the real samples the others are, and how much of the real ones they reach: both from 0 to 1. */
export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
}

/** How wide a sample's neighbourhood is taken. */
export interface NeighbourhoodOptions {
  /** k: a ball reaches to the k-th nearest other sample of the same set. */
  readonly neighbours?: number;
}

/**
 * Improved precision and recall (Kynkäänniemi et al., NeurIPS 2019, eq. 1 and 2). A set's manifold is the union of the
 * balls around its samples that reach to the k-th nearest other one (default 3, the paper's). Precision is the share of
 * the generated samples on the real manifold, recall that of the real ones on the generated.
 * @throws a usage error on unequal counts (radii shrink with the count), no more than k samples, different widths, numbers that are not
 *   finite
 */
export function precisionRecall(
  real: SampleFeatures,
  generated: SampleFeatures,
  { neighbours = 3 }: NeighbourhoodOptions = {},
): PrecisionRecall {
  const [reals, others] = checked(real, generated, neighbours);
  equalCounts('precision and recall', others, reals);
  countOf('generated', generated, neighbours + 1);
  return {
    precision: shareWithin(generated, real, neighbourRadii(real, neighbours)),
    recall: shareWithin(real, generated, neighbourRadii(generated, neighbours)),
  };
}

/**
 * The share of real samples whose ball, to the k-th nearest other real one (default 5, the paper's), holds a generated
 * one (Naeem et al., ICML 2020, eq. 7). A few outliers among the generated samples do not widen it, as they do recall.
 * @returns 0 … 1; about 1 − 2⁻ᵏ where both distributions are the same and so are the counts
 * @throws a usage error with no more than k real samples, no generated one, different widths, numbers that are not finite
 */
export function manifoldCoverage(
  real: SampleFeatures,
  generated: SampleFeatures,
  { neighbours = 5 }: NeighbourhoodOptions = {},
): number {
  const [reals, others] = checked(real, generated, neighbours);
  const radii = neighbourRadii(real, neighbours);
  let covered = 0;
  for (let i = 0; i < reals; i++) {
    for (let j = 0; j < others; j++) {
      if (squaredDistance(real, i, generated, j) > radii[i]) continue;
      covered++;
      break;
    }
  }
  return covered / reals;
}

function checked(
  real: SampleFeatures,
  generated: SampleFeatures,
  neighbours: number,
): readonly [number, number] {
  if (!Number.isSafeInteger(neighbours) || neighbours < 1) {
    throw wrong('neighbours', neighbours, 'a whole number of at least 1');
  }
  const counts = [countOf('real', real, neighbours + 1), countOf('generated', generated)] as const;
  sameWidth(['real', 'generated'], real, generated);
  return counts;
}

/** The share of samples that lie in the ball of any of `centres`. @param radii squared */
function shareWithin(samples: SampleFeatures, centres: SampleFeatures, radii: Float64Array): number {
  const count = samples.data.length / samples.width;
  let within = 0;
  for (let i = 0; i < count; i++) {
    if (radii.some((radius, j) => squaredDistance(samples, i, centres, j) <= radius)) within++;
  }
  return within / count;
}
