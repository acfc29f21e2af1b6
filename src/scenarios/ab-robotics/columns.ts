import type { Stratum, Trial } from '../../evaluation/contract.ts';
import { operators, robots } from './calendar.ts';

/** Trials as columns, in the order of assignment; those without an outcome are left out. */
export interface Columns {
  readonly n: number;
  /** 0 or 1. */
  readonly success: Uint8Array;
  /** Of the study, from 0. */
  readonly day: Uint16Array;
  readonly week: Uint8Array;
  readonly operator: Uint8Array;
  readonly robot: Uint8Array;
  /** Place of the trial's arm among the names. */
  readonly arm: Uint8Array;
  readonly index: Uint32Array;
}

/** Whose a trial is: the baseline's (0), the arm's (1), or neither's. */
export type SideOf = (trial: number) => 0 | 1 | undefined;

/** Trials counted by cell and side. @param cells how many there are @param cellOf a trial's, from 0 */
export function strataOf(
  { n, success }: Pick<Columns, 'n' | 'success'>,
  sideOf: SideOf,
  cells: number,
  cellOf: (trial: number) => number,
): Stratum[] {
  const table = new Int32Array(cells * 4);
  for (let i = 0; i < n; i++) {
    const side = sideOf(i);
    if (side === undefined) continue;
    const at = cellOf(i) * 4 + 2 * side;
    table[at] += success[i];
    table[at + 1]++;
  }
  return Array.from({ length: cells }, (_, cell) => ({
    baseline: { successes: table[4 * cell], n: table[4 * cell + 1] },
    arm: { successes: table[4 * cell + 2], n: table[4 * cell + 3] },
  }));
}

/** @param arms names, the baseline first */
export function columnsOf(trials: readonly Trial[], arms: readonly string[]): Columns {
  const done = trials.filter(({ status }) => status === 'done');
  const wholeOf = (name: string) => (trial: Trial) => Number(trial.strata[name]) - 1;
  return {
    n: done.length,
    success: Uint8Array.from(done, trial => trial.metrics['success']),
    day: Uint16Array.from(done, wholeOf('day')),
    week: Uint8Array.from(done, wholeOf('week')),
    operator: Uint8Array.from(done, trial => operators.indexOf(trial.strata['operator'] as never)),
    robot: Uint8Array.from(done, trial => robots.indexOf(trial.strata['robot'] as never)),
    arm: Uint8Array.from(done, trial => arms.indexOf(trial.arm)),
    index: Uint32Array.from(done, trial => trial.index),
  };
}
