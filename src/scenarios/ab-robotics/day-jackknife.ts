import type { Estimate } from '../../evaluation/contract.ts';
import { studentTQuantile } from '../../evaluation/distributions.ts';
import { notEstimable } from '../../evaluation/statistics/estimates.ts';

/** Successes and trials of one side, by day and stratum: `[(day · strata + stratum) · 2]` and the place after it. */
export type DayTable = Int32Array;

/** An empty table. */
export const dayTable = (days: number, strata: number): DayTable => new Int32Array(days * strata * 2);

/**
 * RR_MH - 1 over strata, with its interval from the jackknife over days, each day's trials of both sides left out
 * together: `jackknife` and `riskRatioOf` of the statistics, for thousands of regroupings of a log. Days on which neither
 * side has a trial are no groups.
 * @param strata number of strata in both tables
 */
export function dayJackknife(arm: DayTable, baseline: DayTable, strata: number, level: number): Estimate {
  const width = strata * 2;
  const days = arm.length / width;
  const total = new Float64Array(width);
  const totalBase = new Float64Array(width);
  for (let i = 0; i < arm.length; i++) {
    total[i % width] += arm[i];
    totalBase[i % width] += baseline[i];
  }
  /** The ratio without what stands at `at`; with everything where `at` is negative. */
  const ratio = (at: number): number => {
    let above = 0;
    let below = 0;
    for (let s = 0; s < width; s += 2) {
      const n1 = total[s + 1] - (at < 0 ? 0 : arm[at + s + 1]);
      const n0 = totalBase[s + 1] - (at < 0 ? 0 : baseline[at + s + 1]);
      if (n1 === 0 || n0 === 0) continue;
      above += ((total[s] - (at < 0 ? 0 : arm[at + s])) * n0) / (n1 + n0);
      below += ((totalBase[s] - (at < 0 ? 0 : baseline[at + s])) * n1) / (n1 + n0);
    }
    return above / below;
  };
  const theta = ratio(-1);
  let groups = 0;
  let sum = 0;
  let squares = 0;
  for (let day = 0; day < days; day++) {
    if (isEmpty(arm, day * width, width) && isEmpty(baseline, day * width, width)) continue;
    const shift = ratio(day * width) - theta;
    groups++;
    sum += shift;
    squares += shift * shift;
  }
  if (!Number.isFinite(theta) || !Number.isFinite(squares))
    return notEstimable('there are too few successes to leave a day out');
  if (groups < 2) return notEstimable('a jackknife needs at least two days');
  const standardError = Math.sqrt(((groups - 1) / groups) * Math.max(0, squares - (sum * sum) / groups));
  if (standardError === 0) return notEstimable('the days do not differ');
  const half = quantile(groups - 1, level) * standardError;
  const value = theta - 1;
  return {
    estimable: true,
    value,
    standardError,
    low: value - half,
    high: value + half,
    level,
    degrees: groups - 1,
  };
}

function isEmpty(table: DayTable, at: number, width: number): boolean {
  for (let s = 1; s < width; s += 2) if (table[at + s] > 0) return false;
  return true;
}

const quantiles = new Map<string, number>();
function quantile(degrees: number, level: number): number {
  const key = `${degrees} ${level}`;
  const known = quantiles.get(key) ?? studentTQuantile((1 + level) / 2, degrees);
  quantiles.set(key, known);
  return known;
}
