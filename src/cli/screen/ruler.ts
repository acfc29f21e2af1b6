import { widthOf } from './style.ts';

/** An interval to draw: a name, its ends and its middle, and what stands behind it. */
export interface RulerRow {
  readonly label: string;
  readonly low: number;
  readonly value: number;
  readonly high: number;
  readonly text: string;
}

/** Columns that a ruler needs to say something. */
const LEAST = 16;
const MOST = 80;

/**
 * Intervals as text, one under the other on one scale, with zero marked: `  B      ┊ ├───●───┤`. Names, and then the
 * figures behind the lines, give way where the terminal is narrow.
 * @param format writes a number of the scale's ends
 * @param columns the terminal's width
 */
export function ruler(
  rows: readonly RulerRow[],
  format: (value: number) => string,
  columns = MOST,
): string[] {
  const room = Math.min(columns, MOST) - 1;
  const widest = Math.max(...rows.map(row => widthOf(row.label)));
  const texts = Math.max(...rows.map(row => widthOf(row.text)));
  const names = Math.min(widest, Math.max(8, room - LEAST - texts - 6));
  const beside = room - names - texts - 6 >= LEAST;
  const width = Math.max(LEAST, room - names - (beside ? texts + 2 : 0) - 4);
  const ends = scaleOf(rows);
  const at = (value: number) => Math.round(((value - ends.low) / (ends.high - ends.low)) * (width - 1));
  const zero = at(0);
  const lines = rows.flatMap(({ label, low, value, high, text }) => {
    const cells = Array.from({ length: width }, () => ' ');
    cells[zero] = '┊';
    for (let i = at(low); i <= at(high); i++) cells[i] = i === zero ? '┼' : '─';
    cells[at(low)] = '├';
    cells[at(high)] = '┤';
    cells[at(value)] = '●';
    const name = shortened(label, names).padEnd(names);
    const drawn = `  ${name}  ${cells.join('')}`;
    return beside ? [`${drawn}  ${text}`.trimEnd()] : [drawn.trimEnd(), `  ${text}`];
  });
  return [...lines, `  ${' '.repeat(names)}  ${scaleLine(ends, zero, width, format)}`.trimEnd()];
}

/** Zero and all the intervals, with some air. */
function scaleOf(rows: readonly RulerRow[]): { low: number; high: number } {
  const low = Math.min(0, ...rows.map(row => row.low));
  const high = Math.max(0, ...rows.map(row => row.high));
  if (low === high) return { low: -1, high: 1 };
  const air = 0.06 * (high - low);
  return { low: low - air, high: high + air };
}

/** The ends' numbers, and 0 where it does not touch them. */
function scaleLine(
  { low, high }: { low: number; high: number },
  zero: number,
  width: number,
  format: (value: number) => string,
): string {
  const left = format(low);
  const right = format(high);
  const cells = [...left.padEnd(Math.max(left.length, width - right.length)), ...right];
  if (zero > left.length && zero < width - right.length - 1) cells[zero] = '0';
  return cells.join('');
}

const shortened = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(1, columns - 1))}…`;
