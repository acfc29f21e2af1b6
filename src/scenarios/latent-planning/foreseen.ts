import { planetModel } from '../../learners/planet/index.ts';
import { modelOf } from './cast.ts';
import { type ArmsPlayed, isFull } from './figures.ts';
import { type Foreseen, openLoopFigures } from './foreseen-figures.ts';
import { openLoops } from './imagined.ts';
import { writeOpenLoopExhibits } from './imagined-exhibits.ts';
import type { PlanningOptions } from './options.ts';
import { pixelFiguresOf, pixelSteps } from './pixel-figures.ts';
import { tasksOf } from './tasks.ts';

/**
 * What figures are of: errors over so many steps ahead, of the mean over so many futures. A picture of few of them still shows each
 * one's pole, which costs 1/n of the scatter: on the swing-up 8 are 10 % worse than 64, and 128 are 2 % better.
 */
const near = { state: { horizon: 12, samples: 8 }, pixels: { horizon: pixelSteps, samples: 64 } } as const;

/** What is drawn: as far as the paper looks. */
const far = { horizon: 50, samples: 8 } as const;

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
  const shown = await openLoops(model, parameters, held, { ...far, ...how });
  writeOpenLoopExhibits(folder, '5', shown, planet, { task: task.title, numbers: task.numbers });
  const { horizon, samples } = near[planet.observe];
  const loops = await openLoops(model, parameters, held, {
    ...{ horizon, every: horizon, examples: 0, samples },
    ...how,
  });
  if (planet.observe === 'state') return { openLoop: openLoopFigures(loops) };
  return {
    pixelBars: isFull(options) && options.tasks.length === 0 ? 'full' : 'short',
    pixels: pixelFiguresOf({
      ...{ loops, side: planet.side, freeNats: planet.freeNats, learning, tests },
      random: played['random']?.tests,
    }),
  };
}
