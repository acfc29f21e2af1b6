import { fraction } from '../inputs.ts';

/*
 * p values of several tests, corrected for there being several, in the order given. Reject where the
 * corrected p is at most the level. Each p is in [0, 1].
 */

/** min(1, m p): holds the chance of any false rejection, whatever the tests have in common. */
export function bonferroni(ps: readonly number[]): number[] {
  check(ps);
  return ps.map(p => Math.min(1, ps.length * p));
}

/**
 * 1 - (1 - p)^m: exact for independent tests (Šidák, JASA 62, 1967), and enough for two-sided z
 * tests of any kind.
 */
export function sidak(ps: readonly number[]): number[] {
  check(ps);
  return ps.map(p => -Math.expm1(ps.length * Math.log1p(-p)));
}

/** Holm, Scand. J. Stat. 6, 1979: the same promise as Bonferroni, never a larger p. */
export function holm(ps: readonly number[]): number[] {
  check(ps);
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  ascending(ps).forEach((at, rank) => {
    least = Math.max(least, Math.min(1, (ps.length - rank) * ps[at]));
    adjusted[at] = least;
  });
  return adjusted;
}

/**
 * Benjamini and Hochberg, JRSS B 57, 1995: holds the share of false rejections among all rejections, for
 * tests independent or positively dependent.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  check(ps);
  const adjusted = new Array<number>(ps.length);
  let most = 1;
  const order = ascending(ps);
  for (let rank = ps.length; rank >= 1; rank--) {
    const at = order[rank - 1];
    most = Math.min(most, (ps.length * ps[at]) / rank);
    adjusted[at] = most;
  }
  return adjusted;
}

const ascending = (ps: readonly number[]): number[] => ps.map((_, i) => i).sort((i, j) => ps[i] - ps[j]);

function check(ps: readonly number[]): void {
  ps.forEach((p, at) => {
    fraction(`ps[${at}]`, p);
  });
}
