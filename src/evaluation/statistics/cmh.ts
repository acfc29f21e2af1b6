import type { Estimate, NotEstimable, Stratum, TestResult } from '../contract.ts';
import { checkStrata, LEVEL, share } from '../inputs.ts';
import { chiSquareTested, notEstimable, ofLogarithm, symmetric } from './estimates.ts';

/** What strata say together. */
export interface CmhResult {
  /** Chi-square with one degree of freedom. */
  readonly test: TestResult;
  /** The same with the continuity correction. */
  readonly corrected: TestResult;
  /** On the ratio's scale; its standard error is that of ln OR. */
  readonly oddsRatio: Estimate;
  /**
   * On the ratio's scale; its standard error is that of ln RR. `relativeFrom` makes the
   * relative effect of it.
   */
  readonly riskRatio: Estimate;
  readonly riskDifference: Estimate;
  /** How many strata have trials of both. */
  readonly used: number;
  /** Trials in the strata that have not, which say nothing and are left out. */
  readonly droppedTrials: number;
}

/**
 * A stratum as the formulas write it: successes and failures of the arm (a, b) and of the baseline (c, d).
 */
interface Table {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly n1: number;
  readonly n0: number;
  readonly total: number;
}

/**
 * Cochran, Mantel and Haenszel over strata: the effect within strata, whatever mix of strata each arm has.
 * Trials independent within a stratum, one effect for all strata (`breslowDay`, `cochranQ`); strata may be
 * small and many.
 *
 * Test: Mantel and Haenszel, JNCI 22, 1959. OR: variance of Robins, Breslow and Greenland, Biometrics 42,
 * 1986. RR: Greenland and Robins, Biometrics 41, 1985. RD: weights n1 n0 / T, variance of Sato,
 * Biometrics 45, 1989.
 */
export function cmh(strata: readonly Stratum[], level = LEVEL): CmhResult {
  checkStrata(strata);
  share('level', level);
  const tables = tablesOf(strata);
  const trials = strata.reduce((sum, { arm, baseline }) => sum + arm.n + baseline.n, 0);
  const usedTrials = tables.reduce((sum, { total }) => sum + total, 0);
  return {
    ...(tables.length === 0 ? nothing : testsOf(tables)),
    oddsRatio: tables.length === 0 ? nothing.test : oddsRatio(tables, level),
    riskRatio: tables.length === 0 ? nothing.test : riskRatio(tables, level),
    riskDifference: tables.length === 0 ? nothing.test : riskDifference(tables, level),
    used: tables.length,
    droppedTrials: trials - usedTrials,
  };
}

const none: NotEstimable = notEstimable('no stratum has trials of both arms');
const nothing = { test: none, corrected: none };

/** A relative effect from a ratio: 1 less. */
export function relativeFrom(ratio: Estimate): Estimate {
  if (!ratio.estimable) return ratio;
  return { ...ratio, value: ratio.value - 1, low: ratio.low - 1, high: ratio.high - 1 };
}

/** RR_MH alone, without its interval; undefined where it has none. What a jackknife recomputes. */
export function riskRatioOf(strata: readonly Stratum[]): number | undefined {
  const { above, below } = riskRatioSums(strata);
  return below === 0 ? undefined : above / below;
}

/**
 * The sums that RR_MH is the ratio of: those of several sets of strata may be added up.
 * @internal
 */
export function riskRatioSums(strata: readonly Stratum[]): { above: number; below: number } {
  let above = 0;
  let below = 0;
  for (const { arm, baseline } of strata) {
    const total = arm.n + baseline.n;
    if (arm.n === 0 || baseline.n === 0) continue;
    above += (arm.successes * baseline.n) / total;
    below += (baseline.successes * arm.n) / total;
  }
  return { above, below };
}

/**
 * Strata of one name added up, in the order of the names' first appearance. Those without a name stay apart.
 */
export function mergeStrata(strata: readonly Stratum[]): Stratum[] {
  const merged: Stratum[] = [];
  const places = new Map<string, number>();
  for (const stratum of strata) {
    const place = stratum.name === undefined ? undefined : places.get(stratum.name);
    if (place === undefined) {
      if (stratum.name !== undefined) places.set(stratum.name, merged.length);
      merged.push(stratum);
      continue;
    }
    const { arm, baseline } = merged[place];
    merged[place] = {
      name: stratum.name,
      arm: { successes: arm.successes + stratum.arm.successes, n: arm.n + stratum.arm.n },
      baseline: {
        successes: baseline.successes + stratum.baseline.successes,
        n: baseline.n + stratum.baseline.n,
      },
    };
  }
  return merged;
}

function tablesOf(strata: readonly Stratum[]): Table[] {
  return strata
    .filter(({ arm, baseline }) => arm.n > 0 && baseline.n > 0)
    .map(({ arm: { successes: a, n: n1 }, baseline: { successes: c, n: n0 } }) => ({
      a,
      b: n1 - a,
      c,
      d: n0 - c,
      n1,
      n0,
      total: n1 + n0,
    }));
}

const sum = (tables: readonly Table[], of: (table: Table) => number): number =>
  tables.reduce((total, table) => total + of(table), 0);

function testsOf(tables: readonly Table[]): { test: TestResult; corrected: TestResult } {
  // a - n1 (a + c) / T, written so that equal rates give exactly 0.
  const excess = sum(tables, ({ a, c, n1, n0, total }) => (a * n0 - c * n1) / total);
  const variance = sum(
    tables,
    ({ a, b, c, d, n1, n0, total }) => ((n1 / total) * n0 * (a + c) * ((b + d) / total)) / (total - 1),
  );
  if (variance === 0) {
    const reason = notEstimable('no stratum has both successes and failures');
    return { test: reason, corrected: reason };
  }
  return {
    test: chiSquareTested(excess ** 2 / variance, 1),
    // Below a half the correction would turn the sign: nothing is left of the excess then.
    corrected: chiSquareTested(Math.max(0, Math.abs(excess) - 0.5) ** 2 / variance, 1),
  };
}

function oddsRatio(tables: readonly Table[], level: number): Estimate {
  const r = sum(tables, ({ a, d, total }) => (a * d) / total);
  const s = sum(tables, ({ b, c, total }) => (b * c) / total);
  if (r === 0) return notEstimable('no stratum has a success of the arm and a failure of the baseline');
  if (s === 0) return notEstimable('no stratum has a failure of the arm and a success of the baseline');
  const variance = sum(tables, ({ a, b, c, d, total }) => {
    const [p, q, rh, sh] = [(a + d) / total, (b + c) / total, (a * d) / total, (b * c) / total];
    return (p * rh) / (2 * r * r) + (p * sh + q * rh) / (2 * r * s) + (q * sh) / (2 * s * s);
  });
  return ofLogarithm(Math.log(r / s), Math.sqrt(variance), level, 0);
}

function riskRatio(tables: readonly Table[], level: number): Estimate {
  const above = sum(tables, ({ a, n0, total }) => (a * n0) / total);
  const below = sum(tables, ({ c, n1, total }) => (c * n1) / total);
  if (below === 0) return notEstimable('the baseline has no success');
  if (above === 0) return notEstimable('the arm has no success');
  // n1 n0 (a + c) - a c T, as a sum of terms that cannot cancel.
  const spread = sum(tables, ({ a, b, c, d, n1, n0, total }) => (a * n1 * d + c * n0 * b) / total ** 2);
  if (spread === 0) return notEstimable('no stratum has both successes and failures');
  return ofLogarithm(Math.log(above / below), Math.sqrt(spread / (above * below)), level, 0);
}

function riskDifference(tables: readonly Table[], level: number): Estimate {
  const weight = sum(tables, ({ n1, n0, total }) => (n1 * n0) / total);
  const value = sum(tables, ({ a, c, n1, n0, total }) => (a * n0 - c * n1) / total) / weight;
  const lean = sum(
    tables,
    ({ a, c, n1, n0, total }) => (n1 ** 2 * c - n0 ** 2 * a + (n1 * n0 * (n0 - n1)) / 2) / total ** 2,
  );
  const spread = sum(tables, ({ a, b, c, d, total }) => (a * d + c * b) / (2 * total));
  const variance = (value * lean + spread) / weight ** 2;
  // 0 where no arm varies within a stratum, but for rounding.
  if (!(variance > 1e-12 / weight)) return notEstimable('the variance that the strata give is not above 0');
  return symmetric(value, Math.sqrt(variance), level);
}
