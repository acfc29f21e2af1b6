import { datum } from '../inputs.ts';
import type { SparseRow } from './logistic.ts';

/**
 * What could be seen of a unit. Numbers with more than 12 different values count as such and by the eighth of
 * the units that they lie in; all else is one column for each value (the 30 most frequent). A text with more
 * values than that counts by its length, its first and its last letter too. Where a name is missing, that is
 * a value of its own.
 */
export type Features = Readonly<Record<string, string | number | boolean>>;

type Value = string | number | boolean | undefined;

const mostCategories = 30;
const fewNumbers = 12;
const bins = 8;

/** Features as sparse rows: numbers standardised, categories one-hot. */
export function encode(features: readonly Features[]): {
  readonly rows: readonly SparseRow[];
  readonly columns: number;
} {
  const rows = features.map(() => ({ columns: [] as number[], values: [] as number[] }));
  let columns = 0;
  const oneHot = (values: readonly Value[]): void => {
    const kept = frequent(values);
    if (kept.length < 2) return;
    const column = new Map(kept.map(value => [value, columns++]));
    values.forEach((value, row) => {
      const at = column.get(keyOf(value));
      if (at === undefined) return;
      rows[row].columns.push(at);
      rows[row].values.push(1);
    });
  };
  const number = (values: readonly Value[]): void => {
    const known = values.filter(value => typeof value === 'number');
    const mean = known.reduce((sum, value) => sum + value / known.length, 0);
    const sd = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2 / known.length, 0));
    const edges = quantiles(known);
    if (sd > 0 && Number.isFinite(sd)) {
      const at = columns++;
      values.forEach((value, row) => {
        if (typeof value !== 'number') return;
        rows[row].columns.push(at);
        rows[row].values.push((value - mean) / sd);
      });
    }
    oneHot(
      values.map(value => (typeof value === 'number' ? edges.filter(edge => edge < value).length : value)),
    );
  };
  const names = [...new Set(features.flatMap(row => Object.keys(row)))].sort();
  for (const name of names) {
    const values = features.map((row): Value => {
      const value = row[name];
      return typeof value === 'number' ? datum(`features.${name}`, value) : value;
    });
    const distinct = new Set(values);
    if (distinct.size < 2) continue;
    const numeric = values.every(value => typeof value === 'number' || value === undefined);
    if (numeric && distinct.size > fewNumbers) {
      number(values);
      continue;
    }
    oneHot(values);
    if (distinct.size <= mostCategories) continue;
    const texts = values.map(value => (value === undefined ? value : String(value)));
    number(texts.map(text => text?.length));
    oneHot(texts.map(text => text?.at(0)));
    oneHot(texts.map(text => text?.at(-1)));
  }
  return { rows, columns };
}

/** 1 and '1' are different values; so is none. */
const keyOf = (value: Value): string => `${typeof value} ${String(value)}`;

/**
 * The most frequent values; of equally frequent ones the first by name, so that the order of rows
 * does not matter.
 */
function frequent(values: readonly Value[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  const order = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  // A column for each of all values would say the same twice; the ridge copes with it.
  return order.slice(0, mostCategories).map(([key]) => key);
}

/** Between the eighths of the values. */
function quantiles(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const edges = Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)],
  );
  return [...new Set(edges)];
}
