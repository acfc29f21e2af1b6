import type { MatrixExhibit, MatrixGroup } from './contract.ts';
import { meanOf } from './means.ts';
import { type Seeds, seedsText } from './seeds.ts';

export interface Cell {
  readonly row: string;
  readonly column: string;
  /** In the order of the seeds that have a number. */
  readonly values: readonly number[];
  /** `undefined`: no seed has a number. */
  readonly mean: number | undefined;
}

/** What was put together, and the seeds that did so. */
export interface Grouping {
  readonly groups: readonly MatrixGroup[];
  readonly seeds: readonly number[];
}

export interface MatrixOfSeeds {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly Cell[];
  /** What most seeds chose first; of equals, the first seed's. */
  readonly groupings: readonly Grouping[];
  readonly missing: readonly string[];
}

/** The cells of all seeds by the names of their rows and columns. Where both are the same, they stand in the order of the groups. */
export function matrixOverSeeds(seeds: Seeds<MatrixExhibit>): MatrixOfSeeds {
  const missing: string[] = [];
  const groupings = groupingsOf(seeds);
  const first = groupings[0]?.groups ?? [];
  const names = (of: 'rows' | 'columns') => [...new Set(seeds.flatMap(({ exhibit }) => exhibit[of]))];
  const square = names('rows').join('\n') === names('columns').join('\n');
  const order = (all: string[]) => (square ? inOrderOf(all, first) : all);
  const rows = order(names('rows'));
  const columns = order(names('columns'));
  for (const of of ['rows', 'columns'] as const)
    for (const name of names(of)) {
      const lacking = seeds.filter(({ exhibit }) => !exhibit[of].includes(name)).map(({ seed }) => seed);
      if (lacking.length > 0)
        missing.push(`${of === 'rows' ? 'Row' : 'Column'} ${name}: not in ${seedsText(lacking)}.`);
    }
  const cells = rows.flatMap(row =>
    columns.map((column): Cell => {
      const values = seeds.flatMap(({ exhibit }) => {
        const value = exhibit.values[exhibit.rows.indexOf(row)]?.[exhibit.columns.indexOf(column)] ?? null;
        return value === null ? [] : [value];
      });
      return { row, column, values, mean: values.length === 0 ? undefined : meanOf(values).mean };
    }),
  );
  return { rows, columns, cells, groupings, missing };
}

/** Members of the first group first; of several groups, a name stands in the first. */
function inOrderOf(names: readonly string[], groups: readonly MatrixGroup[]): string[] {
  const placed = groups.flatMap(({ members }) => names.filter(name => members.includes(name)));
  return [...new Set([...placed, ...names])];
}

function groupingsOf(seeds: Seeds<MatrixExhibit>): Grouping[] {
  const found = new Map<string, { groups: readonly MatrixGroup[]; seeds: number[] }>();
  for (const { seed, exhibit } of seeds) {
    if (exhibit.groups === undefined || exhibit.groups.length === 0) continue;
    const id = JSON.stringify(exhibit.groups.map(({ members }) => [...members].sort()).sort());
    const same = found.get(id) ?? { groups: exhibit.groups, seeds: [] };
    same.seeds.push(seed);
    found.set(id, same);
  }
  return [...found.values()].sort((a, b) => b.seeds.length - a.seeds.length);
}
