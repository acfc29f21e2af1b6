import { z } from 'zod';
import { defineEnvironment } from '../../env/index.ts';
import {
  bodyIndex,
  type HopperInfo,
  type HopperMemory,
  hopper,
  hopperRobot,
  hopperTask,
  loadEngine,
  type Play,
  playHopper,
  type RapierTask,
  RapierVector,
  type Stage,
} from '../../env/rapier/index.ts';
import { rapierOptions } from '../../env/rapier/options.ts';
import { drawnPerEpisode, weigher } from './drawn.ts';
import { hopperCommon } from './targets.ts';

/** What is drawn for each episode, and from where: the ranges of the paper's code for its hopper. */
const ranges = {
  hip: [0.5, 1.5],
  knee: [0.5, 1.5],
  ankle: [0.5, 1.5],
  mass: [0.5, 1.5],
  friction: [0.4, 1.5],
  restitution: [0, 1],
} as const;
type Drawn = keyof typeof ranges;
const names = Object.keys(ranges) as Drawn[];

const foot = bodyIndex(hopperRobot, 'foot');
const motors = hopperRobot.joints.length;

const options = z.strictObject({
  ...rapierOptions(500).shape,
});

/**
 * Domain randomisation: the hopper of the source domain, whose motors, masses and soles are drawn evenly for each episode.
 * Observations, actions, reward, noise and episode are `hopper`'s.
 *
 * The ranges are those of the paper's code as far as this hopper has them: the strength of each motor and the mass of all
 * bodies 0.5 to 1.5 times the source's, friction 0.4 to 1.5, restitution 0 to 1 (the code's goes to 1.5, which makes
 * energy). Info, beside the hopper's: what was drawn.
 */
export const randomizedHopper = defineEnvironment(import.meta.url, {
  name: 'randomized-hopper',
  summary: 'Hopper whose motors, masses and soles are drawn for each episode.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), randomizedTask(chosen), count),
});

type Memory = HopperMemory | Drawn;
type Info = HopperInfo | Drawn;

function randomizedTask(given: z.output<typeof options>): RapierTask<Memory, Info> {
  const chosen = hopper.options.parse({ ...hopperCommon, ...given });
  const source = hopperTask(chosen);
  return {
    ...source,
    name: 'randomized-hopper',
    memory: [...source.memory, ...names],
    info: [...source.info, ...names],
    play: (stage: Stage<Memory, Info>): Play => {
      const { memory, world } = stage;
      const strengths = [memory.hip, memory.knee, memory.ankle] as const;
      const base = playHopper(stage, chosen, drive => (copy, actions, at) => {
        for (let j = 0; j < motors; j++) drive(copy, j, actions[at + j], strengths[j][copy]);
        world.grip(copy, foot, memory.friction[copy], memory.restitution[copy]);
      });
      return drawnPerEpisode<Drawn>(base, stage, ranges, weigher(world, hopperRobot, memory.mass));
    },
  };
}
