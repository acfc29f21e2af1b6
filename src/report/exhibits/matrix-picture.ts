import type { Drawing } from '../drawing.ts';
import { figureText } from '../html.ts';
import type { MatrixExhibit, MatrixGroup } from './contract.ts';
import type { Cell, MatrixOfSeeds } from './matrix-data.ts';
import { alike } from './means.ts';

const groupColors = ['--ink', '--method-3', '--method-2', '--baseline-3', '--baseline-2'];
/** Of frames and tags, told apart from the cells' own colours. */
export const groupColor = (i: number): string => `var(${groupColors[i % groupColors.length]})`;

/** From these shares of the full colour on, letters are turned on their ground: first in the dark style, then in the light one. */
const MIDDLE = 0.55;
const STRONG = 0.8;
const strengthOf = (share: number): string =>
  share < MIDDLE ? 'weak' : share < STRONG ? 'middle' : 'strong';

/** Cells that are as large as there is room, with their numbers where these fit. */
export function matrixPicture(
  { Plot, svg }: Drawing,
  { rows, columns, cells, groupings }: MatrixOfSeeds,
  { scale, unit, title }: MatrixExhibit,
  { width, narrow }: { readonly width: number; readonly narrow: boolean },
): string {
  const found = cells.flatMap(({ mean }) => (mean === undefined ? [] : [mean]));
  const full = scale ?? Math.max(1e-12, ...found.map(Math.abs));
  const font = narrow ? 11.5 : 13;
  const letter = font * 0.56;
  const longest = (names: readonly string[]) => Math.max(...names.map(name => name.length));
  const marginLeft = Math.ceil(Math.min(narrow ? 130 : 260, longest(rows) * letter + 16));
  const room = (width - marginLeft - 24) / columns.length;
  // Whole pixels: frames are drawn by them.
  const cellWidth = Math.floor(Math.min(narrow ? 60 : 84, room));
  const cellHeight = Math.min(narrow ? 34 : 40, Math.max(18, cellWidth));
  // Names of columns that are wider than a cell lean.
  const lean = longest(columns) * letter > cellWidth - 4;
  const marginTop = lean ? Math.ceil(longest(columns) * letter * 0.72 + 16) : 26;
  const text = alike([full]);
  const fits = longest(found.map(text)) * letter < cellWidth - 2;
  const shareOf = ({ mean = 0 }: Cell) => Math.min(1, Math.abs(mean) / full);
  const known = cells.filter(cell => cell.mean !== undefined);
  const whole = marginLeft + cellWidth * columns.length + (lean ? 60 : 12);
  const at = { x: 'column', y: 'row' } as const;
  const picture = svg(
    {
      width: Math.min(width, whole),
      height: marginTop + cellHeight * rows.length + 10,
      marginLeft,
      marginTop,
      marginRight: Math.max(4, Math.min(width, whole) - marginLeft - cellWidth * columns.length),
      marginBottom: 10,
      padding: 0,
      style: { background: 'none', fontSize: `${font}px`, overflow: 'visible' },
      x: {
        domain: [...columns],
        label: null,
        axis: 'top',
        tickSize: 0,
        ...(lean ? { tickRotate: -45 } : {}),
      },
      y: { domain: [...rows], label: null, tickSize: 0 },
      marks: [
        Plot.cell(cells, { ...at, fill: 'var(--card)', stroke: 'var(--rule)', strokeWidth: 1 }),
        Plot.cell(known, {
          ...at,
          fill: ({ mean = 0 }: Cell) => (mean < 0 ? 'var(--baseline)' : 'var(--method)'),
          fillOpacity: shareOf,
          inset: 0.5,
          title: (cell: Cell) => tip(cell, unit),
        }),
        ...(fits
          ? ['weak', 'middle', 'strong'].map(strength =>
              Plot.text(
                known.filter(cell => strengthOf(shareOf(cell)) === strength),
                {
                  ...at,
                  text: ({ mean = 0 }: Cell) => text(mean),
                  fontWeight: 500,
                  // Not by `fill`: the page's style gives letters their colour.
                  className: strength,
                },
              ),
            )
          : []),
      ],
      color: { type: 'identity' },
      opacity: { type: 'identity' },
    },
    `${title}: ${known.map(({ row, column, mean = 0 }) => `${row}, ${column} ${text(mean)}`).join('; ')}`,
  );
  const grid = { rows, columns, cellWidth, cellHeight, left: marginLeft, top: marginTop };
  const frames = (groupings[0]?.groups ?? []).map((group, i) => frame(group, i, grid)).join('');
  return picture.replace(/<\/svg>$/, `${frames}</svg>`);
}

const tip = ({ row, column, mean = 0, values }: Cell, unit = ''): string =>
  `${row}, ${column}: ${figureText(mean)} ${unit}${values.length > 1 ? ` (${values.map(figureText).join(', ')})` : ''}`;

interface Grid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly left: number;
  readonly top: number;
}

/** Lines around all cells whose row and column are both in a group. Frames of later groups lie inside those of earlier ones. */
function frame({ members }: MatrixGroup, i: number, grid: Grid): string {
  const { rows, columns, cellWidth: w, cellHeight: h, left, top } = grid;
  const within = (r: number, c: number) =>
    members.includes(rows[r] ?? '') && members.includes(columns[c] ?? '');
  const inset = 1.5 + i * 1.4;
  const lines = rows.flatMap((_, r) =>
    columns.flatMap((_, c) => {
      if (!within(r, c)) return [];
      const above = within(r - 1, c) ? 0 : inset;
      const below = within(r + 1, c) ? 0 : inset;
      const before = within(r, c - 1) ? 0 : inset;
      const behind = within(r, c + 1) ? 0 : inset;
      const x = [left + c * w + before, left + (c + 1) * w - behind];
      const y = [top + r * h + above, top + (r + 1) * h - below];
      return [
        above && `M${x[0]} ${y[0]}H${x[1]}`,
        below && `M${x[0]} ${y[1]}H${x[1]}`,
        before && `M${x[0]} ${y[0]}V${y[1]}`,
        behind && `M${x[1]} ${y[0]}V${y[1]}`,
      ].filter(Boolean);
    }),
  );
  return `<path class="frame" d="${lines.join('')}" fill="none" stroke="${groupColor(i)}" stroke-width="2.6" stroke-linecap="square"/>`;
}
