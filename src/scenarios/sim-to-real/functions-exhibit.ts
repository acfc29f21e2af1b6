import type { Exhibit } from '../../report/exhibits.ts';
import type { Findings } from './figures.ts';
import { nameOf } from './identification-exhibits.ts';
import type { FunctionPoint, Learned } from './learned.ts';
import { truthOf } from './truths.ts';

/** The learned parameter functions over the true ones; undefined where nothing is known of what is true. */
export function functionsExhibit({ trained, likeness }: Findings): Exhibit | undefined {
  const truth = truthOf(trained.robot, trained.target);
  const first = likeness.find(({ learned }) => learned !== null)?.learned;
  if (!truth || !first) return undefined;
  const learned = likeness.flatMap(({ learned: its }, seed) => (its ? [{ its, seed }] : []));
  const constant = likeness[0].constant;
  const line = (points: readonly FunctionPoint[], of: 'learned' | 'true') =>
    points.map((point): [number, number] => [point.at, point[of]]);
  const panel = (title: string, curveOf: (each: Learned) => readonly FunctionPoint[]) => ({
    title,
    series: [
      { name: 'true', role: 'bound' as const, points: line(curveOf(first), 'true') },
      ...learned.map(({ its, seed }) => ({
        name: nameOf('SimGAN', seed, likeness.length),
        role: 'method' as const,
        points: line(curveOf(its), 'learned'),
      })),
      ...(constant
        ? [
            {
              name: 'constant parameters',
              role: 'baseline' as const,
              points: line(curveOf(constant), 'learned'),
            },
          ]
        : []),
    ],
  });
  return {
    kind: 'lines',
    title: 'What was learned of the motor, over what is true',
    note:
      'On states of the target’s data, medians of twentieths of them. Left the strength of the motor; right what strength and the rail’s friction together leave of a push: ' +
      'the two trade off, so that only both together can be held against the truth.',
    x: { label: truth.along },
    y: { label: 'share of the force that is told', from: 0 },
    panels: [panel('strength', each => each.curve), panel('strength and friction', each => each.pushCurve)],
  };
}
