import { planetModel } from '../../learners/planet/index.ts';
import { modelOf } from './cast.ts';
import type { WithPixels } from './checks-pixels.ts';
import { type ArmsPlayed, isFull } from './figures.ts';
import { openLoops } from './imagined.ts';
import { writeOpenLoopExhibits } from './imagined-exhibits.ts';
import type { PlanningOptions } from './options.ts';
import { pixelFiguresOf } from './pixel-figures.ts';
import { tasksOf } from './tasks.ts';

/**
 * Lets the final model foresee the test episodes that were kept, and draws what it sees.
 * @returns where pixels are seen, how well: for the summary
 */
export async function showForeseen(
  folder: string,
  played: ArmsPlayed,
  options: PlanningOptions,
  executor: string,
): Promise<WithPixels> {
  const [task] = tasksOf(options);
  const { parameters, held, learning, tests } = played['planet'];
  const { planet, spaces } = await modelOf(options);
  const loops = await openLoops(planetModel(planet, spaces), parameters, held, { executor });
  writeOpenLoopExhibits(folder, '5', loops, planet, { task: task.title, numbers: task.numbers });
  if (planet.observe === 'state') return {};
  return {
    pixelBars: isFull(options) && options.tasks.length === 0 ? 'full' : 'short',
    pixels: pixelFiguresOf({
      ...{ loops, side: planet.side, freeNats: planet.freeNats, learning, tests },
      random: played['random']?.tests,
    }),
  };
}
