import { usageError } from '../../core/errors.ts';
import {
  type ActionSpace,
  boundsOf,
  type EnvironmentRef,
  environmentRef,
  flatSize,
} from '../../env/index.ts';
import { hybridCartPole } from './hybrid-cart-pole.ts';
import { hybridHopper } from './hybrid-hopper.ts';
import { hybridQuadruped, quadrupedContacts, quadrupedMotors } from './hybrid-quadruped.ts';
import { type ParameterName, parameterTransforms } from './parameters.ts';
import { randomizedCartPole } from './randomized-cart-pole.ts';
import { randomizedHopper } from './randomized-hopper.ts';
import { randomizedQuadruped } from './randomized-quadruped.ts';
import {
  type CartPoleDomain,
  cartPoleDomains,
  cartPoleIn,
  type HopperDomain,
  hopperDomains,
  hopperIn,
  type QuadrupedDomain,
  quadrupedDomains,
  quadrupedIn,
} from './targets.ts';

/** One raw output of a generator. */
export interface RobotParameter {
  /** What it is called in pictures and figures, and in the hybrid simulator's info. */
  readonly name: string;
  readonly transform: ParameterName;
  /** Which trunk of a split generator gives it: those of one trunk follow each other. */
  readonly trunk: 'actuator' | 'contact';
  /** The raw output with which the hybrid simulator is the source. */
  readonly source: number;
}

/** What environments of a robot may be told, whatever the domain. */
export interface RobotOptions {
  readonly engine?: 'simd' | 'deterministic' | undefined;
  readonly maxEpisodeSteps?: number | undefined;
}

/** A robot to identify and refine on: its environments in every domain, and its hybrid simulator. */
export interface Robot {
  readonly name: string;
  /** O: numbers in an observation. */
  readonly observations: number;
  /** A: numbers in the policy's action; the hybrid simulator's begins with them. */
  readonly actions: number;
  /** G: what the generator sets, in the order of the hybrid simulator's action, behind the policy's. */
  readonly parameters: readonly RobotParameter[];
  /** Control steps of a whole episode. */
  readonly episodeSteps: number;
  /** Seconds of a control step. */
  readonly controlStep: number;
  /** The domains that can stand for the world, `source` not among them. */
  readonly targets: readonly string[];
  /** The robot in `source` or in a target. @throws a usage error for a domain that it has not */
  in(domain: string, options?: RobotOptions): EnvironmentRef;
  /** Its hybrid simulator: the action is the policy's A numbers and the generator's G raw outputs. */
  hybrid(options?: RobotOptions): EnvironmentRef;
  /** The source, whose physics are drawn anew for each episode: what domain randomisation trains in. */
  randomized(options?: RobotOptions): EnvironmentRef;
}

const cartPole: Robot = {
  name: 'cart-pole',
  observations: 5,
  actions: 1,
  parameters: [
    { name: 'strength', transform: 'motorStrength', trunk: 'actuator', source: Math.atanh(0.5) },
    // Below the bearing, where the hybrid simulator takes the bearing's friction.
    { name: 'friction', transform: 'railFriction', trunk: 'contact', source: -1 },
  ],
  episodeSteps: 250,
  controlStep: 0.04,
  targets: ['weak', 'heavy', 'emf'],
  in(domain, options = {}) {
    if (!Object.hasOwn(cartPoleDomains, domain)) throw strange('cart-pole', domain, cartPoleDomains);
    return cartPoleIn(domain as CartPoleDomain, options);
  },
  hybrid: (options = {}) => environmentRef(hybridCartPole, { ...options }),
  randomized: (options = {}) => environmentRef(randomizedCartPole, { ...options }),
};

/** How feet meet floors, by the name of the value. */
const contacts = {
  friction: { transform: 'friction', trunk: 'contact', source: Math.atanh(-0.6) },
  restitution: { transform: 'bounce', trunk: 'contact', source: -3 },
  stiffness: { transform: 'floorStiffness', trunk: 'contact', source: 3 },
  damping: { transform: 'floorDamping', trunk: 'contact', source: 3 },
} as const;

const hopperRobot: Robot = {
  name: 'hopper',
  observations: 11,
  actions: 3,
  parameters: [
    { name: 'hip', transform: 'servoStrength', trunk: 'actuator', source: 0 },
    { name: 'knee', transform: 'servoStrength', trunk: 'actuator', source: 0 },
    { name: 'ankle', transform: 'servoStrength', trunk: 'actuator', source: 0 },
    { name: 'friction', ...contacts.friction },
    { name: 'restitution', ...contacts.restitution },
    { name: 'stiffness', ...contacts.stiffness },
    { name: 'damping', ...contacts.damping },
  ],
  episodeSteps: 500,
  controlStep: 0.02,
  targets: ['weak', 'heavy', 'deform'],
  in(domain, options = {}) {
    if (!Object.hasOwn(hopperDomains, domain)) throw strange('hopper', domain, hopperDomains);
    return hopperIn(domain as HopperDomain, options);
  },
  hybrid: (options = {}) => environmentRef(hybridHopper, { ...options }),
  randomized: (options = {}) => environmentRef(randomizedHopper, { ...options }),
};

const quadrupedRobot: Robot = {
  name: 'quadruped',
  observations: 40,
  actions: 12,
  parameters: [
    ...quadrupedMotors.map(
      name => ({ name, transform: 'motorStrength', trunk: 'actuator', source: Math.atanh(0.5) }) as const,
    ),
    ...quadrupedContacts.map(([foot, value]) => ({ name: `${foot} ${value}`, ...contacts[value] })),
  ],
  episodeSteps: 500,
  controlStep: 0.02,
  targets: ['emf', 'heavy', 'deform'],
  in(domain, options = {}) {
    if (!Object.hasOwn(quadrupedDomains, domain)) throw strange('quadruped', domain, quadrupedDomains);
    return quadrupedIn(domain as QuadrupedDomain, options);
  },
  hybrid: (options = {}) => environmentRef(hybridQuadruped, { ...options }),
  randomized: (options = {}) => environmentRef(randomizedQuadruped, { ...options }),
};

/** The robots by name. */
export const robots = {
  'cart-pole': cartPole,
  hopper: hopperRobot,
  quadruped: quadrupedRobot,
} as const satisfies Readonly<Record<string, Robot>>;
/** A robot's name. */
export type RobotName = keyof typeof robots;
/** All names. */
export const robotNames = Object.keys(robots) as [RobotName, ...RobotName[]];

/** The robot of a name. @throws a usage error where there is none */
export function robotOf(name: string): Robot {
  if (!Object.hasOwn(robots, name))
    throw usageError(`robot: ${name}, expected one of ${robotNames.join(', ')}`);
  return robots[name as RobotName];
}

/** The bounds of the policy's part of a hybrid simulator's action. */
export function policyBounds(hybrid: ActionSpace, robot: Robot): { low: number[]; high: number[] } {
  const size = robot.actions + robot.parameters.length;
  if (hybrid.kind !== 'box' || flatSize(hybrid) !== size)
    throw usageError(
      `robot ${robot.name}: its hybrid simulator takes other actions, expected a box of ${size}`,
    );
  const { low, high } = boundsOf(hybrid);
  return { low: [...low].slice(0, robot.actions), high: [...high].slice(0, robot.actions) };
}

/** What a raw output means. */
export const parameterValue = ({ transform }: RobotParameter, u: number): number =>
  parameterTransforms[transform].of(u);

const strange = (robot: string, domain: string, domains: object) =>
  usageError(`robot ${robot}: domain = ${domain}, expected one of ${Object.keys(domains).join(', ')}`);
