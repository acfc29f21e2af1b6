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
} as const satisfies Readonly<Record<string, ParameterTransform>>;

/** A parameter that a generator may set. */
export type ParameterName = keyof typeof parameterTransforms;
