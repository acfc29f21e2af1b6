import type { Random } from '../../core/random.ts';
import type { Estimate } from '../../evaluation/contract.ts';
import { containingZero } from '../../evaluation/simulate/index.ts';
import { days, operators, weeks } from './calendar.ts';
import type { Columns } from './columns.ts';
import type { GroupEffect } from './contract.ts';
import { type DayTable, dayJackknife, dayTable } from './day-jackknife.ts';

/** Fortnights in 22 weeks. The last is the baseline of the others. */
export const groupCount = weeks / 2;

/** Which fortnight each trial fell in. */
export const fortnights = ({ week }: Columns): Uint8Array => week.map(each => Math.floor(each / 2));

/** Every group but the last against the last: RR_MH over operators, jackknife over days. */
export function groupEstimates(columns: Columns, groups: Uint8Array, level: number): Estimate[] {
  const tables = tablesOf(columns, groups);
  const baseline = tables[groupCount - 1];
  return tables.slice(0, -1).map(table => dayJackknife(table, baseline, operators.length, level));
}

/** The same with what a picture needs. @param name of a group, by its place */
export function groupEffects(
  columns: Columns,
  groups: Uint8Array,
  name: (group: number) => string,
  level: number,
): GroupEffect[] {
  const trials = new Uint32Array(groupCount);
  const successes = new Uint32Array(groupCount);
  for (let i = 0; i < columns.n; i++) {
    trials[groups[i]]++;
    successes[groups[i]] += columns.success[i];
  }
  const effects = groupEstimates(columns, groups, level);
  return Array.from(trials, (n, g) => ({
    name: name(g),
    trials: n,
    rate: n === 0 ? 0 : successes[g] / n,
    ...(g < groupCount - 1 && { effect: effects[g] }),
  }));
}

/** Gives the same trials to the same number of groups, of the same sizes, at random. */
export const regrouped = (groups: Uint8Array, random: Random): Uint8Array => random.shuffle(groups.slice());

/**
 * Regroups a log many times. @returns how many regroupings had 0, 1, … intervals that hold 0
 * @param beat called now and then
 */
export function regroupHistogram(
  columns: Columns,
  regroupings: number,
  random: Random,
  level: number,
  beat: () => void = () => {},
): number[] {
  const groups = fortnights(columns);
  const histogram = new Array<number>(groupCount).fill(0);
  for (let i = 0; i < regroupings; i++) {
    histogram[containingZero(groupEstimates(columns, regrouped(groups, random.split(i)), level))]++;
    if (i % 50 === 0) beat();
  }
  return histogram;
}

/** The mean of a histogram over 0, 1, 2, … */
export function meanOf(histogram: readonly number[]): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  return histogram.reduce((sum, count, value) => sum + count * value, 0) / total;
}

function tablesOf({ n, success, day, operator }: Columns, groups: Uint8Array): DayTable[] {
  const tables = Array.from({ length: groupCount }, () => dayTable(days, operators.length));
  for (let i = 0; i < n; i++) {
    const at = (day[i] * operators.length + operator[i]) * 2;
    const table = tables[groups[i]];
    table[at] += success[i];
    table[at + 1]++;
  }
  return tables;
}
