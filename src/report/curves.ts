import { drawing, inBothSizes } from './drawing.ts';
import { escapeHtml, figureText, proseHtml } from './html.ts';
import { explainMetric } from './metrics-table.ts';
import { linesOf, medianOver, otherFigures, type Sample, type SeedRows, samples, spans } from './samples.ts';

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
  'value',
  'critic_loss',
  'td_loss',
  'td_error',
  'actor_loss',
  'entropy_coefficient',
  'gradient_norm',
  'critic_gradient_norm',
  'actor_gradient_norm',
  'learning_rate',
  'policy_lag',
  'steps_per_second',
];
/** Never negative, and read by their order of magnitude. */
const LOGARITHMIC = new Set([
  'value_loss',
  'critic_loss',
  'td_loss',
  'td_error',
  'entropy_coefficient',
  'gradient_norm',
  'critic_gradient_norm',
  'actor_gradient_norm',
  'learning_rate',
]);

export interface Curves {
  /** The return over training, in a size for desks and one for phones; empty where the run logged none. */
  readonly main: string;
  readonly small: string;
  /** Figures that are not Troupe's own, one picture each: environments', scenarios', actors', by who measured them. */
  readonly others: readonly { readonly source: string; readonly pictures: string }[];
  /** Whether there are evaluations among them. */
  readonly evaluated: boolean;
}

/** The learning curves of a run as SVG, several seeds over each other with their median. */
export async function learningCurves(seeds: readonly SeedRows[]): Promise<Curves> {
  const { Plot, svg } = await drawing();
  const at = { x: 'step', y: 'value' } as const;
  /** One line a seed, and a copy of a group; of several, the median stands out. */
  const lines = (points: readonly Sample[], stroke: string, width: number) => {
    const several = linesOf(points) > 1;
    return [
      Plot.line(points, {
        ...at,
        z: 'line',
        stroke,
        strokeWidth: several ? 1 : width,
        strokeOpacity: several ? 0.35 : 1,
      }),
      ...(several ? [Plot.line(medianOver(points), { ...at, stroke, strokeWidth: width })] : []),
    ];
  };

  const training = samples(seeds, 'episode_return');
  const evaluated = samples(seeds, 'evaluation_return');
  const returns = (width: number, height: number): string =>
    svg({
      width,
      height,
      marginLeft: 56,
      marginBottom: 44,
      grid: true,
      x: { label: 'environment steps', labelOffset: 40, tickFormat: 's', ticks: width / 110 },
      y: { label: 'return', ticks: height / 50 },
      marks: [
        ...lines(training, evaluated.length > 0 ? 'var(--second)' : 'var(--accent)', 1.5),
        ...lines(evaluated, 'var(--accent)', 2.4),
        ...(linesOf(evaluated) > 1 ? [] : [Plot.dot(evaluated, { ...at, r: 3, fill: 'var(--accent)' })]),
      ],
    });
  const main =
    training.length + evaluated.length === 0
      ? ''
      : inBothSizes((width, narrow) => returns(width, narrow ? 280 : 340));

  const picture = (name: string, points: readonly Sample[]): string => {
    // A figure that never moved has no curve; means of a constant differ in their last bits.
    if (points.every(point => Math.abs(point.value - points[0].value) <= 1e-9 * Math.abs(points[0].value)))
      return '';
    const powers = (value: number) => (Math.log10(value) % 1 === 0 ? figureText(value) : '');
    const log = LOGARITHMIC.has(name) && spans(points);
    const type = log ? { type: 'log' as const, tickFormat: powers } : ticksOf(points);
    const plot = svg({
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
    return `<figure><h3>${escapeHtml(name)}</h3>${plot}<figcaption>${proseHtml(explainMetric(name))}</figcaption></figure>`;
  };
  const pictures = (all: readonly string[]) => all.filter(Boolean).join('\n');
  const small = pictures(SMALL.map(name => picture(name, samples(seeds, name))));
  const others = [...otherFigures(seeds)]
    .map(([source, names]) => ({
      source,
      pictures: pictures([...names].map(name => picture(name, samples(seeds, name, source)))),
    }))
    .filter(other => other.pictures !== '');
  return { main, small, others, evaluated: evaluated.length > 0 };
}

/** Powers of ten where ticks would have so many zeros that they leave the picture. */
function ticksOf(points: readonly Sample[]): { tickFormat?: (value: number) => string } {
  if (points.some(({ value }) => Math.abs(value) >= 0.01)) return {};
  return { tickFormat: value => (value === 0 ? '0' : Number(value.toPrecision(4)).toExponential()) };
}
