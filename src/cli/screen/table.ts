import { widthOf } from './style.ts';

/** Columns that a sentence needs to be read beside its name rather than under it. */
const leastRoom = 30;
const gap = '  ';

/**
 * Rows in columns, each as wide as its widest cell. Where the last one does not fit the terminal, its text goes on in
 * its own column, or under the others where that would be too narrow.
 * @param align one of `<`, `>` a column
 * @param columns the terminal's width
 */
export function table(
  rows: readonly (readonly string[])[],
  align = '',
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const count = Math.max(0, ...rows.map(row => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map(row => widthOf(row[i] ?? ''))));
  const padded = (row: readonly string[]) =>
    row.map((cell, i) => {
      const space = ' '.repeat(widths[i] - widthOf(cell));
      return align[i] === '>' ? space + cell : cell + space;
    });
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0);
  const room = columns - before;
  const fits = (widths[count - 1] ?? 0) <= room;
  return rows.flatMap(row => {
    const cells = padded(row);
    if (fits || row.length < count) return [cells.join(gap).trimEnd()];
    const [last] = row.slice(-1);
    const others = cells.slice(0, -1).join(gap);
    if (room >= leastRoom) {
      const [first, ...rest] = wrap(last, room);
      return [`${others}${gap}${first}`, ...rest.map(line => ' '.repeat(before) + line)];
    }
    const indent = ' '.repeat(4 + leadOf(row[0]));
    const head =
      before <= columns
        ? [others.trimEnd()]
        : wrap(row.slice(0, -1).filter(Boolean).join(gap), columns, indent);
    return last === '' ? head : [...head, ...wrap(indent + last, columns, indent)];
  });
}

const leadOf = (text: string): number => text.length - text.trimStart().length;

/**
 * Breaks a text between its words. A word that is wider than a line stays whole.
 * @param indent put before every line but the first
 */
export const wrap = (text: string, columns = Number.POSITIVE_INFINITY, indent = ''): string[] =>
  flow(text.split(' '), ' ', columns, indent);

/** Parts in as few lines as they fit in, `between` them where they share one. */
export function flow(
  parts: readonly string[],
  between: string,
  columns = Number.POSITIVE_INFINITY,
  indent = '',
): string[] {
  const [first = '', ...rest] = parts;
  const lines = [first];
  for (const part of rest) {
    const longer = `${lines.at(-1)}${between}${part}`;
    if (widthOf(longer) <= columns || part === '') lines[lines.length - 1] = longer;
    else lines.push(indent + part);
  }
  return lines.map(line => line.trimEnd());
}
