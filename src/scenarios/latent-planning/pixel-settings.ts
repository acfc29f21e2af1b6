import { type PlanetConfig, type PlanetSettings, paperSettings } from '../../learners/planet/config.ts';

/** Settings of PlaNet where pixels are seen: for two cores, or those of Hafner et al. 2019, for a GPU. */
export const presets = ['small', 'paper'] as const;
export type Preset = (typeof presets)[number];

/** What is seen where nothing else is said. */
export const pictures = { side: 32, channels: 1, preset: 'small' } as const;

/** Grey 246 at five bits: the background of every scene. */
const background = (30 + 0.5) / 32 - 0.5;

/**
 * Settings for small pictures on two cores. Of a picture the pole is a few pixels: told as they are, their error is less than a
 * nat, and the latent state learns to leave them out. So the background is 0, and what moves is about 2 of its units away. What is
 * seen outweighs what was foreseen by far, so the prior learns slowly what actions do: latent overshooting holds it to three
 * steps. Many episodes teach it more than many updates on few; steps that grow smaller at the end sharpen it. Every other picture
 * is decoded, by a decoder that can draw a thin pole sooner than the paper's with as few channels.
 */
export function pixelSettings(side: PlanetConfig['side']): PlanetSettings {
  return {
    ...{ pixelCenter: background, pixelUnit: 0.25, freeNats: 1, decodeEvery: 2 },
    overshooting: { distance: 3 },
    ...{ learningRate: 2e-3, annealing: 0.4, maxGradientNorm: 600, updatesPerEpisode: 40 },
    // The pole moves by its own width or more in one step, so the model has to be exact: a large state. For that, plans are of
    // few candidates and iterations: 36 are a multiple of the six rows that processors multiply at once.
    ...{ deterministic: 192, hidden: 128, planning: { candidates: 36, iterations: 3, elites: 8 } },
    ...(side === 32
      ? { depth: 8, imageDecoder: { hidden: 128, channels: [32, 8] } }
      : { depth: 4, firstStride: 4, imageDecoder: { hidden: 128, channels: [32, 8, 8] } }),
    // A pole of two pixels has twice as many of them at 64: half the weight is as much of it.
    ...(side === 32 ? { batch: 12, observationScale: 2 } : { batch: 8, observationScale: 1 }),
  };
}

/** What a preset comes to. The picture's size and colours are the run's. */
export function presetOf(preset: Preset, side: PlanetConfig['side']): PlanetSettings {
  if (preset === 'small') return pixelSettings(side);
  const { observe: _, side: __, channels: ___, ...settings } = paperSettings;
  return settings;
}
