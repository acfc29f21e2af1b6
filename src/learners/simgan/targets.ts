import { type EnvironmentRef, environmentRef } from '../../env/index.ts';
import { cartPoleSwingUp } from '../../env/rapier/index.ts';

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
