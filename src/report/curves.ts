import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MetricRow, readRows } from '../core/metric-rows.ts';
import { escapeHtml } from './html.ts';
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

/** The small pictures beside the main one, where the run has logged them, in this order. */
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

interface Sample {
  readonly step: number;
  readonly value: number;
  readonly seed: number;
}

/** The learning curves of a run as SVG figures; empty where it logged no rows. */
export async function learningCurves(seeds: readonly SeedRows[]): Promise<{ main: string; small: string }> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<html><body></body></html>') as { document: unknown };
  const svg = (options: Parameters<typeof Plot.plot>[0]): string => {
    const made = Plot.plot({ ...options, document } as Parameters<typeof Plot.plot>[0]);
    made.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    return made.outerHTML;
  };
  const axis = { label: 'environment steps', labelOffset: 40, tickFormat: 's' as const };

  const training = samples(seeds, 'episode_return');
  const evaluated = samples(seeds, 'evaluation_return');
  const median = medianOver(evaluated.length > 0 ? evaluated : training);
  const many = seeds.length > 1;
  const main =
    training.length + evaluated.length === 0
      ? ''
      : svg({
          width: 860,
          height: 340,
          marginLeft: 60,
          marginBottom: 44,
          grid: true,
          style: { background: 'none', fontSize: '13px' },
          x: axis,
          y: { label: 'return' },
          marks: [
            Plot.line(training, {
              x: 'step',
              y: 'value',
              z: 'seed',
              stroke: 'var(--second)',
              strokeWidth: 1.4,
            }),
            Plot.line(evaluated, {
              x: 'step',
              y: 'value',
              z: 'seed',
              stroke: 'var(--accent)',
              strokeOpacity: many ? 0.35 : 1,
              strokeWidth: many ? 1.2 : 2.2,
            }),
            Plot.dot(evaluated, { x: 'step', y: 'value', r: many ? 1.6 : 3, fill: 'var(--accent)' }),
            ...(many
              ? [Plot.line(median, { x: 'step', y: 'value', stroke: 'var(--accent)', strokeWidth: 2.8 })]
              : []),
          ],
        });

  const small = SMALL.map(name => {
    const points = samples(seeds, name);
    if (points.length < 2) return '';
    const picture = svg({
      width: 380,
      height: 190,
      marginLeft: 56,
      grid: true,
      style: { background: 'none', fontSize: '12px' },
      x: { ...axis, label: null, ticks: 4 },
      y: { label: null, ticks: 4, ...(spans(points) && { type: 'log' as const }) },
      marks: [
        Plot.line(points, {
          x: 'step',
          y: 'value',
          z: 'seed',
          stroke: 'var(--accent)',
          strokeOpacity: many ? 0.5 : 1,
          strokeWidth: 1.4,
        }),
      ],
    });
    return `<figure><h3>${escapeHtml(name)}</h3>${picture}<figcaption>${escapeHtml(explainMetric(name))}</figcaption></figure>`;
  }).join('\n');
  return { main, small };
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
