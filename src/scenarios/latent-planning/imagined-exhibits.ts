import type { PlanetConfig } from '../../learners/planet/config.ts';
import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import type { OpenLoopExample, OpenLoops } from './imagined.ts';
import { stripsExhibit } from './strips.ts';

/** What the pictures say about a task. */
export interface OpenLoopTitles {
  /** As in `the cart-pole swing-up`. */
  readonly task: string;
  /** Names of the numbers of a state, in their order. Default: `number 1` and so on. */
  readonly numbers?: readonly string[] | undefined;
}

/** Writes what a model imagines without looking: strips of pictures, or curves of numbers, and how its errors grow. */
export function writeOpenLoopExhibits(
  folder: string,
  prefix: string,
  loops: OpenLoops,
  config: PlanetConfig,
  titles: OpenLoopTitles,
): void {
  const pixels = config.observe === 'pixels';
  const title = `What the model foresees with its eyes closed: ${titles.task}`;
  writeExhibit(
    folder,
    `${prefix}-1-open-loop`,
    pixels ? stripsExhibit(loops, config, title) : curvesExhibit(loops, titles, title),
  );
  writeExhibit(folder, `${prefix}-2-rewards`, rewardsExhibit(loops));
  writeExhibit(folder, `${prefix}-3-errors`, errorsExhibit(loops, pixels));
}

/** Numbers of a state that are drawn, at most. */
const mostNumbers = 6;

function curvesExhibit(loops: OpenLoops, { numbers = [] }: OpenLoopTitles, title: string): Exhibit {
  const [example] = loops.examples;
  const size = example.truth.length / loops.horizon;
  const shown = Array.from({ length: Math.min(size, mostNumbers) }, (_, k) => k);
  const column = (rows: Float32Array, k: number): number[] =>
    Array.from({ length: rows.length / size }, (_, t) => rows[t * size + k]);
  return {
    kind: 'lines',
    title,
    note: `The first ${loops.context} rows (shaded) are seen; from there on the model follows the actions that were taken, and sees nothing. Numbers are over their units.`,
    x: { label: 'decisions after the last row that was seen' },
    y: { label: 'over its unit' },
    panels: shown.map(k => ({
      title: numbers[k] ?? `number ${k + 1}`,
      shaded: shadedOf(loops),
      series: [
        {
          name: 'what came',
          role: 'baseline',
          points: pointsOf(loops, column(example.seen, k), column(example.truth, k)),
        },
        { name: 'imagined', role: 'method', points: pointsOf(loops, [], column(example.imagined, k)) },
      ],
    })),
  };
}

function rewardsExhibit(loops: OpenLoops): Exhibit {
  return {
    kind: 'lines',
    title: 'The rewards that it foresees',
    note: 'Of the same open loops: planning lives on these.',
    x: { label: 'decisions after the last row that was seen' },
    y: { label: 'reward over its unit' },
    panels: loops.examples.map(example => ({
      title: nameOf(example),
      shaded: shadedOf(loops),
      series: [
        {
          name: 'what came',
          role: 'baseline',
          points: pointsOf(loops, [...example.seenRewards], [...example.trueRewards]),
        },
        { name: 'imagined', role: 'method', points: pointsOf(loops, [], [...example.imaginedRewards]) },
      ],
    })),
  };
}

function errorsExhibit({ errors, count, samples }: OpenLoops, pixels: boolean): Exhibit {
  const panelOf = (what: 'observation' | 'reward', title: string) => {
    const whole = mean(errors.constant[what]);
    const points = (values: readonly number[]) =>
      values.map((value, t): [number, number | null] => [t + 1, whole > 0 ? value / whole : null]);
    return {
      title,
      series: [
        { name: 'the model', role: 'method' as const, points: points(errors.model[what]) },
        {
          name: 'with another episode’s actions',
          role: 'control' as const,
          points: points(errors.otherActions[what]),
        },
        {
          name: pixels ? 'last frame repeated' : 'last row repeated',
          role: 'baseline' as const,
          points: points(errors.lastSeen[what]),
        },
        {
          name: pixels ? 'mean frame' : 'best constant',
          role: 'bound' as const,
          points: points(errors.constant[what]),
        },
      ],
    };
  };
  return {
    kind: 'lines',
    title: 'How errors grow with the steps ahead',
    note: `Mean squared errors of ${count} open loops over that of the best constant; each prediction is the mean of ${samples} futures. A model that does not heed actions would be as good with those of another episode.`,
    x: { label: 'decisions ahead' },
    y: { label: 'error, best constant 1', from: 0 },
    panels: [panelOf('observation', pixels ? 'pixels' : 'observations'), panelOf('reward', 'rewards')],
  };
}

const shadedOf = ({ context }: OpenLoops) => [{ from: 1 - context, to: 0, label: 'seen' }];

/** From `1 − context` to 0 what was seen, then from 1 on. */
function pointsOf(
  { context }: OpenLoops,
  seen: readonly number[],
  ahead: readonly number[],
): readonly (readonly [number, number])[] {
  return [
    ...seen.map((value, t): [number, number] => [t + 1 - context, value]),
    ...ahead.map((value, t): [number, number] => [t + 1, value]),
  ];
}

const nameOf = ({ episode, from }: OpenLoopExample): string =>
  from === 0 ? `episode ${episode + 1}` : `episode ${episode + 1} from row ${from}`;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
