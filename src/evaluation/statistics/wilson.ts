import type { Estimated, Proportion } from '../contract.ts';
import { normalQuantile } from '../distributions.ts';

/**
 * A rate of at least one trial with Wilson's interval (JASA 22, 1927): the rates whose own z test does not
 * refuse what was seen.
 */
export function wilson({ successes, n }: Proportion, level: number): Estimated {
  const z = normalQuantile((1 + level) / 2);
  const value = successes / n;
  const variance = (value * (1 - value)) / n;
  const scale = 1 + (z * z) / n;
  const centre = (value + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt(variance + (z * z) / (4 * n * n));
  const low = successes === 0 ? 0 : centre - half;
  const high = successes === n ? 1 : centre + half;
  return { estimable: true, value, standardError: Math.sqrt(variance), low, high, level };
}
