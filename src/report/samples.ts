import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MetricRow, readRows } from '../core/metric-rows.ts';
import { isLink, metricTable } from './metrics-table.ts';

/** One seed's rows. */
export interface SeedRows {
  readonly seed: number;
  readonly rows: readonly MetricRow[];
}

export function rowsOf(folder: string, seed: number): SeedRows {
  const path = join(folder, 'metrics.jsonl');
  return { seed, rows: existsSync(path) ? readRows(path) : [] };
}

/** A point of a curve. */
export interface Sample {
  readonly step: number;
  readonly value: number;
  /** Who measured it, in which seed's run. */
  readonly line: string;
}

/** Who a row is from; the copies of a group count as one. */
const groupOf = ({ source }: MetricRow): string => source.split('/')[0];

/** The names of the figures that Troupe does not log of itself, by who measured them. */
export function otherFigures(seeds: readonly SeedRows[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const row of seeds.flatMap(({ rows }) => rows)) {
    const names = found.get(groupOf(row)) ?? new Set();
    for (const name of Object.keys({ ...row.values, ...row.time })) {
      if (!Object.hasOwn(metricTable, name) && !isLink(name)) names.add(name);
    }
    found.set(groupOf(row), names);
  }
  return found;
}

/** Who logged figures of their own that others logged too: the arms of a scenario. */
export function armsIn(seeds: readonly SeedRows[]): string[] {
  const figures = [...otherFigures(seeds)];
  return figures
    .filter(([source, names]) =>
      figures.some(([other, theirs]) => other !== source && [...names].some(name => theirs.has(name))),
    )
    .map(([source]) => source);
}

export const withoutArms = ({ seed, rows }: SeedRows, arms: readonly string[]): SeedRows => ({
  seed,
  rows: arms.length === 0 ? rows : rows.filter(row => !arms.includes(groupOf(row))),
});

/** The names of the figures in arms' rows, the clock's left out. */
export const figuresOf = (seeds: readonly SeedRows[], arms: readonly string[]): string[] => {
  const rows = seeds.flatMap(seed => seed.rows).filter(row => arms.includes(groupOf(row)));
  return [...new Set(rows.flatMap(({ values }) => Object.keys(values)))].filter(name => !isLink(name));
};

/**
 * Every finite value of a figure, thinned to what a picture can show.
 * @param group whose; default: whoever measured it @param most points a line
 */
export function samples(seeds: readonly SeedRows[], name: string, group?: string, most = 400): Sample[] {
  return seeds.flatMap(({ seed, rows }) => {
    const found = rows.flatMap(row => {
      const value = row.values[name] ?? row.time?.[name];
      if (value === undefined || !Number.isFinite(value)) return [];
      if (group !== undefined && groupOf(row) !== group) return [];
      return [{ step: row.step, value, line: `${seed}/${row.source}` }];
    });
    // What is measured again at the same step, as the final policy is by more episodes, takes the place of the first.
    const latest = new Map(found.map(point => [`${point.line} ${point.step}`, point]));
    const lines = new Set(found.map(point => point.line));
    return [...lines].flatMap(line =>
      thinned(
        [...latest.values()].filter(point => point.line === line),
        most,
      ),
    );
  });
}

function thinned(points: readonly Sample[], most: number): Sample[] {
  const stride = Math.ceil(points.length / most);
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}

/** How many lines they make. */
export const linesOf = (points: readonly Sample[]): number => new Set(points.map(point => point.line)).size;

/** The median over lines at every step that all of them have. */
export function medianOver(points: readonly Sample[]): { step: number; value: number }[] {
  const count = linesOf(points);
  const steps = new Map<number, number[]>();
  for (const { step, value } of points) steps.set(step, [...(steps.get(step) ?? []), value]);
  return [...steps]
    .filter(([, values]) => values.length === count)
    .map(([step, values]) => {
      const sorted = values.sort((a, b) => a - b);
      const half = (sorted.length - 1) / 2;
      return { step, value: (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2 };
    })
    .sort((a, b) => a.step - b.step);
}

/** Whether a figure is above zero throughout and moves over more than two orders of magnitude. */
export function spans(points: readonly Sample[]): boolean {
  const values = points.map(point => point.value);
  const low = values.reduce((a, b) => Math.min(a, b));
  return low > 0 && values.reduce((a, b) => Math.max(a, b)) / low > 100;
}
