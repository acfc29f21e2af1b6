import { z } from 'zod';
import { box, defineEnvironment } from '../../env/index.ts';
import {
  cartPolePhysics,
  loadEngine,
  type Play,
  playSwingUp,
  type RapierTask,
  RapierVector,
  type Stage,
  swingUpTask,
} from '../../env/rapier/index.ts';
import { rapierOptions } from '../../env/rapier/options.ts';
import { parameterTransforms } from './parameters.ts';
import { cartPoleCommon } from './targets.ts';

type Info = 'x' | 'angle' | 'strength' | 'friction';

/**
 * The hybrid simulator: the cart-pole swing-up of the source domain, whose motor strength and rail friction a generator
 * sets anew at every control step. They hold through its four physics steps.
 *
 * Observations, reward, episode and noise are `cartPoleSwingUp`'s in the domains of `cartPoleDomains`.
 *
 * | action | meaning | range |
 * |---|---|---|
 * | 0 | the policy's: force on the cart, over 10 N | −1 … 1 |
 * | 1 | the generator's `u` for motor strength: `tanh u + 0.5` times the force | unbounded |
 * | 2 | the generator's `u` for rail friction: `2.5 (1 + tanh(u − 2))` N·s/m, at least the bearing's 0.025 | unbounded |
 *
 * To identify, a fixed policy gives action 0, the generator learns the others; to refine, it is the other way round. The
 * reward speaks of action 0 alone. Info, beside `x` and `angle`: `strength` and `friction` of the step just taken; nothing
 * else tells them, so that a discriminator cannot see them.
 */
export const hybridCartPole = defineEnvironment(import.meta.url, {
  name: 'hybrid-cart-pole',
  summary: 'Cart-pole swing-up whose motor and rail a generator sets at every step.',
  options: z.strictObject({
    ...rapierOptions(250).shape,
    observationNoise: z.number().min(0).default(cartPoleCommon.observationNoise).describe("As the target's."),
    actionNoise: z.number().min(0).default(cartPoleCommon.actionNoise).describe("As the target's."),
  }),
  makeVector: async ({ engine, maxEpisodeSteps, ...noise }, count) =>
    new RapierVector(await loadEngine(engine), hybridTask(maxEpisodeSteps, noise), count),
});

function hybridTask(
  episodeSteps: number,
  noise: { readonly observationNoise: number; readonly actionNoise: number },
): RapierTask<never, Info> {
  const physics = cartPolePhysics.parse({ ...cartPoleCommon, ...noise });
  return {
    ...swingUpTask(physics),
    name: 'hybrid-cart-pole',
    actionSpace: box(3, { low: [-1, null, null], high: [1, null, null] }),
    episodeSteps,
    info: ['x', 'angle', 'strength', 'friction'],
    play: (stage: Stage<never, Info>): Play => {
      const { strength, friction } = stage.info;
      return playSwingUp(stage, physics, push => (copy, actions, at) => {
        strength[copy] = parameterTransforms.motorStrength.of(actions[at + 1]);
        friction[copy] = Math.max(physics.railFriction, parameterTransforms.railFriction.of(actions[at + 2]));
        push(copy, actions[at], strength[copy], friction[copy]);
      });
    },
  };
}
