import { asError } from '../../core/errors.ts';
import type { PlanetConfig } from '../../learners/planet/config.ts';
import type { PlanningOptions } from './options.ts';
import { pictures } from './pixel-settings.ts';
import { decisionsOf, differing, planetOf, type Task, tasksOf } from './tasks.ts';

/** What of a run's options does not go together, a sentence each: which field, its value, what was expected. */
export function misfitsOf(options: PlanningOptions): readonly string[] {
  const { observe, episodes, ppoTimes } = options;
  const misfits: string[] = [];
  if (observe === 'state')
    for (const name of ['side', 'channels', 'preset'] as const)
      if (options[name] !== pictures[name])
        misfits.push(`${name} = ${options[name]}: expected observe = pixels with it`);
  if (new Set(ppoTimes).size < ppoTimes.length)
    misfits.push(`ppoTimes = ${ppoTimes.join(', ')}: expected each number once`);
  const tasks = tasksOf(options);
  const planet = settingsOf(tasks[0], options);
  if (typeof planet === 'string') return [...misfits, planet];
  const random = planet.seedEpisodes * tasks.length;
  if (episodes <= random)
    misfits.push(
      `episodes = ${episodes}: expected more than ${random}, planet.seedEpisodes of each task, whose actions are random`,
    );
  for (const task of differing(tasks)) {
    const rows = decisionsOf(task) + 1;
    if (planet.length > rows)
      misfits.push(
        `planet.length = ${planet.length}: expected at most ${rows}, the rows of an episode of ${task.name}`,
      );
  }
  return misfits;
}

/** Or what is wrong with them. */
function settingsOf(task: Task, options: PlanningOptions): PlanetConfig | string {
  try {
    return planetOf(task, options);
  } catch (error) {
    return asError(error).message;
  }
}
