import { usageError } from '../../core/errors.ts';
import type { Proportion, Stratum } from '../contract.ts';
import type { SimulatedTrials } from './trials.ts';

/**
 * Which trials belong together: each run of so many consecutive `trials` (a day, a session, a block, a stretch of time),
 * each `operator`, or each operator within each run. The empty grouping is all trials.
 */
export interface Grouping {
  readonly trials?: number | undefined;
  readonly operator?: boolean | undefined;
}

/** Successes and trials of each arm in each group: a view of counts that the next experiment writes over. */
export interface Tables {
  readonly groups: number;
  readonly arms: number;
  /** At `2 (group × arms + arm)` the successes, behind them the trials. */
  readonly counts: Int32Array;
}

/** Makes a function that counts an experiment's trials by group and arm. @param operators how many there are */
export function tableMaker(
  grouping: Grouping,
  { n, arms }: Pick<SimulatedTrials, 'n' | 'arms'>,
  operators: number,
): (trials: SimulatedTrials) => Tables {
  const run = grouping.trials ?? n;
  if (!(Number.isSafeInteger(run) && run >= 1))
    throw usageError(`grouping: trials = ${run}: expected a number, 1 or more`);
  const people = grouping.operator ? operators : 1;
  const groups = Math.ceil(n / run) * people;
  const counts = new Int32Array(2 * groups * arms);
  const tables = { groups, arms, counts };
  return ({ arm, success, operator }) => {
    counts.fill(0);
    for (let t = 0, inRun = 0, first = 0; t < n; t++) {
      const at = 2 * ((people > 1 ? first + operator[t] : first) * arms + arm[t]);
      counts[at] += success[t];
      counts[at + 1]++;
      if (++inRun === run) {
        inRun = 0;
        first += people;
      }
    }
    return tables;
  };
}

/** An arm's successes and trials in a group. */
export function proportionIn({ arms, counts }: Tables, group: number, arm: number): Proportion {
  const at = 2 * (group * arms + arm);
  return { successes: counts[at], n: counts[at + 1] };
}

/** An arm beside the baseline, group by group, as the library's stratified analyses take them. */
export function strataOf(tables: Tables, arm = 1): Stratum[] {
  return Array.from({ length: tables.groups }, (_, group) => ({
    arm: proportionIn(tables, group, arm),
    baseline: proportionIn(tables, group, 0),
  }));
}
