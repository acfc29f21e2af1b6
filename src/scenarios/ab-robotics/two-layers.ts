import type { Estimate, Proportion, TestResult } from '../../evaluation/contract.ts';
import { chiSquareSurvival, normalQuantile, twoSidedP } from '../../evaluation/distributions.ts';
import { pooledTest, relativeEffect } from '../../evaluation/statistics/index.ts';
import { countOf } from './arms.ts';
import type { Columns } from './columns.ts';
import type { LayersResult } from './contract.ts';

/** A layer and the arm that each trial had in it, as columns of the same trials. */
export interface LayerColumns {
  readonly name: string;
  readonly arms: readonly string[];
  readonly columns: Columns;
}

/** Two experiments on the same trials: whether their draws are independent, and whether their effects add up. */
export function layersResult(first: LayerColumns, second: LayerColumns, level: number): LayersResult {
  const other = second.columns.arm;
  const counts = first.arms.map((_, a) =>
    second.arms.map((_, b) => countOf(first.columns, i => first.columns.arm[i] === a && other[i] === b)),
  );
  const sums = second.arms.map((_, b) => countOf(second.columns, i => other[i] === b));
  return {
    layers: [first.name, second.name],
    arms: [first.arms, second.arms],
    counts,
    independence: independence(counts.map(row => row.map(({ n }) => n))),
    interactions: first.arms.slice(1).flatMap((arm, a) =>
      second.arms.slice(1).map((with_, b) => {
        const square = [counts[0][0], counts[0][b + 1], counts[a + 1][0], counts[a + 1][b + 1]] as const;
        return { arms: [arm, with_] as const, ...interaction(square, level) };
      }),
    ),
    second: second.arms.slice(1).map((arm, b) => ({
      arm,
      effect: relativeEffect(sums[b + 1], sums[0], { level }),
      test: pooledTest(sums[b + 1], sums[0]),
    })),
  };
}

/** Pearson's chi-square of a table of counts. */
export function independence(table: readonly (readonly number[])[]): TestResult {
  const rows = table.map(row => row.reduce((sum, n) => sum + n, 0));
  const columns = table[0].map((_, b) => table.reduce((sum, row) => sum + row[b], 0));
  const total = rows.reduce((sum, n) => sum + n, 0);
  if (rows.includes(0) || columns.includes(0)) return { estimable: false, reason: 'an arm has no trials' };
  let statistic = 0;
  for (const [a, row] of table.entries()) {
    for (const [b, n] of row.entries()) {
      const expected = (rows[a] * columns[b]) / total;
      statistic += (n - expected) ** 2 / expected;
    }
  }
  const degrees = (rows.length - 1) * (columns.length - 1);
  const p = Math.max(Number.MIN_VALUE, chiSquareSurvival(statistic, degrees));
  return { estimable: true, statistic, p, degrees };
}

/**
 * The difference of differences of success rates, (p11 - p01) - (p10 - p00), with the sum of the cells' variances.
 * @param square cells 00, 01, 10, 11
 */
export function interaction(
  square: readonly [Proportion, Proportion, Proportion, Proportion],
  level: number,
): { readonly test: TestResult; readonly difference: Estimate } {
  const missing = {
    estimable: false,
    reason: 'an arm of one layer has no trials with one of the other',
  } as const;
  if (square.some(({ n }) => n === 0)) return { test: missing, difference: missing };
  const [p00, p01, p10, p11] = square.map(({ successes, n }) => successes / n);
  const variance = square.reduce((sum, { successes, n }) => sum + (successes * (n - successes)) / n ** 3, 0);
  const flat = { estimable: false, reason: 'no cell has both successes and failures' } as const;
  if (variance === 0) return { test: flat, difference: flat };
  const value = p11 - p01 - (p10 - p00);
  const standardError = Math.sqrt(variance);
  const statistic = value / standardError;
  const half = normalQuantile((1 + level) / 2) * standardError;
  return {
    test: { estimable: true, statistic, p: twoSidedP(statistic) },
    difference: { estimable: true, value, standardError, low: value - half, high: value + half, level },
  };
}
