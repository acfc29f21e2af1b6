import { normalQuantile, normalSurvival, twoSidedP } from '../distributions.ts';
import { finite, positive, share, whole, wrong } from '../inputs.ts';
import { findRoot, integrateBell } from '../numeric.ts';
import { pOf } from './estimates.ts';

/** How z statistics of arms that share a baseline correlate. */
export interface DunnettOptions {
  /**
   * A number: the correlation of every pair, in [0, 1); 0.5 (default) where all arms have the baseline's
   * size. A list: the loading λ of each arm, whose products are the correlations (`dunnettLoadings`).
   */
  readonly rho?: number | readonly number[] | undefined;
}

/** λ_i = √(n_i / (n_i + n_0)): arms i and j correlate by λ_i λ_j. @param baseline, arms trials, above 0 */
export function dunnettLoadings(baseline: number, arms: readonly number[]): number[] {
  positive('baseline', baseline);
  return arms.map((n, arm) => Math.sqrt(positive(`arms[${arm}]`, n) / (n + baseline)));
}

/**
 * P(max |Z_i| ≥ |z|) over k arms that share a baseline: a comparison's p, corrected for all of them (Dunnett,
 * JASA 50, 1955; single step, two-sided, known variances). @param k arms beside the baseline
 */
export function dunnettAdjustedP(z: number, k: number, { rho = 0.5 }: DunnettOptions = {}): number {
  finite('z', z);
  const loadings = loadingsOf(k, rho);
  // The correlation of one arm with itself says nothing.
  if (k === 1) return twoSidedP(z);
  return pOf(anyBeyond(Math.abs(z), loadings));
}

/**
 * The |z| that any of k arms passes with probability alpha where none differs from the baseline.
 * @param k arms beside the baseline
 */
export function dunnettCritical(
  k: number,
  { alpha = 0.05, rho = 0.5 }: DunnettOptions & { readonly alpha?: number | undefined } = {},
): number {
  share('alpha', alpha);
  const loadings = loadingsOf(k, rho);
  const single = -normalQuantile(alpha / 2);
  if (k === 1) return single;
  const target = Math.log(alpha);
  // Never below one arm's and never above Bonferroni's.
  return findRoot(
    d => Math.log(anyBeyond(d, loadings)) - target,
    single,
    -normalQuantile(alpha / (2 * k)) + 1e-9,
  );
}

function loadingsOf(k: number, rho: number | readonly number[]): readonly number[] {
  whole('k', k, 1);
  const loadings = typeof rho === 'number' ? new Array<number>(k).fill(Math.sqrt(rho)) : rho;
  if (loadings.length !== k) throw wrong('rho', rho, `${k} loadings`);
  if (!loadings.every(loading => loading >= 0 && loading < 1))
    throw wrong('rho', rho, 'numbers of at least 0 and below 1');
  return loadings;
}

/**
 * ∫ φ(x) (1 - Π [1 - Φ̄((d - λx)/s) - Φ̄((d + λx)/s)]) dx, s = √(1 - λ²): given what the baseline's noise x
 * is, arms are independent. As the complement, so that small p keep their digits.
 */
function anyBeyond(d: number, loadings: readonly number[]): number {
  const scaled = loadings.map(loading => {
    const s = Math.sqrt(1 - loading * loading);
    return [d / s, loading / s];
  });
  const given = (x: number): number => {
    let lnInside = 0;
    for (const [far, slope] of scaled) {
      const beyond = normalSurvival(far - slope * x) + normalSurvival(far + slope * x);
      lnInside += Math.log1p(-Math.min(1, beyond));
    }
    return -Math.expm1(lnInside) * Math.exp((-x * x) / 2);
  };
  // The integrand is even; its narrowest feature is as wide as the steepest slope makes it.
  const steepest = Math.max(1, ...scaled.map(([, slope]) => slope));
  const reach = d + 9;
  const steps = Math.ceil(reach * Math.min(400, 8 * steepest));
  return (2 * integrateBell(given, 0, reach, steps)) / Math.sqrt(2 * Math.PI);
}
