import { independence, interaction } from '../../evaluation/assignment/index.ts';
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
        const cells = {
          neither: counts[0][0],
          first: counts[a + 1][0],
          second: counts[0][b + 1],
          both: counts[a + 1][b + 1],
        };
        return { arms: [arm, with_] as const, ...interaction(cells, level) };
      }),
    ),
    second: second.arms.slice(1).map((arm, b) => ({
      arm,
      effect: relativeEffect(sums[b + 1], sums[0], { level }),
      test: pooledTest(sums[b + 1], sums[0]),
    })),
  };
}
