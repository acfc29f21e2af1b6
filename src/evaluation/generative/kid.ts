import { finite, whole } from '../inputs.ts';
import { countOf, type SampleFeatures, sameWidth } from './features.ts';

/** The polynomial kernel (scale · ⟨x, y⟩ + offset)^degree. */
export interface PolynomialKernel {
  /** A whole number of at least 1. Default 3. */
  readonly degree?: number;
  /** Default 1 / width. */
  readonly scale?: number;
  /** Default 1. */
  readonly offset?: number;
}

/**
 * The kernel inception distance (Bińkowski et al., ICLR 2018): the squared maximum mean discrepancy under a polynomial
 * kernel, by the unbiased estimator (Gretton et al., 2012, lemma 6), where no sample is paired with itself:
 *
 *     Σ_{i≠j} k(aᵢ, aⱼ) / m(m − 1) + Σ_{i≠j} k(bᵢ, bⱼ) / n(n − 1) − 2 Σ k(aᵢ, bⱼ) / mn
 *
 * Unlike FID its expectation does not depend on the counts, which may differ.
 * @returns 0 in the mean where both distributions are the same, so sometimes below it
 * @throws a usage error with fewer than 2 samples, different widths, numbers that are not finite
 */
export function kid(a: SampleFeatures, b: SampleFeatures, kernel: PolynomialKernel = {}): number {
  const m = countOf('a', a, 2);
  const n = countOf('b', b, 2);
  sameWidth(['a', 'b'], a, b);
  const within = (set: SampleFeatures, count: number) =>
    (2 * pairSum(set, count, kernel)) / (count * (count - 1));
  return within(a, m) + within(b, n) - (2 * crossSum(a, m, b, n, kernel)) / (m * n);
}

function kernelOf(
  { width }: SampleFeatures,
  { degree = 3, scale = 1 / width, offset = 1 }: PolynomialKernel,
): (dot: number) => number {
  whole('degree', degree, 1);
  finite('scale', scale);
  finite('offset', offset);
  return dot => {
    const base = scale * dot + offset;
    let power = base;
    for (let i = 1; i < degree; i++) power *= base;
    return power;
  };
}

/** The kernel over all pairs i < j of one set. */
function pairSum(set: SampleFeatures, count: number, kernel: PolynomialKernel): number {
  const k = kernelOf(set, kernel);
  let sum = 0;
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) sum += k(dotOf(set, i, set, j));
  return sum;
}

function crossSum(
  a: SampleFeatures,
  m: number,
  b: SampleFeatures,
  n: number,
  kernel: PolynomialKernel,
): number {
  const k = kernelOf(a, kernel);
  let sum = 0;
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) sum += k(dotOf(a, i, b, j));
  return sum;
}

function dotOf(a: SampleFeatures, i: number, b: SampleFeatures, j: number): number {
  const { width } = a;
  let dot = 0;
  for (let at = 0; at < width; at++) dot += a.data[i * width + at] * b.data[j * width + at];
  return dot;
}
