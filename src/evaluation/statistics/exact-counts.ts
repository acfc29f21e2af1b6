import { pOf } from './estimates.ts';

/*
 * Exact p values of counts too small for a chi-square: the probability of all that is as improbable as what
 * was seen, or more.
 */

/** Rounding must not split ties: ln probabilities closer than this are one. */
const SLACK = 1e-9;

/** Outcomes that are worth being listed; beyond, the chi-square is good enough or there are too many arms. */
export const mostOutcomes = 200_000;

/** In how many ways `total` things lie in `places` places: C(total + places - 1, places - 1). */
export function compositions(total: number, places: number): number {
  let ways = 1;
  for (let i = 1; i < places; i++) ways = (ways * (total + i)) / i;
  return ways;
}

/** Multinomial: counts that fall into places with these shares (they sum to 1). */
export const multinomialP = (counts: readonly number[], shares: readonly number[]): number =>
  exactP(counts, (count, place) => shares[place] / (count + 1));

/**
 * Fisher's (Freeman and Halton's with more than two): so many of each group, where the sum of them is given.
 */
export const hypergeometricP = (counts: readonly number[], sizes: readonly number[]): number =>
  exactP(counts, (count, place) => Math.max(0, (sizes[place] - count) / (count + 1)));

/** @param growth of a count's factor of an outcome's probability where one more is added to the count */
function exactP(counts: readonly number[], growth: (count: number, place: number) => number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // By sums of small logarithms: those of factorials of whole groups would leave few digits in
  // their differences.
  const factors = counts.map((_, place) => {
    const ln = new Float64Array(total + 1);
    for (let count = 0; count < total; count++) ln[count + 1] = ln[count] + Math.log(growth(count, place));
    return ln;
  });
  const seen = counts.reduce((sum, count, place) => sum + factors[place][count], 0);
  let all = 0;
  let asFar = 0;
  const place = (at: number, left: number, ln: number): void => {
    if (at === counts.length - 1) {
      // Relative to what was seen, so that nothing underflows that matters.
      const beyond = ln + factors[at][left] - seen;
      const weight = Math.exp(beyond);
      all += weight;
      if (beyond <= SLACK) asFar += weight;
      return;
    }
    for (let count = 0; count <= left; count++) place(at + 1, left - count, ln + factors[at][count]);
  };
  place(0, total, 0);
  return pOf(asFar / all);
}
