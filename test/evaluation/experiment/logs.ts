import { openedRecord } from '../../../src/evaluation/assignment/design.ts';
import type { Analysis, Design, LogRecord } from '../../../src/evaluation/contract.ts';

/** A design of pairs in one numeric metric; a test says what is different in its own. */
export const designOf = (over: Partial<Design> = {}): Design => ({
  name: 'test',
  hypothesis: 'B is better than A',
  arms: [
    { name: 'A', weight: 1 },
    { name: 'B', weight: 1 },
  ],
  unit: 'pair',
  metric: { name: 'return', kind: 'number', better: 'higher' },
  secondary: [],
  strata: [],
  stopping: { rule: 'fixed', units: 8 },
  level: 0.95,
  ...over,
});

/** One trial of a log. */
export interface Row {
  readonly arm: string;
  readonly unit: string;
  readonly value?: number | undefined;
  readonly strata?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
}

/** The log of trials in this order; one without a value has failed. */
export function logOf(design: Design, rows: readonly Row[], stopped = true): LogRecord[] {
  const trials = rows.flatMap(({ arm, unit, value, strata = {}, metrics }, index): LogRecord[] => {
    const id = { trial: `t${index}`, unit, index };
    const figures = metrics ?? (value === undefined ? {} : { [design.metric.name]: value });
    const status = value === undefined && !metrics ? 'failed' : 'done';
    return [
      { type: 'assigned', ...id, arm },
      { type: 'outcome', ...id, status, metrics: figures, strata },
    ];
  });
  const reason = design.stopping.rule === 'fixed' ? 'fixed' : 'cap';
  const end: LogRecord[] = stopped ? [{ type: 'stopped', reason, trials: rows.length }] : [];
  return [openedRecord(design, 7), ...trials, ...end];
}

/** Pairs: what B and A came to on each seed. */
export const pairRows = (pairs: readonly (readonly [a: number, b: number])[]): Row[] =>
  pairs.flatMap(([a, b], i) => [
    { arm: 'A', unit: `p${i}`, value: a },
    { arm: 'B', unit: `p${i}`, value: b },
  ]);

/** So many successes and failures of each. */
export const rateRows = (
  arms: Readonly<Record<string, readonly [successes: number, failures: number]>>,
  strata: Readonly<Record<string, string>> = {},
  prefix = 'u',
): Row[] =>
  Object.entries(arms).flatMap(([arm, [successes, failures]]) =>
    Array.from({ length: successes + failures }, (_, i) => ({
      arm,
      unit: `${prefix}-${arm}-${i}`,
      value: i < successes ? 1 : 0,
      strata,
    })),
  );

/** Every number in an analysis, to see that none of them is NaN or infinite. */
export function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

export const lone = (analysis: Analysis) => ({
  comparison: analysis.comparisons[0],
  verdict: analysis.verdicts[0],
});
