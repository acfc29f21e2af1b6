import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { usageError } from '../../core/errors.ts';
import { equalCounts, type SampleFeatures } from './features.ts';
import { type FeatureMoments, featureMoments } from './moments.ts';

/**
 * The Fréchet inception distance (Heusel et al., NeurIPS 2017), over the features of any net: the squared Fréchet
 * distance of the two normal distributions that have the samples' means and covariances (divisor n − 1).
 *
 * Its value depends on the net and on the number of samples: it compares only where both are the same.
 * @returns at least 0, in the features' units squared
 * @throws a usage error on unequal counts, fewer than 2 samples, different widths, numbers that are not finite
 */
export const fid = (a: SampleFeatures, b: SampleFeatures): number =>
  fidOfMoments(featureMoments(a, 'a'), featureMoments(b, 'b'));

/** `fid` of moments that are at hand, so that those of the real samples need making once only. */
export function fidOfMoments(a: FeatureMoments, b: FeatureMoments): number {
  equalCounts('FID', a.count, b.count);
  return frechetDistance(a, b);
}

/**
 * |m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁C₂)^½), squared (Dowson & Landau, 1982), of two normal distributions. The trace of
 * the root is Σ √eig(S C₂ S) with S = C₁^½: C₁C₂ has the same eigenvalues, but only S C₂ S is symmetric, so that
 * nothing imaginary can arise.
 * @param a, b covariances symmetric and positive semi-definite, row-major
 * @returns at least 0
 */
export function frechetDistance(
  a: Pick<FeatureMoments, 'mean' | 'covariance'>,
  b: Pick<FeatureMoments, 'mean' | 'covariance'>,
): number {
  const width = a.mean.length;
  if (b.mean.length !== width) {
    throw usageError(`Fréchet distance: means of ${width} and ${b.mean.length} numbers: expected the same`);
  }
  const [first, second] = [square(a.covariance, width), square(b.covariance, width)];
  const root = rootOf(first);
  const crossed = root.mmul(second).mmul(root);
  const shared = sum(eigenvalues(symmetric(crossed)).map(value => Math.sqrt(Math.max(value, 0))));
  let apart = 0;
  for (let i = 0; i < width; i++) apart += (a.mean[i] - b.mean[i]) ** 2;
  // Rounding may leave it a little below 0 where both are the same.
  return Math.max(apart + first.trace() + second.trace() - 2 * shared, 0);
}

function square(values: Float64Array, width: number): Matrix {
  if (values.length !== width * width) {
    throw usageError(
      `Fréchet distance: covariance of ${values.length} numbers: expected ${width} × ${width}`,
    );
  }
  return Matrix.from1DArray(width, width, values);
}

/** C^½ = V √Λ Vᵀ of a symmetric matrix. */
function rootOf(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues } = decompose(matrix);
  const roots = realEigenvalues.map(value => Math.sqrt(Math.max(value, 0)));
  return vectors.clone().mulRowVector(roots).mmul(vectors.transpose());
}

/** The mean with its mirror image: products of symmetric matrices lose the last digit. */
const symmetric = (matrix: Matrix): Matrix => Matrix.add(matrix, matrix.transpose()).mul(0.5);

const eigenvalues = (matrix: Matrix): number[] => decompose(matrix).realEigenvalues;

const decompose = (matrix: Matrix): EigenvalueDecomposition =>
  new EigenvalueDecomposition(matrix, { assumeSymmetric: true });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
