import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playShort } from '../short-run.ts';

const few = (side: number) => [
  ...['task=reacher', 'observe=pixels', `side=${side}`, 'episodes=5', 'tests=2', 'randomTests=3'],
  ...['arms=["random"]', 'planet.depth=1', 'planet.seedEpisodes=2', 'planet.updatesPerEpisode=2'],
  ...['planet.batch=2', 'planet.length=8', 'planet.deterministic=5', 'planet.stochastic=3'],
  ...['planet.hidden=4', 'planet.planning.candidates=6', 'planet.planning.elites=2'],
];

it.each([32, 64])(
  'a run on %i pixels has figures and strips of its own, and is a function of its seed',
  async side => {
    const one = await playShort('latent-planning', 1, few(side));
    const two = await playShort('latent-planning', 2, few(side));
    expect(two.summary.metrics).toEqual(one.summary.metrics);
    expect(one.summary.metrics['pixels.side']).toBe(side);
    expect(one.summary.metrics['pixels.overMeanFrame']).toBeGreaterThan(0);
    expect(readdirSync(join(one.folder, 'exhibits'))).toEqual(
      expect.arrayContaining(['5-1-open-loop.json', '5-2-rewards.json', '5-3-errors.json']),
    );
  },
);
