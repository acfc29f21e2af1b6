import { cartPoleDomains } from '../../learners/simgan/targets.ts';

/** Newtons that an action of 1 pushes the cart with. */
const force = 10;
/** N·s/m: friction of the rail in every domain. */
const bearing = 0.025;

/** What a motor and its friction do to a push, in the hybrid simulator and in the target. */
export interface TrueFunction {
  /** Along what the functions are drawn, in words. */
  readonly along: string;
  /** From an observation and an action: where on that axis. */
  at(observation: ArrayLike<number>, action: ArrayLike<number>): number;
  /** Whether the step says something of the motor: one that hardly pushes does not. */
  counts(action: ArrayLike<number>): boolean;
  /** What the target's motor gives of the force that it is told. */
  factor(observation: ArrayLike<number>, action: ArrayLike<number>): number;
  /** Force on the cart in newtons, in the direction of the push, with strength and friction (N·s/m) as given. */
  combined(
    observation: ArrayLike<number>,
    action: ArrayLike<number>,
    strength: number,
    friction: number,
  ): number;
  /** Newtons that the motor is told, whatever the direction. */
  told(action: ArrayLike<number>): number;
  /** The friction of the target, N·s/m. */
  readonly friction: number;
}

/** The cart's speed in the direction of the push: what back-EMF goes by. */
const alongPush = (observation: ArrayLike<number>, action: ArrayLike<number>): number =>
  observation[3] * Math.sign(action[0]);

const cartPole = (factor: TrueFunction['factor']): TrueFunction => ({
  along: 'speed in the direction of the push, m/s',
  at: alongPush,
  counts: action => Math.abs(action[0]) > 0.2,
  factor,
  combined: (observation, action, strength, friction) =>
    strength * force * Math.abs(action[0]) - friction * alongPush(observation, action),
  told: action => force * Math.abs(action[0]),
  friction: bearing,
});

const truths: Readonly<Record<string, Readonly<Record<string, TrueFunction>>>> = {
  'cart-pole': {
    weak: cartPole(() => cartPoleDomains.weak.motorStrength),
    emf: cartPole((observation, action) =>
      Math.min(
        1,
        Math.max(0, 1 - Math.max(0, alongPush(observation, action)) / cartPoleDomains.emf.emfSpeed),
      ),
    ),
  },
};

/**
 * The parameter functions that are true in a target. `undefined` where no parameter of the hybrid simulator could make it the
 * target: of `heavy`, masses are different, and no motor is.
 */
export const truthOf = (robot: string, target: string): TrueFunction | undefined => truths[robot]?.[target];
