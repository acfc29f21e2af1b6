import type { Estimate, Moments, Proportion, TestResult } from '../contract.ts';
import { checkMoments, checkProportion, LEVEL, share, whole, wrong } from '../inputs.ts';
import { chiSquareTested, notEstimable, symmetric, tested } from '../statistics/estimates.ts';
import type { LayerAssignment } from './layers.ts';

/**
 * Pearson's chi-square test that rows and columns of a table of counts are independent; (r - 1)(c - 1)
 * degrees. Rows and columns without a count are left out. Assumes that expected counts are not small
 * (about 5 or more).
 * @param table rows of counts, as long as one another; whole numbers, at least 0
 */
export function independence(table: readonly (readonly number[])[]): TestResult {
  for (const [i, row] of table.entries()) {
    if (row.length !== table[0].length)
      throw wrong(`table[${i}].length`, row.length, `${table[0].length} as in the first row`);
    row.forEach((count, j) => {
      whole(`table[${i}][${j}]`, count);
    });
  }
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const columns = (table[0] ?? []).map((_, column) => sum(table.map(row => row[column])));
  const rows = table.map(sum);
  const total = sum(rows);
  const degrees = (rows.filter(n => n > 0).length - 1) * (columns.filter(n => n > 0).length - 1);
  if (!(total > 0 && degrees > 0)) return notEstimable('fewer than two rows or columns have a count');
  let statistic = 0;
  for (const [i, row] of table.entries()) {
    for (const [j, count] of row.entries()) {
      const expected = (rows[i] * columns[j]) / total;
      if (expected > 0) statistic += (count - expected) ** 2 / expected;
    }
  }
  return chiSquareTested(statistic, degrees);
}

/**
 * Whether the arms of two layers were drawn independently of one another, over the units that are in an
 * experiment of both.
 * @param assignments of each unit, as `resolverOf` gives them
 */
export function layerIndependence(
  assignments: Iterable<readonly LayerAssignment[]>,
  first: string,
  second: string,
): TestResult {
  const rows = new Map<string, number>();
  const columns = new Map<string, number>();
  const counts: number[][] = [];
  const place = (names: Map<string, number>, { experiment, arm }: LayerAssignment) => {
    const name = JSON.stringify([experiment, arm]);
    const at = names.get(name) ?? names.size;
    names.set(name, at);
    return at;
  };
  for (const unit of assignments) {
    const a = unit.find(({ layer }) => layer === first);
    const b = unit.find(({ layer }) => layer === second);
    if (!a || !b) continue;
    const [row, column] = [place(rows, a), place(columns, b)];
    counts[row] ??= [];
    counts[row][column] = (counts[row][column] ?? 0) + 1;
  }
  const width = columns.size;
  return independence(counts.map(row => Array.from({ length: width }, (_, column) => row[column] ?? 0)));
}

/** Outcomes of two experiments' units, by whether each experiment gave its arm or its baseline. */
export interface Factorial<T> {
  readonly neither: T;
  readonly first: T;
  readonly second: T;
  readonly both: T;
}

/**
 * Whether two experiments over the same units change each other's effect: z on the difference of differences,
 * (both - second) - (first - neither), whose variance is the sum of the four means'. Assumes independent
 * trials and counts large enough for the normal approximation.
 * @param cells successes, or moments of a numeric metric
 * @param level of the interval, in (0, 1)
 */
export function interaction(
  cells: Factorial<Proportion> | Factorial<Moments>,
  level = LEVEL,
): { readonly difference: Estimate; readonly test: TestResult } {
  share('level', level);
  const names = ['neither', 'first', 'second', 'both'] as const;
  const neither = (why: string) => ({ difference: notEstimable(why), test: notEstimable(why) });
  let value = 0;
  let variance = 0;
  for (const name of names) {
    const cell = meanOf(cells[name], name);
    if (cell === undefined) return neither(`the cell "${name}" has too few trials`);
    value += (name === 'neither' || name === 'both' ? 1 : -1) * cell.mean;
    variance += cell.variance;
  }
  if (!(variance > 0)) return neither('no cell varies');
  const standardError = Math.sqrt(variance);
  return { difference: symmetric(value, standardError, level), test: tested(value / standardError) };
}

/** A cell's mean with that mean's variance; undefined where it has too few trials for one. */
function meanOf(cell: Proportion | Moments, name: string) {
  if ('successes' in cell) {
    checkProportion(name, cell);
    const mean = cell.successes / cell.n;
    return cell.n === 0 ? undefined : { mean, variance: (mean * (1 - mean)) / cell.n };
  }
  checkMoments(name, cell);
  return cell.n < 2 ? undefined : { mean: cell.mean, variance: cell.variance / cell.n };
}
