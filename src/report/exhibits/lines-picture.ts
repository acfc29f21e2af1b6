import type { Drawing } from '../drawing.ts';
import { figureText } from '../html.ts';
import { axis } from './axes.ts';
import { type PanelOfSeeds, type SeriesOfSeeds, thinned } from './lines-data.ts';
import type { Frame } from './lines-frame.ts';
import type { Look } from './roles.ts';

interface Size {
  readonly width: number;
  readonly height: number;
  /** Whether each line's name stands at its end. */
  readonly names: boolean;
}

const margins = { top: 16, bottom: 30, left: 48, right: 14 };

/** One panel. */
export function panelPicture(
  { Plot, svg }: Drawing,
  panel: PanelOfSeeds,
  frame: Frame,
  looks: ReadonlyMap<string, Look>,
  { width, height, names }: Size,
): string {
  const longest = Math.max(0, ...panel.series.map(({ name }) => name.length));
  const marginRight = names ? longest * 7.6 + 22 : margins.right;
  const inner = width - margins.left - marginRight;
  const most = Math.max(3, Math.floor(inner / (frame.logX ? 48 : 80)));
  const small = width < 350 ? 11.5 : 13;
  return svg(
    {
      width,
      height,
      marginTop: margins.top,
      marginBottom: margins.bottom,
      marginLeft: margins.left,
      marginRight,
      style: { background: 'none', fontSize: `${small}px`, overflow: 'visible' },
      x: { ...axis(frame.x, frame.logX, most, frame.xs), label: null },
      y: { ...axis(frame.y, frame.logY, height / 50), label: null, grid: true, nice: !frame.logY },
      marks: [
        Plot.frame({ anchor: 'bottom', strokeOpacity: 0.3 }),
        ...(frame.y[0] < 0 && frame.y[1] > 0 ? [Plot.ruleY([0], { strokeOpacity: 0.4 })] : []),
        ...panel.shaded.flatMap(({ from, to, label }) => shadeMarks(Plot, [from, to], label)),
        ...panel.marks.flatMap(({ label, at }) => marksAt(Plot, label, at)),
        // The method goes on top.
        ...[...panel.series]
          .sort((a, b) => depth(a) - depth(b))
          .flatMap(series => seriesMarks(Plot, series, looks.get(series.name), frame)),
        ...(names ? endNames(Plot, panel, frame, looks, height) : []),
      ],
    },
    describe(panel, frame),
  );
}

const depth = ({ role }: SeriesOfSeeds): number => (role === 'method' ? 2 : role === undefined ? 1 : 0);

type Plot = Drawing['Plot'];

function marksAt(Plot: Plot, label: string, at: readonly number[]) {
  const sorted = [...at].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return [
    Plot.ruleX(at, {
      stroke: 'var(--quiet)',
      strokeWidth: at.length > 1 ? 0.8 : 1.2,
      strokeDasharray: '2 3',
    }),
    Plot.text([middle], {
      x: d => d,
      text: () => label,
      frameAnchor: 'top',
      dy: -12,
      fill: 'var(--quiet)',
    }),
  ];
}

function shadeMarks(Plot: Plot, [x1, x2]: readonly [number, number], label: string) {
  return [
    Plot.rectX([{ x1, x2 }], { x1: 'x1', x2: 'x2', fill: 'var(--quiet)', fillOpacity: 0.16 }),
    Plot.text([label], {
      x: (x1 + x2) / 2,
      text: text => text,
      frameAnchor: 'top',
      dy: -12,
      fill: 'var(--quiet)',
    }),
  ];
}

/** Points a line: a small picture shows no more. */
const MOST_POINTS = 220;

function seriesMarks(Plot: Plot, series: SeriesOfSeeds, look: Look | undefined, frame: Frame) {
  const { lines, role } = series;
  const { color = 'currentColor', dash, symbol = 'circle' } = look ?? {};
  const several = lines.length > 1;
  const at = { x: 'x', y: 'y' } as const;
  if (frame.scatter) {
    return lines.map(({ points }) =>
      Plot.dot(points, { ...at, fill: color, fillOpacity: 0.4, symbol, r: 2.2 }),
    );
  }
  const means = thinned(series.means, MOST_POINTS);
  if (role === 'bound' && lines.every(({ points }) => points.length === 1)) {
    const stroke = { stroke: color, strokeDasharray: dash ?? '5 5', strokeWidth: 1.6 };
    return [
      Plot.ruleY(
        series.means.map(({ mean }) => mean),
        stroke,
      ),
    ];
  }
  const drawn = lines.map(line => thinned(line.points, MOST_POINTS));
  const dots = frame.dots || drawn.every(points => points.length < 3);
  const width = role === 'method' ? 2.4 : 1.9;
  const thick = {
    stroke: color,
    strokeWidth: width,
    ...(dash === undefined ? {} : { strokeDasharray: dash }),
  };
  const band = means.map(mean => ({ ...mean, low: clamp(mean.low, frame), high: clamp(mean.high, frame) }));
  const main = several ? means.map(({ x, mean }) => ({ x, y: mean })) : (drawn[0] ?? []);
  return [
    ...(several
      ? [
          Plot.areaY(band, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.14 }),
          ...drawn.map(points =>
            Plot.line(points, { ...at, stroke: color, strokeWidth: 0.9, strokeOpacity: 0.45 }),
          ),
        ]
      : []),
    Plot.line(main, { ...at, ...thick }),
    ...(dots && role !== 'bound' ? [Plot.dot(main, { ...at, fill: color, symbol, r: 3.6 })] : []),
  ];
}

const clamp = (value: number, { y }: Frame): number => Math.min(y[1], Math.max(y[0], value));

/** Names at the ends of their lines, moved apart where they would meet. */
function endNames(
  Plot: Plot,
  panel: PanelOfSeeds,
  frame: Frame,
  looks: ReadonlyMap<string, Look>,
  height: number,
) {
  const to = (value: number) => (frame.logY ? Math.log(value) : value);
  const inner = height - margins.top - margins.bottom;
  // The axis' own scale: its ends are rounded, and a name has to stand where its line does.
  const y = Plot.scale({ y: { domain: frame.y.map(to), nice: !frame.logY, range: [inner, 0] } });
  const rows = panel.series
    .flatMap(({ name, means, lines }) => {
      const own = lines[0]?.points.findLast(point => Number.isFinite(point.y));
      const end = means.at(-1)?.mean ?? own?.y;
      return end === undefined ? [] : [{ name, wanted: y?.apply(to(end)) }];
    })
    .sort((a, b) => a.wanted - b.wanted);
  const places = apart(
    rows.map(({ wanted }) => wanted),
    16,
    inner,
  );
  return rows.map(({ name }, i) =>
    Plot.text([name], {
      frameAnchor: 'top-right',
      textAnchor: 'start',
      lineAnchor: 'middle',
      dx: 10,
      dy: places[i],
      text: () => name,
      fill: looks.get(name)?.color ?? 'currentColor',
      fontWeight: looks.get(name)?.role === 'method' ? 600 : 400,
    }),
  );
}

/** Moves sorted places so that neighbours are at least `gap` apart, as little as can be. */
export function apart(wanted: readonly number[], gap: number, most: number): number[] {
  const places = [...wanted];
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i], places[i - 1] + gap);
  const end = Math.max(most, (places.length - 1) * gap);
  for (let i = places.length - 1, limit = end; i >= 0; i--, limit -= gap)
    places[i] = Math.min(places[i], limit);
  return places;
}

/** For those who cannot see it: where every line ends. */
function describe({ title, series }: PanelOfSeeds, { labels }: Frame): string {
  const ends = series.flatMap(({ name, means, lines }) => {
    const first = lines[0]?.points.findLast(point => Number.isFinite(point.y));
    const end = means.at(-1) ?? (first && { x: first.x, mean: first.y });
    return end ? [`${name} ${figureText(end.mean)} at ${figureText(end.x)}`] : [];
  });
  return `${title === '' ? '' : `${title}: `}${labels.y} over ${labels.x}: ${ends.join('; ')}`;
}
