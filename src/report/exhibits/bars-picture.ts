import type { Drawing } from '../drawing.ts';
import { halo } from '../experiment/forest.ts';
import { axis } from './axes.ts';
import type { BarOfSeeds, GroupOfSeeds } from './bars-data.ts';
import type { BarScale } from './bars-scale.ts';
import { colorOfRole } from './roles.ts';

/** Letters of a name on one line; longer ones take two. */
const deskLine = 34;
const phoneLine = 46;

/** A row a bar: its name before it, on a phone above it, and its number behind it. */
export function groupPicture(
  { Plot, svg }: Drawing,
  { name, bars }: GroupOfSeeds,
  { domain, log, solid, text, longest }: BarScale,
  { width, narrow, ticks }: { readonly width: number; readonly narrow: boolean; readonly ticks: boolean },
): string {
  const rows = bars.map((bar, i) => ({ ...bar, ...meanRow(bar, domain), at: String(i) }));
  const found = rows.filter(row => row.mean !== undefined);
  const bounds = found.filter(({ role }) => role === 'bound');
  const filled = found.filter(({ role }) => role !== 'bound');
  const wrapped = narrow ? longest > phoneLine : longest > deskLine;
  const row = narrow ? (wrapped ? 62 : 46) : wrapped ? 40 : 30;
  const dy = narrow ? (wrapped ? 20 : 12) : 0;
  const numbers = Math.max(44, ...found.map(({ m }) => text(m).length * 7.6 + 14));
  const marginLeft = narrow ? 4 : Math.min(longest, deskLine) * 7.7 + 16;
  const [low] = domain;
  const base = Math.max(low, Math.min(0, domain[1]));
  const stripes = narrow ? 'hatch-narrow' : 'hatch-wide';
  const colorOf = ({ role }: BarOfSeeds) => (role === 'control' ? `url(#${stripes})` : colorOfRole(role));
  const strokeOf = ({ role }: BarOfSeeds) => colorOfRole(role);
  const several = rows.some(({ values }) => values.length > 1);
  const seeds = found.flatMap(row =>
    row.values.map((value, i) => ({ value, at: row.at, i, n: row.values.length, row })),
  );
  const inner = width - marginLeft - numbers;
  const picture = svg(
    {
      width,
      height: rows.length * row + (ticks ? 30 : 6),
      marginLeft,
      marginRight: numbers,
      marginTop: 2,
      marginBottom: ticks ? 26 : 2,
      x: {
        ...axis(domain, log, inner / (log ? 56 : 90)),
        label: null,
        grid: true,
        ...(ticks ? {} : { tickFormat: null, tickSize: 0 }),
      },
      y: { axis: null, type: 'band', domain: rows.map(({ at }) => at), padding: 0 },
      color: { type: 'identity' },
      marks: [
        ...bounds.map(({ m }) =>
          Plot.ruleX([m], { stroke: 'currentColor', strokeDasharray: '5 4', strokeOpacity: 0.75 }),
        ),
        Plot.tickX(bounds, {
          x: 'm',
          y: 'at',
          strokeWidth: 2.4,
          insetTop: inset(row, dy).top,
          insetBottom: inset(row, dy).bottom,
        }),
        ...(solid
          ? [
              Plot.barX(filled, {
                x1: () => base,
                x2: 'm',
                y: 'at',
                fill: colorOf,
                stroke: strokeOf,
                strokeWidth: 1,
                fillOpacity: 0.85,
                insetTop: inset(row, dy).top,
                insetBottom: inset(row, dy).bottom,
              }),
              Plot.ruleX([base], { stroke: 'currentColor', strokeOpacity: 0.6 }),
            ]
          : [
              Plot.tickX(filled, {
                x: 'm',
                y: 'at',
                stroke: strokeOf,
                strokeWidth: 5,
                insetTop: inset(row, dy).top - 3,
                insetBottom: inset(row, dy).bottom - 3,
              }),
            ]),
        ...(several
          ? [
              Plot.ruleY(found, {
                x1: 'from',
                x2: 'to',
                y: 'at',
                dy,
                stroke: 'var(--card)',
                strokeWidth: 5,
                strokeOpacity: 0.75,
              }),
              Plot.ruleY(found, {
                x1: 'from',
                x2: 'to',
                y: 'at',
                dy,
                stroke: 'currentColor',
                strokeWidth: 1.8,
              }),
              ...seeds.map(({ value, at, i, n, row }) =>
                Plot.dot([value], {
                  x: d => d,
                  y: () => at,
                  dy: dy + (i - (n - 1) / 2) * Math.min(5, 14 / n),
                  r: 3,
                  fill: 'var(--card)',
                  stroke: strokeOf(row),
                  strokeWidth: 1.6,
                }),
              ),
            ]
          : []),
        ...[rows.filter(isMethod), rows.filter(row => !isMethod(row))].flatMap((some, other) => [
          Plot.text(some, {
            y: 'at',
            text: 'name',
            frameAnchor: 'left',
            textAnchor: narrow ? 'start' : 'end',
            lineAnchor: narrow ? 'bottom' : 'middle',
            lineWidth: (narrow ? phoneLine : deskLine) / 2,
            dx: narrow ? 0 : -10,
            dy: narrow ? dy - 13 : 0,
            fontWeight: other ? 400 : 600,
            ...halo,
          }),
          Plot.text(some, {
            y: 'at',
            text: ({ mean }: BarOfSeeds) => (mean ? text(mean.mean) : 'no number'),
            frameAnchor: 'right',
            textAnchor: 'end',
            dx: numbers - 2,
            dy,
            fontWeight: other ? 400 : 600,
          }),
        ]),
      ],
    },
    `${name === '' ? '' : `${name}: `}${found.map(({ name, m }) => `${name} ${text(m)}`).join('; ')}`,
  );
  return rows.some(({ role }) => role === 'control') && solid
    ? picture.replace('>', `>${hatch(stripes)}`)
    : picture;
}

const isMethod = ({ role }: BarOfSeeds): boolean => role === 'method';

function meanRow({ mean }: BarOfSeeds, [low, high]: readonly [number, number]) {
  const { mean: m, low: from, high: to } = mean ?? { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const within = (value: number) => Math.min(high, Math.max(low, value));
  return { m, from: within(from), to: within(to) };
}

/** Bars are 16 pixels high, wherever in their row they stand. */
function inset(row: number, dy: number): { top: number; bottom: number } {
  const free = (row - 16) / 2;
  return { top: free + dy, bottom: free - dy };
}

/** Stripes for controls. A size has its own: those of a picture that is not shown cannot be used. */
const hatch = (id: string): string =>
  `<defs><pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--card)"/><rect width="2.4" height="6" fill="var(--control)"/></pattern></defs>`;
