/**
 * How a raw output `u` of the generator becomes a parameter of the simulator, with `h = tanh u` (SimGAN's released
 * settings; Jiang et al., ICRA 2021, arXiv 2101.06005).
 */
export interface ParameterTransform {
  readonly of: (u: number) => number;
  /** What it comes near to, and never passes. */
  readonly low: number;
  readonly high: number;
}

/** atanh(½): raw outputs of 0 are full strength. */
const fullStrength = Math.atanh(0.5);

/** The transforms by parameter: those of the paper's robots, and the cart-pole's rail. */
export const parameterTransforms = {
  /** 2.5 (h + 1): lateral and spinning friction of a foot */
  friction: { of: u => 2.5 * (Math.tanh(u) + 1), low: 0, high: 5 },
  /** 7.5 (h + 1): the contact's gain, called restitution */
  restitution: { of: u => 7.5 * (Math.tanh(u) + 1), low: 0, high: 15 },
  /** 2 exp(h + 2): contact damping, with the natural base as the code has it */
  contactDamping: { of: u => 2 * Math.exp(Math.tanh(u) + 2), low: 2 * Math.E, high: 2 * Math.exp(3) },
  /** h + 0.5: times the commanded torque. A new generator gives half of it. */
  motorStrength: { of: u => Math.tanh(u) + 0.5, low: -0.5, high: 1.5 },
  /** 2.5 (1 + tanh(u − 2)): viscous friction of the cart-pole's rail, N·s/m. A new generator gives 0.09. */
  railFriction: { of: u => 2.5 * (1 + Math.tanh(u - 2)), low: 0, high: 5 },
  /**
   * tanh(u + 0.55) + 0.5, not below 0: what a servo has of its gains and its torque. It has nothing to turn round, so it goes
   * no further down than none; a new generator gives all of it, so that a robot does not fall before it has begun.
   */
  servoStrength: { of: u => Math.max(0, Math.tanh(u + fullStrength) + 0.5), low: 0, high: 1.5 },
  /** (1 + tanh(u − 2)) / 2: what of its speed a foot bounces back with. More than 1 would make energy. A new generator gives 0.02. */
  bounce: { of: u => 0.5 * (1 + Math.tanh(u - 2)), low: 0, high: 1 },
  /** 10^(4.5 + 1.5 tanh(u + 1)), N/m: the spring that a foot stands on. At the top it is as good as rigid; a new generator gives 440 kN/m. */
  floorStiffness: { of: u => 10 ** (4.5 + 1.5 * Math.tanh(u + 1)), low: 1e3, high: 1e6 },
  /** 10^(2.25 + 1.25 h), N·s/m: the damper beside it */
  floorDamping: { of: u => 10 ** (2.25 + 1.25 * Math.tanh(u)), low: 10, high: 10 ** 3.5 },
} as const satisfies Readonly<Record<string, ParameterTransform>>;

/** A parameter that a generator may set. */
export type ParameterName = keyof typeof parameterTransforms;
