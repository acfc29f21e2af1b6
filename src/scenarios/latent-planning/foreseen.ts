import { planetModel } from '../../learners/planet/index.ts';
import { modelOf } from './cast.ts';
import { type ArmsPlayed, isFull } from './figures.ts';
import { type Foreseen, openLoopFigures } from './foreseen-figures.ts';
import { openLoops } from './imagined.ts';
import { writeOpenLoopExhibits } from './imagined-exhibits.ts';
import type { PlanningOptions } from './options.ts';
import { pixelFiguresOf } from './pixel-figures.ts';
import { tasksOf } from './tasks.ts';

/** Steps ahead over which errors of states are told. */
const stateSteps = 12;

/**
 * Futures that a prediction is the mean of. A picture of few of them still shows each one's pole, which costs 1/n of the scatter:
 * on the swing-up 8 are 10 % worse than 64, and 128 are 2 % better.
 */
const futures = { state: 8, pixels: 64 } as const;

/**
 * Lets the final model foresee the test episodes that were kept, and draws what it sees.
 * @param seed of the futures that are drawn
 * @returns how well: for the summary
 */
export async function showForeseen(
  folder: string,
  played: ArmsPlayed,
  options: PlanningOptions,
  how: { readonly seed: number; readonly executor: string },
): Promise<Foreseen> {
  const [task] = tasksOf(options);
  const { parameters, held, learning, tests } = played['planet'];
  const { planet, spaces } = await modelOf(options);
  const model = planetModel(planet, spaces);
  const drawn = { ...how, samples: futures[planet.observe] };
  const loops = await openLoops(model, parameters, held, drawn);
  writeOpenLoopExhibits(folder, '5', loops, planet, { task: task.title, numbers: task.numbers });
  if (planet.observe === 'state') {
    const near = { horizon: stateSteps, every: stateSteps, examples: 0 };
    return { openLoop: openLoopFigures(await openLoops(model, parameters, held, { ...near, ...drawn })) };
  }
  return {
    pixelBars: isFull(options) && options.tasks.length === 0 ? 'full' : 'short',
    pixels: pixelFiguresOf({
      ...{ loops, side: planet.side, freeNats: planet.freeNats, learning, tests },
      random: played['random']?.tests,
    }),
  };
}
