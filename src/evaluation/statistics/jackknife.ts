import type { Estimate, Stratum } from '../contract.ts';
import { checkStrata, LEVEL, share } from '../inputs.ts';
import { riskRatioSums } from './cmh.ts';
import { estimate, notEstimable, symmetric } from './estimates.ts';

/** How a jackknife's interval is made. */
export interface JackknifeOptions {
  /** Default 0.95. */
  readonly level?: number | undefined;
  /**
   * `t` (default): Student's with one degree fewer than groups, which few groups need. `z`: the
   * normal distribution.
   */
  readonly quantile?: 't' | 'z' | undefined;
}

/** An estimate whose error is measured by leaving groups out. */
export interface JackknifeResult {
  /** Its value is that of all groups; the interval is symmetric about it. */
  readonly estimate: Estimate;
  /** G θ - (G - 1) mean of θ_(g). */
  readonly biasCorrected: number | undefined;
  /** θ_(g), in the order of the groups; undefined where a group cannot be spared. */
  readonly leaveOneOut: readonly (number | undefined)[];
}

/**
 * The delete-one-group jackknife (Tukey, Ann. Math. Stat. 29, 1958): SE² = (G - 1)/G Σ (θ_(g) - mean)². The
 * groups (days, sessions, operators), with all arms' data of each, are independent of one another; inside
 * them anything may depend on anything.
 * @param groups the data, by group @param estimator θ of some groups; undefined where they do not give one
 */
export function jackknife<Group>(
  groups: readonly Group[],
  estimator: (groups: readonly Group[]) => number | undefined,
  { level = LEVEL, quantile = 't' }: JackknifeOptions = {},
): JackknifeResult {
  share('level', level);
  const theta = usable(estimator(groups));
  const leaveOneOut = groups.map((_, out) => usable(estimator(groups.filter((_, g) => g !== out))));
  const without = (reason: string, biasCorrected?: number): JackknifeResult => ({
    estimate: notEstimable(reason),
    biasCorrected,
    leaveOneOut,
  });
  const count = groups.length;
  if (theta === undefined) return without('the groups together give no estimate');
  if (count < 2) return without('a jackknife needs at least two groups');
  const out = leaveOneOut.indexOf(undefined);
  if (out >= 0) return without(`without group ${out + 1} of ${count} there is no estimate`);
  const values = leaveOneOut as readonly number[];
  // From θ, so that what differs little keeps its digits.
  const shift = values.reduce((sum, value) => sum + (value - theta), 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - theta - shift) ** 2, 0);
  const standardError = Math.sqrt(((count - 1) / count) * squares);
  const biasCorrected = theta - (count - 1) * shift;
  // Rounding alone is not variation.
  if (standardError <= 1e-13 * count * Math.abs(theta))
    return without('the estimate is the same whichever group is left out', biasCorrected);
  const degrees = quantile === 't' ? count - 1 : undefined;
  return { estimate: symmetric(theta, standardError, level, degrees), biasCorrected, leaveOneOut };
}

const usable = (theta: number | undefined): number | undefined =>
  theta === undefined || !Number.isFinite(theta) ? undefined : theta;

/**
 * RR_MH - 1 over the strata of all groups, its error by leaving groups out: strata correct for who did the
 * trials, groups for what trials of a day have in common. Each group's strata stand by themselves (day by
 * operator); to add up strata of one name over groups instead, `jackknife` with
 * `riskRatioOf(mergeStrata(groups.flat()))`.
 * @param groups the strata of each day or session
 * @param options `scale`: `ratio` (default) jackknifes RR_MH - 1 itself; `log` its logarithm, whose interval
 * is closer where groups are few or the effect is large. Either way all figures but the standard error are
 * relative effects.
 */
export function jackknifeRiskRatio(
  groups: readonly (readonly Stratum[])[],
  { scale = 'ratio', ...options }: JackknifeOptions & { readonly scale?: 'ratio' | 'log' | undefined } = {},
): JackknifeResult {
  checkStrata(groups.flat());
  const relative = (some: readonly { above: number; below: number }[]) => {
    const above = some.reduce((sum, group) => sum + group.above, 0);
    const below = some.reduce((sum, group) => sum + group.below, 0);
    if (below === 0) return undefined;
    return scale === 'log' ? Math.log(above / below) : above / below - 1;
  };
  const result = jackknife(groups.map(riskRatioSums), relative, options);
  return scale === 'log' ? backFromLogarithm(result) : result;
}

function backFromLogarithm({ estimate: ln, biasCorrected, leaveOneOut }: JackknifeResult): JackknifeResult {
  const back = (x: number | undefined) => (x === undefined ? undefined : Math.expm1(x));
  return {
    estimate: ln.estimable
      ? estimate(
          Math.expm1(ln.value),
          ln.standardError,
          Math.expm1(ln.low),
          Math.expm1(ln.high),
          ln.level,
          ln.degrees,
        )
      : ln,
    biasCorrected: back(biasCorrected),
    leaveOneOut: leaveOneOut.map(back),
  };
}
