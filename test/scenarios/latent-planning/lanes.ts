import type { z } from 'zod';
import type { Placement, System } from '../../../src/actors/index.ts';
import type { Lane } from '../../../src/scenarios/arms/index.ts';
import { options, settled } from '../../../src/scenarios/latent-planning/options.ts';

/** Small enough to be played in seconds: what it learns is no matter. */
/** Options as a run has them. */
export const optionsOf = (given: z.input<typeof options> = {}) => settled(options.parse(given));

export const tiny = (changes: Readonly<Record<string, unknown>> = {}) =>
  optionsOf({
    ...{ task: 'reacher', episodes: 6, tests: 2 },
    planet: {
      ...{ deterministic: 5, stochastic: 3, hidden: 4, stateLayers: [6], rewardLayers: [4] },
      ...{ batch: 2, length: 4, seedEpisodes: 2, updatesPerEpisode: 3 },
      planning: { candidates: 6, horizon: 3, iterations: 2, elites: 2 },
    },
    ...changes,
  });

type Place = 'lane' | 'beside' | 'world' | 'main';

/** A lane whose places are these threads. */
export function laneOn(system: System, threads: Readonly<Partial<Record<Place, string>>> = {}): Lane {
  const on = (place: Place): Placement => (place === 'main' ? 'main' : { thread: threads[place] ?? place });
  const spawn = (
    definition: never,
    config: never,
    { on: place = 'lane', ...rest }: { readonly on?: Place } = {},
  ) => system.spawn(definition, config, { deadline: 1_800_000, ...rest, on: on(place) });
  return {
    arm: 'test',
    seed: system.seed,
    signal: new AbortController().signal,
    spawn,
    learner: spawn,
    link: (from, to, options) => system.link(from, to, { depth: 64, ...options }),
    progress() {},
    row() {},
  } as Lane;
}
