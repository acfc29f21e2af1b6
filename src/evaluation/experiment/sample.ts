import type { Design, Metric, Proportion, Stratum, Trial } from '../contract.ts';
import type { Unit } from './gather.ts';

/** One trial as a comparison sees it. */
export interface Row {
  readonly isArm: boolean;
  readonly value: number;
  readonly unit: string;
  readonly strata: Readonly<Record<string, string>>;
}

/** One seed that both played. */
export interface Pair {
  readonly arm: number;
  readonly baseline: number;
  readonly strata: Readonly<Record<string, string>>;
}

/** What an arm and its baseline came to in one metric, in the order of the units. */
export type Sample =
  | { readonly unit: 'pair'; readonly pairs: readonly Pair[] }
  | { readonly unit: 'trial' | 'session'; readonly rows: readonly Row[] };

/** The trials of one arm and the baseline. Units that are not done to their end are left out. */
export function sampleOf(units: readonly Unit[], design: Design, arm: string, metric: Metric): Sample {
  const baseline = design.arms[0].name;
  const done = units.filter(({ trials }) => design.unit !== 'pair' || trials.every(isDone));
  if (design.unit === 'pair') {
    const pairs = done.flatMap(({ trials }) => {
      const its = trials.find(trial => trial.arm === arm);
      const other = trials.find(trial => trial.arm === baseline);
      if (!its || !other) return [];
      return [{ arm: its.metrics[metric.name], baseline: other.metrics[metric.name], strata: other.strata }];
    });
    return { unit: 'pair', pairs };
  }
  const rows = done.flatMap(({ trials }) =>
    trials
      .filter(trial => isDone(trial) && (trial.arm === arm || trial.arm === baseline))
      .map(trial => ({
        isArm: trial.arm === arm,
        value: trial.metrics[metric.name],
        unit: trial.unit,
        strata: trial.strata,
      })),
  );
  return { unit: design.unit, rows };
}

export const isDone = (trial: Trial): boolean => trial.status === 'done';

/** The values of both, the arm's first. */
export function valuesOf(sample: Sample): readonly [readonly number[], readonly number[]] {
  if (sample.unit === 'pair') {
    return [sample.pairs.map(pair => pair.arm), sample.pairs.map(pair => pair.baseline)];
  }
  const of = (isArm: boolean) => sample.rows.filter(row => row.isArm === isArm).map(row => row.value);
  return [of(true), of(false)];
}

/** The part of a sample whose trials have this value of a stratum. */
export function within(sample: Sample, stratum: string, value: string): Sample {
  if (sample.unit === 'pair') {
    return { ...sample, pairs: sample.pairs.filter(pair => pair.strata[stratum] === value) };
  }
  return { ...sample, rows: sample.rows.filter(row => row.strata[stratum] === value) };
}

/** The different values of a stratum, in order. */
export function valuesOfStratum(sample: Sample, stratum: string): string[] {
  const all = sample.unit === 'pair' ? sample.pairs : sample.rows;
  return [...new Set(all.map(({ strata }) => strata[stratum]))].sort();
}

export const proportionOf = (values: readonly number[]): Proportion => ({
  successes: values.reduce((sum, value) => sum + value, 0),
  n: values.length,
});

/** The rows by the cross of strata, as two-by-two tables in the order of their names. */
export function tablesOf(rows: readonly Row[], strata: readonly string[]): Stratum[] {
  const cells = new Map<string, { x1: number; n1: number; x0: number; n0: number }>();
  for (const row of rows) {
    const name = strata.map(stratum => row.strata[stratum]).join(' × ');
    const cell = cells.get(name) ?? { x1: 0, n1: 0, x0: 0, n0: 0 };
    cells.set(name, cell);
    if (row.isArm) {
      cell.n1++;
      cell.x1 += row.value;
    } else {
      cell.n0++;
      cell.x0 += row.value;
    }
  }
  return [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { x1, n1, x0, n0 }]) => ({
      name,
      arm: { successes: x1, n: n1 },
      baseline: { successes: x0, n: n0 },
    }));
}

/** How many units a sample has: pairs, trials, or sessions. */
export function sizeOf(sample: Sample): number {
  if (sample.unit === 'pair') return sample.pairs.length;
  return sample.unit === 'trial' ? sample.rows.length : new Set(sample.rows.map(row => row.unit)).size;
}

/** A sample's first units. */
export function firstUnits(sample: Sample, count: number): Sample {
  if (sample.unit === 'pair') return { ...sample, pairs: sample.pairs.slice(0, count) };
  if (sample.unit === 'trial') return { ...sample, rows: sample.rows.slice(0, count) };
  const kept = new Set([...new Set(sample.rows.map(row => row.unit))].slice(0, count));
  return { ...sample, rows: sample.rows.filter(row => kept.has(row.unit)) };
}
