import type { Random } from '../../../core/random.ts';
import type { NotEstimable } from '../../contract.ts';
import { datum, share, whole } from '../../inputs.ts';
import { notEstimable } from '../estimates.ts';

/** How a sign-flip test is made. */
export interface SignFlipOptions {
  /** `greater`: the differences are above 0. Default `two-sided`. */
  readonly alternative?: 'two-sided' | 'greater' | undefined;
  /** Draws the flips where there are more than 20 pairs. */
  readonly random: Random;
  /** Flips drawn then. Default 100,000. */
  readonly resamples?: number | undefined;
}

/** What a sign-flip test says. */
export interface SignFlip {
  readonly estimable: true;
  /** Mean difference. */
  readonly statistic: number;
  readonly p: number;
  readonly pairs: number;
  /**
   * The smallest p that so many pairs (and, where not exact, so many draws) can reach. Where it is above the
   * level looked for, the test cannot find anything.
   */
  readonly smallestP: number;
  /** Whether all flips were counted, or some drawn. */
  readonly exact: boolean;
}

/** Pairs whose flips are all counted: 2^20 of them. */
const mostExact = 20;

/** The smallest p that a sign-flip test of so many pairs can reach: 2^-n one-sided, twice that two-sided. */
export function smallestSignFlipP(pairs: number, alternative: 'two-sided' | 'greater'): number {
  return Math.min(1, 2 ** -whole('pairs', pairs, 1) * (alternative === 'greater' ? 1 : 2));
}

/** Pairs without which a sign-flip test cannot reach p ≤ alpha: 5 for 0.05 one-sided, 6 two-sided. */
export function pairsForSignFlip(alpha: number, alternative: 'two-sided' | 'greater'): number {
  const flips = (alternative === 'greater' ? 1 : 2) / share('alpha', alpha);
  return Math.max(1, Math.ceil(Math.log2(flips) - 1e-12));
}

/**
 * The sign-flip (paired randomisation) test: without an effect, each pair's difference is as likely to have
 * the other sign, so p is the share of all 2^n ways to flip them whose mean is as far or farther. Fisher,
 * "The Design of Experiments", 1935, section 21. Exact up to 20 pairs; beyond, flips are drawn and p = (1 +
 * as far)/(1 + drawn), which holds as well (Phipson, Smyth 2010).
 *
 * Assumes: differences whose sign is by chance without an effect: seeds played by both, or outcomes symmetric
 * about 0. No normality.
 * @param differences of the pairs, arm - baseline
 * @returns no estimate where there are no pairs, or all differences are 0
 */
export function signFlipTest(
  differences: readonly number[],
  options: SignFlipOptions,
): SignFlip | NotEstimable {
  const alternative = options.alternative ?? 'two-sided';
  differences.forEach((difference, at) => {
    datum(`differences[${at}]`, difference);
  });
  if (differences.length === 0) return notEstimable('there are no pairs');
  const extent = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  if (extent === 0) return notEstimable('all differences are 0');
  const total = differences.reduce((sum, difference) => sum + difference, 0);
  const size = (sum: number): number => (alternative === 'greater' ? sum : Math.abs(sum));
  // Sums that differ by rounding are the same sum.
  const least = size(total) - 1e-12 * extent;
  const exact = differences.length <= mostExact;
  const resamples = whole('resamples', options.resamples ?? 100_000, 1);
  const p = exact
    ? shareOf(allSums(differences), sum => size(sum) >= least)
    : drawnP(differences, options.random, resamples, sum => size(sum) >= least);
  return {
    estimable: true,
    statistic: total / differences.length,
    p,
    pairs: differences.length,
    smallestP: Math.max(smallestSignFlipP(differences.length, alternative), exact ? 0 : 1 / (1 + resamples)),
    exact,
  };
}

/** The sums of the differences under every way to flip them. */
function allSums(differences: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** differences.length);
  let filled = 1;
  for (const difference of differences) {
    for (let i = 0; i < filled; i++) {
      sums[filled + i] = sums[i] - difference;
      sums[i] += difference;
    }
    filled *= 2;
  }
  return sums;
}

function shareOf(sums: Float64Array, counts: (sum: number) => boolean): number {
  let found = 0;
  for (const sum of sums) if (counts(sum)) found++;
  return found / sums.length;
}

function drawnP(
  differences: readonly number[],
  random: Random,
  resamples: number,
  counts: (sum: number) => boolean,
): number {
  let found = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < differences.length; i++) {
      if ((i & 31) === 0) bits = random.uint32();
      sum += bits & 1 ? differences[i] : -differences[i];
      bits >>>= 1;
    }
    if (counts(sum)) found++;
  }
  return (1 + found) / (1 + resamples);
}
