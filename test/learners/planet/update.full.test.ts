import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import type { PlanetSettings } from '../../../src/learners/planet/config.ts';
import { planetInit } from '../../../src/learners/planet/networks.ts';
import { compilePlanetUpdate } from '../../../src/learners/planet/update.ts';
import { noiseInputs } from './episodes.ts';
import { modelOf, tiny } from './models.ts';

const pixels = { observe: 'pixels', side: 32, channels: 1, depth: 2, observationScale: 1 } as const;

it.each<[string, PlanetSettings]>([
  ['full, with overshooting', { overshooting: { distance: 3 } }],
  ['full, overshooting through the start', { overshooting: { distance: 2, throughStart: true } }],
  ['deterministic', { latent: 'deterministic' }],
  ['deterministic, its prior taught', { latent: 'deterministic', priorLikelihood: true }],
  ['stochastic', { latent: 'stochastic', overshooting: { distance: 3 } }],
  ['pixels', pixels],
  [
    'pixels of 64, fewer layers, a decoder that doubles 8 × 8',
    { ...pixels, side: 64, firstStride: 4, imageDecoder: { hidden: 9, channels: [6, 5, 4] } },
  ],
])('compiled and op by op are the same: %s', async (_, settings) => {
  const { observe, side = 64 } = settings;
  const observation = observe === 'pixels' ? box([side, side, 1], { low: 0, high: 255 }) : box(3);
  const action = box(1, { low: -2, high: 2 });
  const model = modelOf({ ...tiny, ...settings }, { observation, action });
  const update = await compilePlanetUpdate(model, planetInit(Random.fromSeed(1), model));
  const figures = await update(noiseInputs(model, 1));
  expect('kl' in figures).toBe(settings.latent !== 'deterministic');
  expect('overshootingLoss' in figures).toBe(settings.overshooting !== undefined);
  for (const { data } of Object.values(figures)) expect(Number.isFinite(data[0])).toBe(true);
  const { worst } = await update.verify(3, step => noiseInputs(model, 2 + step), { tolerance: 1e-4 });
  expect(worst.difference).toBeLessThan(1e-4);
  update.dispose();
});

it.each([false, true])(
  'without a KL the prior learns only from likelihoods of its own: %s',
  async priorLikelihood => {
    const model = modelOf({ ...tiny, latent: 'deterministic', priorLikelihood });
    const initial = planetInit(Random.fromSeed(1), model);
    const update = await compilePlanetUpdate(model, initial);
    await update(noiseInputs(model, 1));
    const { prior, posterior } = update.state.get().params;
    expect(posterior[0].weights.data).not.toEqual(initial.posterior[0].weights.data);
    if (priorLikelihood) expect(prior[0].weights.data).not.toEqual(initial.prior[0].weights.data);
    else expect(prior[0].weights.data).toEqual(initial.prior[0].weights.data);
    update.dispose();
  },
);
