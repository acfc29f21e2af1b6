import { createRequire } from 'node:module';
import { finite, fraction, nonNegative, positive, share } from './inputs.ts';
import { findRootFrom } from './numeric.ts';

/**
 * The distributions that tests and intervals read, over the special functions of Cephes (S. Moshier, Methods
 * and Programs for Mathematical Functions, 1989; its C compiled to WebAssembly, npm `cephes`). Tails are
 * computed as tails, never as 1 - cdf, so p values keep their digits down to 1e-300: within 5e-12 of scipy
 * relative, 5e-11 for chi-square, F and beta with parameters in the ten thousands. Arguments out of a
 * function's domain are usage errors.
 */
interface Cephes {
  erfc(x: number): number;
  ndtri(p: number): number;
  incbet(a: number, b: number, x: number): number;
  igam(a: number, x: number): number;
  igamc(a: number, x: number): number;
  lgam(x: number): number;
}

let loaded: Cephes | undefined;
/**
 * Loaded at the first number that is asked for, as the CommonJS that compiles at once: an `import`
 * would have to wait.
 */
function cephes(): Cephes {
  loaded ??= createRequire(import.meta.url)('cephes') as Cephes;
  return loaded;
}

/** Cephes throws where a result is too small for a number. */
function orUnderflow(calculate: () => number, underflow: number): number {
  try {
    return calculate();
  } catch (error) {
    if (error instanceof Error && error.message.includes('underflow')) return underflow;
    throw error;
  }
}

/** ln Γ(x), x > 0. */
export function lnGamma(x: number): number {
  return cephes().lgam(positive('x', x));
}

/** I_x(a, b), the regularised incomplete beta function. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return orUnderflow(() => cephes().incbet(a, b, x), x < a / (a + b) ? 0 : 1);
}

// ── Normal ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-(finite('z', z) ** 2) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(Z ≤ z) of a standard normal Z. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

/** P(Z > z) of a standard normal Z. 0 from about z = 37.6 on. */
export function normalSurvival(z: number): number {
  finite('z', z);
  return z > 37.6 ? 0 : z < -37.6 ? 1 : cephes().erfc(z * Math.SQRT1_2) / 2;
}

/** The z that a standard normal number stays below with this probability. @param p in (0, 1) */
export function normalQuantile(p: number): number {
  return p === 0.5 ? 0 : cephes().ndtri(share('p', p));
}

/** P(|Z| ≥ |z|): a z test's p, in (0, 1]. The smallest that a number can be where it is smaller still. */
export function twoSidedP(z: number): number {
  const x = Math.abs(finite('z', z));
  return x > 37.6 ? Number.MIN_VALUE : cephes().erfc(x * Math.SQRT1_2);
}

// ── Student's t ────────────────────────────────────────────────────────────────────────────────────────────

/** P(T ≤ t) of Student's t. @param df degrees of freedom, above 0, whole or not */
export function studentTCdf(t: number, df: number): number {
  return studentTSurvival(-t, df);
}

/** P(T > t) of Student's t. @param df degrees of freedom, above 0, whole or not */
export function studentTSurvival(t: number, df: number): number {
  finite('t', t);
  const half = twoTails(Math.abs(t), positive('df', df)) / 2;
  return t >= 0 ? half : 1 - half;
}

/** P(|T| ≥ |t|): a t test's p, in (0, 1]. */
export function twoSidedPT(t: number, df: number): number {
  return Math.max(Number.MIN_VALUE, twoTails(Math.abs(finite('t', t)), positive('df', df)));
}

/** The t that a number of Student's t stays below with this probability. @param p in (0, 1) */
export function studentTQuantile(p: number, df: number): number {
  share('p', p);
  positive('df', df);
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentTQuantile(1 - p, df);
  // Tails are heavier than the normal's, so its quantile is where the search starts; the tail is nearly
  // straight in ln t.
  const start = Math.log(-normalQuantile(p));
  const target = Math.log(2 * p);
  return -Math.exp(findRootFrom(u => logOf(twoTails(Math.exp(u), df)) - target, start - 1e-9, 1));
}

const MANY_DEGREES = 2000;

/** P(|T| > t), t ≥ 0. */
function twoTails(t: number, df: number): number {
  if (df > MANY_DEGREES) return twoTailsOfMany(t, df);
  const square = t * t;
  // A small t is lost in df + t², a small tail in 1 less the middle.
  if (t > 1) return incompleteBeta(df / 2, 0.5, df / (df + square));
  return 1 - incompleteBeta(0.5, df / 2, square / (df + square));
}

/**
 * With many degrees the beta function's logarithm cancels (7e-10 at a million), so: the density at t, its
 * constant by Stirling's series, times the integral of the density beyond t relative to it.
 */
function twoTailsOfMany(t: number, df: number): number {
  const scale = df + t * t;
  const relative = (s: number) => Math.exp((-(df + 1) / 2) * Math.log1p((s * (2 * t + s)) / scale));
  // Where the density has fallen to e^-40 of what it was.
  const fall = scale * Math.expm1(80 / (df + 1));
  const reach = fall / (Math.sqrt(t * t + fall) + t);
  const constant = Math.exp(-1 / (4 * df) + 1 / (24 * df ** 3)) / Math.sqrt(2 * Math.PI);
  const density = constant * Math.exp((-(df + 1) / 2) * Math.log1p((t * t) / df));
  return Math.min(1, 2 * density * gaussLegendre(relative, 0, reach, 12));
}

/** Nodes and weights of ten points on [-1, 1] (Abramowitz and Stegun, table 25.4), the right half. */
const GAUSS = [
  [0.1488743389816312, 0.2955242247147529],
  [0.4333953941292472, 0.2692667193099963],
  [0.6794095682990244, 0.219086362515982],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.0666713443086881],
] as const;

function gaussLegendre(f: (x: number) => number, low: number, high: number, panels: number): number {
  const half = (high - low) / (2 * panels);
  let sum = 0;
  for (let i = 0; i < panels; i++) {
    const middle = low + (2 * i + 1) * half;
    for (const [x, weight] of GAUSS) sum += weight * (f(middle - x * half) + f(middle + x * half));
  }
  return sum * half;
}

// ── Chi-square, F, beta ────────────────────────────────────────────────────────────────────────────────────

/** P(X > x) of chi-square. @param x at least 0 @param df degrees of freedom, above 0, whole or not */
export function chiSquareSurvival(x: number, df: number): number {
  positive('df', df);
  nonNegative('x', x);
  if (x === 0) return 1;
  return orUnderflow(() => cephes().igamc(df / 2, x / 2), x < df ? 1 : 0);
}

/** The x that a chi-square number stays below with this probability. @param p in (0, 1) */
export function chiSquareQuantile(p: number, df: number): number {
  share('p', p);
  positive('df', df);
  const lower = (x: number) => orUnderflow(() => cephes().igam(df / 2, x / 2), x < df ? 0 : 1);
  const below = (u: number) =>
    p < 0.5
      ? logOf(lower(Math.exp(u))) - Math.log(p)
      : Math.log1p(-p) - logOf(chiSquareSurvival(Math.exp(u), df));
  const start = Math.log(df);
  return Math.exp(findRootFrom(below, start, below(start) < 0 ? 1 : -1));
}

/** P(X > x) of Fisher's F. @param x at least 0 @param df1, df2 degrees of freedom above and below the line */
export function fSurvival(x: number, df1: number, df2: number): number {
  positive('df1', df1);
  positive('df2', df2);
  nonNegative('x', x);
  const [above, below] = [df1 * x, df2];
  if (x > 1) return incompleteBeta(df2 / 2, df1 / 2, below / (above + below));
  return 1 - incompleteBeta(df1 / 2, df2 / 2, above / (above + below));
}

/** P(X ≤ x) of the beta distribution. @param x in [0, 1] @param a, b above 0 */
export function betaCdf(x: number, a: number, b: number): number {
  positive('a', a);
  positive('b', b);
  return incompleteBeta(a, b, fraction('x', x));
}

/** The x that a beta number stays below with this probability. @param p in (0, 1) @param a, b above 0 */
export function betaQuantile(p: number, a: number, b: number): number {
  share('p', p);
  positive('a', a);
  positive('b', b);
  // In ln(x / (1 - x)), where both ends have room.
  const below = (u: number) => {
    const [x, rest] = [1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u))];
    return p < 0.5
      ? logOf(incompleteBeta(a, b, x)) - Math.log(p)
      : Math.log1p(-p) - logOf(incompleteBeta(b, a, rest));
  };
  const start = Math.log(a / b);
  return 1 / (1 + Math.exp(-findRootFrom(below, start, below(start) < 0 ? 1 : -1)));
}

/** A logarithm for root finding: very low, but finite, at 0. */
const logOf = (x: number): number => Math.log(Math.max(x, Number.MIN_VALUE));
