import type { Exhibit } from '../../report/exhibits.ts';
import type { Findings } from './figures.ts';
import { armTitles } from './judging.ts';

/** What each arm has cost in the target, as the gates have booked it, and outside it. */
export function budgetExhibit({ trained, tested, robot, options }: Findings): Exhibit {
  const minutes = (steps: number): number => Math.round((steps * robot.controlStep) / 6) / 10;
  const declared = options.trajectories * robot.episodeSteps;
  const many = trained.simGan.length > 1;
  return {
    kind: 'cases',
    title: 'What the target was asked for',
    note:
      `Control steps as the gates have booked them; none takes one beyond its budget. Declared for SimGAN and for fine-tuning: ${declared.toLocaleString('en')} steps, ${minutes(declared)} minutes of the robot. ` +
      'Tests go through a gate of their own, which no learner reads; what it collected is the second sample of the target.',
    columns: ['arm', 'collected', 'trained', 'tested', 'minutes of data', 'steps of PPO elsewhere'],
    rows: [
      ...trained.arms.flatMap(({ name, books, steps }) =>
        books.map(({ collected, trained, evaluated }, seed) => [
          many && books.length > 1 ? `${armTitles[name]}, ${seed + 1}` : armTitles[name],
          ...[collected, trained, evaluated, minutes(collected + trained), steps[seed] ?? 0],
        ]),
      ),
      [
        'tests of all arms',
        ...[tested.book.collected, tested.book.trained, tested.book.evaluated],
        minutes(tested.book.collected),
        0,
      ],
    ],
  };
}
