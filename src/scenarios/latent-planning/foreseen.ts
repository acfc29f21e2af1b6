import type { Arm, Arms, Lane } from '../arms/index.ts';
import { type ArmPlayed, modelOf } from './cast.ts';
import { type ArmsPlayed, isFull } from './figures.ts';
import { type Foreseen, openLoopFigures } from './foreseen-figures.ts';
import { foreseer } from './foreseer.ts';
import { type OpenLoops, type Share, wholeOf } from './imagined.ts';
import { writeOpenLoopExhibits } from './imagined-exhibits.ts';
import type { PlanningOptions } from './options.ts';
import { pixelFiguresOf, pixelSteps } from './pixel-figures.ts';
import { tasksOf } from './tasks.ts';

/**
 * What figures are of: errors over so many steps ahead, of the mean over so many futures. A picture of few of them still shows each
 * one's pole, which costs 1/n of the scatter: on the swing-up 8 are 10 % worse than 64, and 128 are 2 % better.
 */
const near = {
  state: { horizon: 12, every: 12, samples: 8 },
  pixels: { horizon: pixelSteps, every: pixelSteps, samples: 64 },
} as const;

/** What is drawn: as far as the paper looks. Pictures take long: of those a third of the open loops. */
const far = {
  state: { horizon: 50, every: 10, samples: 8 },
  pixels: { horizon: 50, every: 30, samples: 8 },
} as const;

/** What the final model foresees of test episodes that were kept. */
export interface OpenLoopsSeen {
  readonly near: OpenLoops;
  readonly far: OpenLoops;
}

/** Threads that it is shared out to. */
const shares = 2;

/** Lets the final model foresee the test episodes that were kept, on as many lanes as there are shares. */
export async function foresee(
  lanes: Arms,
  { parameters, held }: ArmPlayed,
  options: PlanningOptions,
  { seed, executor }: { readonly seed: number; readonly executor: string },
): Promise<OpenLoopsSeen> {
  const model = await modelOf(options);
  const { observe } = model.planet;
  const play = async (lane: Lane, share: Share): Promise<OpenLoopsSeen> => {
    const { call } = await lane.spawn(foreseer, { ...model, parameters, executor });
    return {
      near: await call.openLoops(held, { ...near[observe], examples: 0, seed, share }),
      far: await call.openLoops(held, { ...far[observe], seed, share }),
    };
  };
  const arms = Array.from({ length: shares }, (_, index): Arm<OpenLoopsSeen> => {
    return { name: `open loops ${index + 1}`, steps: 0, play: lane => play(lane, { index, of: shares }) };
  });
  const seen = Object.values(await lanes.play<OpenLoopsSeen>(arms));
  return { near: wholeOf(seen.map(each => each.near)), far: wholeOf(seen.map(each => each.far)) };
}

/**
 * Draws what the final model foresees.
 * @returns how well: for the summary
 */
export async function showForeseen(
  folder: string,
  loops: OpenLoopsSeen,
  played: ArmsPlayed,
  options: PlanningOptions,
): Promise<Foreseen> {
  const [task] = tasksOf(options);
  const { learning, tests } = played['planet'];
  const { planet } = await modelOf(options);
  writeOpenLoopExhibits(folder, '5', loops.far, planet, { task: task.title, numbers: task.numbers });
  if (planet.observe === 'state') return { openLoop: openLoopFigures(loops.near) };
  return {
    pixelBars: isFull(options) && options.tasks.length === 0 ? 'full' : 'short',
    pixels: pixelFiguresOf({
      ...{ loops: loops.near, side: planet.side, freeNats: planet.freeNats, learning, tests },
      random: played['random']?.tests,
    }),
  };
}
