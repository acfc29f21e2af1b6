import { z } from 'zod';
import { rapierOptions } from './options.ts';
import type { Play, Stage } from './task.ts';

/** What a task takes whose robot goes forward. @param steps the time limit, in control steps */
export const locomotionOptions = (
  steps: number,
  pay: { readonly forwardReward?: number; readonly healthyReward: number; readonly controlCost: number },
) =>
  rapierOptions(steps).extend({
    forwardReward: z
      .number()
      .default(pay.forwardReward ?? 1)
      .describe('Reward for a metre a second forward.'),
    healthyReward: z.number().default(pay.healthyReward).describe('Reward for every step without a fall.'),
    controlCost: z.number().min(0).default(pay.controlCost).describe('Price of the sum of squared actions.'),
  });
type LocomotionOptions = z.output<ReturnType<typeof locomotionOptions>>;

/**
 * The reward of going forward, after Gymnasium's MuJoCo tasks: `forwardReward · v + healthyReward − controlCost · Σ a²`,
 * with `v` the first body's mean forward speed over the control step; the step that ends in a fall has no healthy reward.
 * @param fastest m/s; what is faster earns no more
 */
export function forward(
  { world, memory, info }: Stage<'x', 'fell'>,
  chosen: LocomotionOptions,
  controlStep: number,
  fastest = Infinity,
): Pick<Play, 'judge' | 'ended' | 'caption'> {
  const { states, stride } = world;
  const motors = world.robot.joints.length;
  return {
    judge(copy, actions, at) {
      const x = states[copy * stride];
      const speed = (x - memory.x[copy]) / controlStep;
      memory.x[copy] = x;
      let effort = 0;
      for (let j = 0; j < motors; j++) effort += actions[at + j] ** 2;
      const health = info.fell[copy] === 1 ? 0 : chosen.healthyReward;
      return chosen.forwardReward * Math.min(speed, fastest) + health - chosen.controlCost * effort;
    },
    ended: copy => info.fell[copy] === 1,
    caption: copy => `${states[copy * stride].toFixed(1)} m`,
  };
}
