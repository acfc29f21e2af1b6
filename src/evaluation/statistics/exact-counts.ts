/**
 * Exact p values of counts too small for a chi-square: the probability of all that is as improbable as what was seen,
 * or more. A rounding error of the probabilities must not split ties: they are compared with 1e-9 of slack.
 */
const slack = 1e-9;

/** Outcomes that are worth being listed; beyond, the chi-square is good enough or there are too many arms. */
export const mostOutcomes = 200_000;

/** In how many ways `total` things lie in `places` places: C(total + places - 1, places - 1). */
export function compositions(total: number, places: number): number {
  let ways = 1;
  for (let i = 1; i < places; i++) ways = (ways * (total + i)) / i;
  return ways;
}

/** Multinomial: counts that fall into places with these shares (they sum to 1). */
export function multinomialP(counts: readonly number[], shares: readonly number[]): number {
  return exactP(counts, (count, place) => count * Math.log(shares[place]) - logFactorial(count));
}

/** Fisher's (Freeman and Halton's with more than two): so many of each group, where the sum of them is given. */
export function hypergeometricP(counts: readonly number[], sizes: readonly number[]): number {
  return exactP(counts, (count, place) =>
    count > sizes[place]
      ? -Infinity
      : logFactorial(sizes[place]) - logFactorial(count) - logFactorial(sizes[place] - count),
  );
}

/** @param term ln of a count's factor of an outcome's probability, up to one constant for all outcomes */
function exactP(counts: readonly number[], term: (count: number, place: number) => number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const seen = counts.reduce((sum, count, place) => sum + term(count, place), 0);
  let all = 0;
  let asFar = 0;
  const place = (at: number, left: number, log: number): void => {
    if (at === counts.length - 1) {
      const whole = log + term(left, at);
      // Relative to what was seen, so that nothing underflows that matters.
      const weight = Math.exp(whole - seen);
      all += weight;
      if (whole <= seen + slack) asFar += weight;
      return;
    }
    for (let count = 0; count <= left; count++) place(at + 1, left - count, log + term(count, at));
  };
  place(0, total, 0);
  return Math.min(1, asFar / all);
}

const logs: number[] = [0];

function logFactorial(n: number): number {
  for (let i = logs.length; i <= n; i++) logs.push(logs[i - 1] + Math.log(i));
  return logs[n];
}
