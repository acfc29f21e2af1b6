import { z } from 'zod';
import type { SlabFields } from '../../actors/contract.ts';
import type { Spaces } from '../../actors/policy.ts';
import { Random } from '../../core/random.ts';
import { treeLayout } from '../../tensors/index.ts';
import { type PlanetConfig, planetConfig } from './config.ts';
import { type PlanetModel, planetInit } from './networks.ts';
import { planetSizes } from './spaces.ts';

/** What every actor of PlaNet is told: what is seen and done, and the method's settings. */
export const planetActorConfig = z.object({
  spaces: z.custom<Spaces>(
    value => typeof value === 'object' && value !== null && 'observation' in value && 'action' in value,
    'expected what is observed and done: { observation, action }',
  ),
  planet: planetConfig,
});
/** `planetActorConfig`, parsed. */
export type PlanetActorConfig = z.output<typeof planetActorConfig>;

/** Credit to learn: so many updates, then a new version of the weights. */
export interface Permit {
  /** The version that comes of it: permits count up from 1. */
  readonly version: number;
  readonly updates: number;
  /** Draw from the first so many of all episodes. */
  readonly episodes: number;
  /** What the settings' step size is multiplied by. Default 1. */
  readonly rate?: number;
}

/** What the updates of a permit came to: means of the figures by names in snake case. */
export interface PlanetMetrics {
  readonly version: number;
  /** Updates so far. */
  readonly updates: number;
  readonly episodes: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** A model by settings and spaces. @throws a usage error where they do not fit */
export const planetModel = (config: PlanetConfig, spaces: Spaces): PlanetModel => ({
  config,
  sizes: planetSizes(config, spaces),
});

/** The columns of weights on their way to agents. Version 0 is where learning starts. */
export function weightsFields({ planet, spaces }: PlanetActorConfig) {
  const { size } = treeLayout(planetInit(Random.fromSeed(0), planetModel(planet, spaces)));
  return {
    version: { dtype: 'int32', shape: [1] },
    /** All parameters end to end. */
    parameters: { dtype: 'float32', shape: [size] },
  } as const satisfies SlabFields;
}
