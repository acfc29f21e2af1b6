import { type EnvironmentRef, environmentRef } from '../../env/index.ts';
import { cartPoleSwingUp, hopper, quadruped } from '../../env/rapier/index.ts';

/**
 * The noise that every cart-pole domain has, source, target and hybrid alike, else it alone would tell them apart. The
 * friction of the rail is `cartPoleSwingUp`'s in all.
 */
export const cartPoleCommon = { observationNoise: 0.02, actionNoise: 0.05 } as const;

/** How the domains of the cart-pole differ from the source: options of `cartPoleSwingUp`. */
export const cartPoleDomains = {
  source: {},
  /** Force × clip(1 − max(0, v · sign F) / 1.5, 0, 1). */
  emf: { emfSpeed: 1.5 },
  weak: { motorStrength: 0.5 },
  heavy: { poleMass: 0.5, cartMass: 1.5 },
} as const;
/** A domain of the cart-pole. */
export type CartPoleDomain = keyof typeof cartPoleDomains;

/** A reference to the swing-up in a domain, with what all have. */
export const cartPoleIn = (
  domain: CartPoleDomain,
  options: {
    readonly engine?: 'simd' | 'deterministic' | undefined;
    readonly maxEpisodeSteps?: number | undefined;
  } = {},
): EnvironmentRef =>
  environmentRef(cartPoleSwingUp, { ...options, ...cartPoleCommon, ...cartPoleDomains[domain] });

/** The noise that every hopper domain has, source, target and hybrid alike. */
export const hopperCommon = { observationNoise: 0.02, actionNoise: 0.05 } as const;

/** How the domains of the hopper differ from the source: options of `hopper`. */
export const hopperDomains = {
  source: {},
  /** Each servo × clip(1 − max(0, q̇ · sign τ) / 25, 0, 1). */
  weak: { emfSpeed: 25 },
  /** 55 % more torso, on top of it: its centre of mass 0.1 m higher. */
  heavy: { torsoLoad: 3.85 },
  /** 40 tiles, 0.15 m each: a foot lies on two to four. */
  deform: { tileStiffness: 3500, tileDamping: 60 },
} as const;
/** A domain of the hopper. */
export type HopperDomain = keyof typeof hopperDomains;

/** A reference to the hopper in a domain, with what all have. */
export const hopperIn = (
  domain: HopperDomain,
  options: {
    readonly engine?: 'simd' | 'deterministic' | undefined;
    readonly maxEpisodeSteps?: number | undefined;
  } = {},
): EnvironmentRef => environmentRef(hopper, { ...options, ...hopperCommon, ...hopperDomains[domain] });

/** The noise that every quadruped domain has, source, target and hybrid alike. */
export const quadrupedCommon = { observationNoise: 0.02, actionNoise: 0.05 } as const;

/** How the domains of the quadruped differ from the source: options of `quadruped`. */
export const quadrupedDomains = {
  source: {},
  /** Torque × clip(1 − max(0, q̇ · sign τ) / 15, 0, 1), with the paper's speed. */
  emf: { emfSpeed: 15 },
  /** 1 kg more on one upper leg and 2 kg on the lower one, both 0.1 m outwards, as the paper's. */
  heavy: { heavyLeg: true },
  /** 25 kg on four springs sink in by 2 cm. */
  deform: { padStiffness: 3000, padDamping: 60 },
} as const;
/** A domain of the quadruped. */
export type QuadrupedDomain = keyof typeof quadrupedDomains;

/** A reference to the quadruped in a domain, with what all have. */
export const quadrupedIn = (
  domain: QuadrupedDomain,
  options: {
    readonly engine?: 'simd' | 'deterministic' | undefined;
    readonly maxEpisodeSteps?: number | undefined;
  } = {},
): EnvironmentRef =>
  environmentRef(quadruped, { ...options, ...quadrupedCommon, ...quadrupedDomains[domain] });
