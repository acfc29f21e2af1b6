import { z } from 'zod';
import { defineEnvironment } from '../../env/index.ts';
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
import { drawnPerEpisode } from './drawn.ts';
import { cartPoleCommon } from './targets.ts';

const range = (low: number, high: number, least: number) =>
  z
    .tuple([z.number().min(least), z.number().min(least)])
    .refine(([from, to]) => from <= to, 'expected the lower end first')
    .default([low, high]);

const ranges = {
  strength: range(0.5, 1.5, 0).describe('Times the force that the motor is told.'),
  friction: range(0.025, 0.5, 0.025).describe('Of the rail, N·s/m.'),
  cartMass: range(0.5, 1.5, 0.01).describe('kg'),
  poleMass: range(0.05, 0.15, 0.01).describe('kg'),
};
type Drawn = keyof typeof ranges;
const names = Object.keys(ranges) as Drawn[];
type Ranges = Readonly<Record<Drawn, readonly [number, number]>>;
type Info = 'x' | 'angle' | Drawn;

/**
 * Domain randomisation: the cart-pole swing-up of the source domain, whose motor, rail and masses are drawn evenly for each
 * episode, each from its range. Observations, actions, reward, noise and episode are `cartPoleSwingUp`'s.
 *
 * The ranges are those of the paper's code for its hopper as far as a cart-pole has them: torque and masses 0.5 to 1.5 times
 * the source's. The rail goes from the bearing's friction to 0.5 N·s/m. Info, beside `x` and `angle`: what was drawn.
 */
export const randomizedCartPole = defineEnvironment(import.meta.url, {
  name: 'randomized-cart-pole',
  summary: 'Cart-pole swing-up whose motor, rail and masses are drawn for each episode.',
  options: z.strictObject({
    ...rapierOptions(250).shape,
    ...ranges,
  }),
  makeVector: async ({ engine, maxEpisodeSteps, ...drawn }, count) =>
    new RapierVector(await loadEngine(engine), randomizedTask(maxEpisodeSteps, drawn), count),
});

const [cart, pole] = [1, 2];

function randomizedTask(episodeSteps: number, ranges: Ranges): RapierTask<Drawn, Info> {
  const physics = cartPolePhysics.parse(cartPoleCommon);
  return {
    ...swingUpTask(physics),
    name: 'randomized-cart-pole',
    episodeSteps,
    memory: names,
    info: ['x', 'angle', ...names],
    play: (stage: Stage<Drawn, Info>): Play => {
      const { memory, world } = stage;
      const base = playSwingUp(
        stage,
        physics,
        push => (copy, actions, at) => push(copy, actions[at], memory.strength[copy], memory.friction[copy]),
      );
      const weighed = { cart: new Float64Array(world.count), pole: new Float64Array(world.count) };
      /** Gives the bodies their masses, where they have others: those of a state that was put here, for example. */
      const weigh = (copy: number): void => {
        const [ofCart, ofPole] = [memory.cartMass[copy], memory.poleMass[copy]];
        if (weighed.cart[copy] === ofCart && weighed.pole[copy] === ofPole) return;
        weighed.cart[copy] = ofCart;
        weighed.pole[copy] = ofPole;
        world.weigh(copy, cart, ofCart);
        world.weigh(copy, pole, ofPole);
      };
      return drawnPerEpisode<Drawn>(base, stage, ranges, weigh);
    },
  };
}
