import type { LinesExhibit } from './contract.ts';
import type { PanelOfSeeds } from './lines-data.ts';

/** What all panels of an exhibit share. */
export interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly logX: boolean;
  readonly logY: boolean;
  /** Every x of every line. */
  readonly xs: readonly number[];
  readonly labels: { readonly x: string; readonly y: string };
  /** Whether the points are few enough to be marked. */
  readonly dots: boolean;
  /** Points alone, without lines. */
  readonly scatter: boolean;
}

/** How far an interval may stretch the picture beyond the lines, as a share of these. */
const STRETCH = 0.3;
/** Lines of more points are drawn without marks. */
const MOST_DOTS = 12;

/** Axes that hold every line of every panel. */
export function frameOf(panels: readonly PanelOfSeeds[], { x, y, scatter = false }: LinesExhibit): Frame {
  const series = panels.flatMap(panel => panel.series);
  const points = series.flatMap(({ lines }) => lines.flatMap(line => line.points));
  const ys = points.map(point => point.y).filter(Number.isFinite);
  const logY = y.log === true;
  const to = (value: number) => (logY ? Math.log(value) : value);
  const back = (value: number) => (logY ? Math.exp(value) : value);
  const [low, high] = range(ys.map(to));
  const room = (high - low) * STRETCH;
  const means = scatter ? [] : series.flatMap(each => each.means);
  const lowest = Math.min(
    low,
    ...means.map(mean => Math.max(low - room, logY && mean.low <= 0 ? low : to(mean.low))),
  );
  const highest = Math.max(high, ...means.map(mean => Math.min(high + room, to(mean.high))));
  const from = y.from !== undefined && !(logY && y.from <= 0) ? Math.min(to(y.from), low) : lowest;
  const bottom = y.from === undefined && !logY && low >= 0 ? Math.max(0, from) : from;
  const xs = points.map(point => point.x);
  return {
    x: range(xs),
    y: bottom === highest ? around(back(bottom), logY) : [back(bottom), back(highest)],
    logX: x.log === true,
    logY,
    xs: [...new Set(xs)].sort((a, b) => a - b),
    labels: { x: x.label, y: y.label },
    scatter,
    dots: series.every(({ lines }) => lines.every(line => line.points.length <= MOST_DOTS)),
  };
}

/** Where there is one value. */
const around = (value: number, log: boolean): [number, number] =>
  log ? [value / 2, value * 2] : [value - 0.5, value + 0.5];

function range(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}
