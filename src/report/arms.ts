import { type Drawing, drawing } from './drawing.ts';
import { escapeHtml, figureText } from './html.ts';
import { section } from './page.ts';
import { figuresOf, linesOf, medianOver, type Sample, type SeedRows, samples } from './samples.ts';

/** Points a line: the pictures are small. */
const MOST_POINTS = 80;

/** What the arms logged, folded away: a figure at a time, a small picture an arm, all with the same axes. */
export async function armsPictures(seeds: readonly SeedRows[], arms: readonly string[]): Promise<string> {
  if (arms.length === 0) return '';
  const draw = await drawing();
  const shown = figuresOf(seeds, arms).flatMap(name => {
    const found = arms
      .map(arm => ({ arm, points: samples(seeds, name, arm, MOST_POINTS) }))
      .filter(({ points }) => points.length > 0);
    const all = found.flatMap(({ points }) => points);
    // A figure that never moved has no curve.
    if (all.every(({ value }) => value === all[0].value)) return [];
    const axes = { x: range(all.map(({ step }) => step)), y: range(all.map(({ value }) => value)) };
    const pictures = found.map(
      ({ arm, points }) =>
        `<figure><h4>${escapeHtml(arm)}</h4>${picture(draw, points, axes, `${name} of ${arm}`)}</figure>`,
    );
    return [
      `<details class="arm-figure"><summary><code>${escapeHtml(name)}</code> <span class="legend">${found.length === 1 ? escapeHtml(found[0].arm) : `${found.length} arms`}</span></summary><div class="tiny">${pictures.join('\n')}</div></details>`,
    ];
  });
  const legend = seeds.length > 1 ? 'a line a seed, and their median' : '';
  return section('What the arms logged', shown.join('\n'), legend);
}

interface Axes {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

const range = (values: readonly number[]): [number, number] => [
  values.reduce((a, b) => Math.min(a, b)),
  values.reduce((a, b) => Math.max(a, b)),
];

function picture({ Plot, svg }: Drawing, points: readonly Sample[], { x, y }: Axes, label: string): string {
  const several = linesOf(points) > 1;
  const at = { x: 'step', y: 'value' } as const;
  const stroke = 'var(--accent)';
  const last = (several ? medianOver(points) : points).at(-1);
  return svg(
    {
      width: 200,
      height: 112,
      marginLeft: 38,
      marginRight: 8,
      marginTop: 8,
      marginBottom: 20,
      style: { background: 'none', fontSize: '11.5px' },
      x: { domain: [...x], label: null, ticks: 2, tickFormat: 's' },
      y: { domain: [...y], label: null, ticks: 3, grid: true, nice: true },
      marks: [
        ...(several
          ? [Plot.line(points, { ...at, z: 'line', stroke, strokeWidth: 0.8, strokeOpacity: 0.4 })]
          : []),
        Plot.line(several ? medianOver(points) : points, { ...at, stroke, strokeWidth: 1.8 }),
      ],
    },
    last ? `${label}, ${figureText(last.value)} at the end` : label,
  );
}
