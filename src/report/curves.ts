import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MetricRow, readRows } from '../core/metric-rows.ts';
import { escapeHtml, figureText } from './html.ts';
import { explainMetric } from './metrics-table.ts';

/** One seed's rows. */
export interface SeedRows {
  readonly seed: number;
  readonly rows: readonly MetricRow[];
}

export function rowsOf(folder: string, seed: number): SeedRows {
  const path = join(folder, 'metrics.jsonl');
  return { seed, rows: existsSync(path) ? readRows(path) : [] };
}

/** The small pictures, where the run has logged the figure, in this order. */
const SMALL = [
  'episode_length',
  'explained_variance',
  'entropy',
  'action_std',
  'approx_kl',
  'clip_fraction',
  'value_loss',
  'policy_loss',
  'gradient_norm',
  'learning_rate',
  'policy_lag',
  'steps_per_second',
];
/** Never negative, and read by their order of magnitude. */
const LOGARITHMIC = new Set(['value_loss', 'gradient_norm', 'learning_rate']);

interface Sample {
  readonly step: number;
  readonly value: number;
  readonly seed: number;
}

type PlotOptions = NonNullable<Parameters<typeof import('@observablehq/plot')['plot']>[0]>;

export interface Curves {
  /** The return over training, in a size for desks and one for phones; empty where the run logged none. */
  readonly main: string;
  readonly small: string;
  /** Whether there are evaluations among them. */
  readonly evaluated: boolean;
}

/** The learning curves of a run as SVG, several seeds over each other with their median. */
export async function learningCurves(seeds: readonly SeedRows[]): Promise<Curves> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<html><body></body></html>') as { document: unknown };
  const svg = (options: PlotOptions): string => {
    const made = Plot.plot({ ...options, document } as PlotOptions);
    made.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    return made.outerHTML;
  };
  const at = { x: 'step', y: 'value' } as const;
  /** One line a seed; of several, the median stands out. */
  const lines = (points: readonly Sample[], stroke: string, width: number) => [
    Plot.line(points, {
      ...at,
      z: 'seed',
      stroke,
      strokeWidth: seeds.length > 1 ? 1 : width,
      strokeOpacity: seeds.length > 1 ? 0.35 : 1,
    }),
    ...(seeds.length > 1 ? [Plot.line(medianOver(points), { ...at, stroke, strokeWidth: width })] : []),
  ];

  const training = samples(seeds, 'episode_return');
  const evaluated = samples(seeds, 'evaluation_return');
  const returns = (width: number, height: number): string =>
    svg({
      width,
      height,
      marginLeft: 56,
      marginBottom: 44,
      grid: true,
      style: { background: 'none', fontSize: '13px' },
      x: { label: 'environment steps', labelOffset: 40, tickFormat: 's', ticks: width / 110 },
      y: { label: 'return', ticks: height / 50 },
      marks: [
        ...lines(training, evaluated.length > 0 ? 'var(--second)' : 'var(--accent)', 1.5),
        ...lines(evaluated, 'var(--accent)', 2.4),
        ...(seeds.length > 1 ? [] : [Plot.dot(evaluated, { ...at, r: 3, fill: 'var(--accent)' })]),
      ],
    });
  const main =
    training.length + evaluated.length === 0
      ? ''
      : `<div class="wide">${returns(860, 340)}</div><div class="narrow">${returns(400, 280)}</div>`;

  const small = SMALL.map(name => {
    const points = samples(seeds, name);
    // A figure that never moved has no curve.
    if (points.every(point => point.value === points[0].value)) return '';
    const powers = (value: number) => (Math.log10(value) % 1 === 0 ? figureText(value) : '');
    const log = LOGARITHMIC.has(name) && spans(points);
    const type = log ? { type: 'log' as const, tickFormat: powers } : {};
    const picture = svg({
      width: 320,
      height: 170,
      marginLeft: 50,
      marginRight: 14,
      grid: true,
      style: { background: 'none', fontSize: '11px' },
      x: { label: null, ticks: 4, tickFormat: 's' },
      y: { label: null, ticks: 4, ...type },
      marks: lines(points, 'var(--accent)', 1.5),
    });
    return `<figure><h3>${escapeHtml(name)}</h3>${picture}<figcaption>${escapeHtml(explainMetric(name))}</figcaption></figure>`;
  })
    .filter(Boolean)
    .join('\n');
  return { main, small, evaluated: evaluated.length > 0 };
}

/** Every finite value of a figure, thinned to what a picture can show. */
function samples(seeds: readonly SeedRows[], name: string): Sample[] {
  return seeds.flatMap(({ seed, rows }) => {
    const found = rows.flatMap(({ step, values, time }) => {
      const value = values[name] ?? time?.[name];
      return value !== undefined && Number.isFinite(value) ? [{ step, value, seed }] : [];
    });
    const stride = Math.ceil(found.length / 400);
    return found.filter((_, i) => i % stride === 0 || i === found.length - 1);
  });
}

/** The median over seeds at every step that all of them have. */
function medianOver(points: readonly Sample[]): { step: number; value: number }[] {
  const seeds = new Set(points.map(point => point.seed)).size;
  const steps = new Map<number, number[]>();
  for (const { step, value } of points) steps.set(step, [...(steps.get(step) ?? []), value]);
  return [...steps]
    .filter(([, values]) => values.length === seeds)
    .map(([step, values]) => {
      const sorted = values.sort((a, b) => a - b);
      const half = (sorted.length - 1) / 2;
      return { step, value: (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2 };
    })
    .sort((a, b) => a.step - b.step);
}

/** Whether a figure is above zero throughout and moves over more than two orders of magnitude. */
function spans(points: readonly Sample[]): boolean {
  const values = points.map(point => point.value);
  const low = values.reduce((a, b) => Math.min(a, b));
  return low > 0 && values.reduce((a, b) => Math.max(a, b)) / low > 100;
}
