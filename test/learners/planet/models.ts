import type { Spaces } from '../../../src/actors/policy.ts';
import { box } from '../../../src/env/spaces.ts';
import { type PlanetSettings, planetConfig } from '../../../src/learners/planet/config.ts';
import type { PlanetModel } from '../../../src/learners/planet/networks.ts';
import { planetSizes } from '../../../src/learners/planet/spaces.ts';

/** A pendulum's spaces. */
export const pendulumSpaces: Spaces = { observation: box(3), action: box(1, { low: -2, high: 2 }) };

/** A model by its settings, for the pendulum where nothing else is said. */
export function modelOf(settings: PlanetSettings, spaces: Spaces = pendulumSpaces): PlanetModel {
  const config = planetConfig.parse(settings);
  return { config, sizes: planetSizes(config, spaces) };
}

/** Small enough to be compiled in no time. */
export const tiny: PlanetSettings = {
  deterministic: 5,
  stochastic: 3,
  hidden: 4,
  stateLayers: [6],
  rewardLayers: [4],
  batch: 2,
  length: 4,
  freeNats: 0.01,
  planning: { candidates: 6, horizon: 3, iterations: 2, elites: 2 },
};
