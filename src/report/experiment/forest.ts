import type { Estimate } from '../../evaluation/contract.ts';
import type { Drawing } from '../drawing.ts';
import { inBothSizes } from '../drawing.ts';
import { intervalText, type Scale, scaledText, shown, valueText } from './numbers.ts';

/** A line of a forest plot. */
export interface ForestRow {
  readonly name: string;
  readonly estimate: Estimate;
  /** A second, wider interval, drawn behind: the confidence sequence. */
  readonly behind?: Estimate | undefined;
  /** A variable of the style: `--accent`. */
  readonly color: string;
}
export interface ForestLook {
  readonly scale: Scale;
  /** Whether 0 has a line: it has for effects. */
  readonly zero: boolean;
  /** A value that all rows are seen beside, dashed. */
  readonly beside?: number | undefined;
  readonly label: string;
  /** Values that have to be in sight too, so that two pictures have one scale. */
  readonly range?: readonly number[] | undefined;
}

/** Pixels a letter, of a wide font: a name that is cut says less than a gap. */
const LETTER = 7.9;
/** Behind words, so that no line of the grid strikes them through. */
export const halo = { fill: 'currentColor', stroke: 'var(--card)', strokeWidth: 4 };
const cut = (name: string, letters: number): string =>
  name.length > letters ? `${name.slice(0, letters - 1)}…` : name;

/** Estimates with their intervals, a row each; what cannot be estimated says so. */
export const forest = (drawing: Drawing, rows: readonly ForestRow[], look: ForestLook): string =>
  inBothSizes((width, narrow) => forestOf(drawing, rows, look, width, narrow));

/** One size of it. `narrow`: names stand above their intervals. */
export function forestOf(
  { Plot, svg }: Drawing,
  rows: readonly ForestRow[],
  { scale, zero, beside, label, range = [] }: ForestLook,
  width: number,
  narrow: boolean,
): string {
  // Names need not be unique: rows are placed by their number.
  const lines = rows.map((row, i) => {
    const estimate = shown(row.estimate);
    const behind = row.behind && shown(row.behind);
    const says = estimate
      ? `${valueText(estimate, scale)}${narrow ? '' : `  (${intervalText(estimate, scale)})`}`
      : 'not estimable';
    return { ...row, at: String(i), estimate, behind, says };
  });
  const seen = lines.flatMap(({ estimate, behind }) => [estimate, behind].filter(each => each !== undefined));
  const bounds = [
    ...range,
    ...seen.flatMap(({ low, high }) => [low, high]),
    ...(zero ? [0] : []),
    beside ?? [],
  ].flat();
  const least = Math.min(...bounds, ...(bounds.length > 0 ? [] : [-1]));
  const most = Math.max(...bounds, ...(bounds.length > 0 ? [] : [1]));
  const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1;
  const domain = [(least - room) * scale.factor, (most + room) * scale.factor];

  const nameLetters = Math.min(26, Math.max(...rows.map(({ name }) => name.length), 4));
  const left = narrow ? 24 : Math.round(nameLetters * LETTER) + 18;
  const right = narrow ? 24 : Math.round(Math.max(...lines.map(({ says }) => says.length)) * LETTER) + 20;
  const rowHeight = narrow ? 46 : 34;
  const inRange = lines.filter(({ estimate }) => estimate !== undefined);
  const bars = inRange.flatMap(({ at, color, estimate }) => (estimate ? [{ at, color, ...estimate }] : []));
  const wider = lines.flatMap(({ at, color, behind }) => (behind ? [{ at, color, ...behind }] : []));
  const x = (value: number): number => value * scale.factor;
  const color = (row: { readonly color: string }): string => `var(${row.color})`;
  const dy = narrow ? 7 : 0;
  return svg(
    {
      width,
      height: rows.length * rowHeight + 34,
      marginLeft: left,
      marginRight: right,
      marginTop: 4,
      marginBottom: 30,
      x: {
        domain,
        label: null,
        ...(seen.length === 0 ? { axis: null } : {}),
        ticks: narrow ? 4 : 6,
        tickFormat: tickText(scale),
        grid: seen.length > 0,
      },
      y: { domain: lines.map(({ at }) => at), axis: null, type: 'point', padding: 0.5 },
      marks: [
        ...(zero ? [Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.7 })] : []),
        ...(beside === undefined
          ? []
          : [Plot.ruleX([x(beside)], { stroke: 'var(--quiet)', strokeDasharray: '4 4' })]),
        Plot.ruleY(wider, {
          x1: ({ low }) => x(low),
          x2: ({ high }) => x(high),
          y: 'at',
          stroke: color,
          strokeOpacity: 0.3,
          strokeWidth: 9,
          dy,
        }),
        Plot.ruleY(bars, {
          x1: ({ low }) => x(low),
          x2: ({ high }) => x(high),
          y: 'at',
          stroke: color,
          strokeWidth: 2.4,
          dy,
        }),
        Plot.dot(bars, { x: ({ value }) => x(value), y: 'at', r: 4.5, fill: color, dy }),
        Plot.text(lines, {
          y: 'at',
          text: ({ name }) => cut(name, narrow ? 34 : nameLetters),
          frameAnchor: 'left',
          textAnchor: narrow ? 'start' : 'end',
          dx: narrow ? -18 : -12,
          ...halo,
          dy: narrow ? -8 : 0,
        }),
        Plot.text(lines, {
          y: 'at',
          text: 'says',
          frameAnchor: 'right',
          textAnchor: narrow ? 'end' : 'start',
          dx: narrow ? 18 : 12,
          ...halo,
          dy: narrow ? -8 : 0,
          fillOpacity: ({ estimate }) => (estimate ? 1 : 0.6),
        }),
      ],
    },
    `${label}: ${lines.map(({ name, says }) => `${name} ${says}`).join('; ')}`,
  );
}

/** Ticks with sign and unit. Their positions are scaled already. */
export const tickText =
  (scale: Scale) =>
  (at: number): string => {
    const unit = scale.unit === '\u00a0points' ? '' : scale.unit;
    return scaledText(Number(at.toPrecision(12)) / scale.factor, scale, undefined, unit);
  };
