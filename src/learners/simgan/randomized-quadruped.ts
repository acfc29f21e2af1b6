import { z } from 'zod';
import { defineEnvironment } from '../../env/index.ts';
import {
  bodyIndex,
  loadEngine,
  type Play,
  playQuadruped,
  type QuadrupedInfo,
  type QuadrupedMemory,
  quadruped,
  quadrupedRobot,
  quadrupedTask,
  type RapierTask,
  RapierVector,
  type Stage,
} from '../../env/rapier/index.ts';
import { rapierOptions } from '../../env/rapier/options.ts';
import { drawnPerEpisode, weigher } from './drawn.ts';
import { quadrupedCommon } from './targets.ts';

/** What is drawn for each episode, and from where: the ranges of the paper's code for its quadruped. */
const ranges = {
  strength: [0.8, 1.2],
  mass: [0.8, 1.2],
  friction: [0.4, 1.25],
  restitution: [0, 0.5],
} as const;
type Drawn = keyof typeof ranges;
const names = Object.keys(ranges) as Drawn[];

const motors = quadrupedRobot.joints.length;
const feet = quadrupedRobot.bodies
  .filter(({ name }) => name.endsWith('lower'))
  .map(({ name }) => bodyIndex(quadrupedRobot, name));

const options = z.strictObject({
  ...rapierOptions(500).shape,
});

/**
 * Domain randomisation: the quadruped of the source domain, whose motors, masses and soles are drawn evenly for each episode,
 * from the ranges of the paper's code as far as this quadruped has them. Observations, actions, reward, noise and episode are
 * `quadruped`'s. Info, beside the quadruped's: what was drawn.
 */
export const randomizedQuadruped = defineEnvironment(import.meta.url, {
  name: 'randomized-quadruped',
  summary: 'Quadruped whose motors, masses and soles are drawn for each episode.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), randomizedTask(chosen), count),
});

type Memory = QuadrupedMemory | Drawn;
type Info = QuadrupedInfo | Drawn;

function randomizedTask(given: z.output<typeof options>): RapierTask<Memory, Info> {
  const chosen = quadruped.options.parse({ ...quadrupedCommon, ...given });
  const source = quadrupedTask(chosen);
  return {
    ...source,
    name: 'randomized-quadruped',
    memory: [...source.memory, ...names],
    info: [...source.info, ...names],
    play: (stage: Stage<Memory, Info>): Play => {
      const { memory, world } = stage;
      const base = playQuadruped(stage, chosen, drive => (copy, actions, at) => {
        for (let j = 0; j < motors; j++) drive(copy, j, actions[at + j], memory.strength[copy]);
        for (const foot of feet) world.grip(copy, foot, memory.friction[copy], memory.restitution[copy]);
      });
      return drawnPerEpisode<Drawn>(base, stage, ranges, weigher(world, quadrupedRobot, memory.mass));
    },
  };
}
