import { z } from 'zod';

const positive = z.number().int().positive();

/** The settings one by one; `planetConfig` also holds them against each other. */
export const planetFields = z.strictObject({
  latent: z
    .enum(['full', 'deterministic', 'stochastic'])
    .default('full')
    .describe(
      'Parts of the latent state: both; `deterministic`: means only and no KL; `stochastic`: no h. [P] both.',
    ),
  observe: z
    .enum(['state', 'pixels'])
    .default('state')
    .describe(
      'What observations are: numbers, or bytes of an image, row-major [side, side, channels]. [P] pixels.',
    ),
  side: z
    .union([z.literal(32), z.literal(64)])
    .default(64)
    .describe('Pixels a side, where pixels are observed. [P]'),
  channels: z
    .union([z.literal(1), z.literal(3)])
    .default(3)
    .describe('Of an image. [P] 3.'),
  depth: positive
    .default(32)
    .describe('Channels of the first convolution; each next one has twice as many. [P]'),
  firstStride: z
    .union([z.literal(2), z.literal(4)])
    .default(2)
    .describe(
      'Pixels that the first convolution of 64 × 64 goes at a time: 4, with a kernel of 8, is a layer less. [P] 2.',
    ),
  imageDecoder: z
    .strictObject({
      hidden: positive.describe('Width of the layer before the first pixels.'),
      channels: z
        .array(positive)
        .describe('Of 8 × 8 pixels, 16 × 16 and so on, below `side`: two for 32, three for 64.'),
    })
    .nullable()
    .default(null)
    .describe(
      'A decoder that begins with two dense layers and 8 × 8 pixels, and doubles them with kernels of 4. null: that of [P], from 1 pixel on.',
    ),

  deterministic: positive.default(64).describe('Numbers of h. [S1] 64, [P] 200.'),
  stochastic: positive.default(16).describe('Numbers of s. [S1] 16, [P] 30.'),
  hidden: positive
    .default(64)
    .describe('Width of the layers before the GRU, the prior and the posterior. [S1] 64, [P] 200.'),
  stateLayers: z
    .array(positive)
    .default([64, 64])
    .describe('Widths of the encoder of states, and of its decoder in the other order. [S1].'),
  rewardLayers: z
    .array(positive)
    .default([64, 64])
    .describe('Hidden layers of the reward head. [P] 2 of 200; [code] 3 of 300.'),
  activation: z
    .enum(['elu', 'relu'])
    .default('elu')
    .describe('Of all layers but convolutions, which have relu. [S1] elu, [P] relu; no matter (planet #21).'),
  minStd: z.number().positive().default(0.1).describe('Added to every deviation of s. [P]'),

  observationUnits: z
    .array(z.number().positive())
    .nullable()
    .default(null)
    .describe(
      'What each number of a state is divided by; null: nothing. [S1] 1, 1, 1, 2, 5 for the swing-up.',
    ),
  pixelCenter: z
    .number()
    .min(-0.5)
    .max(0.5)
    .default(0)
    .describe(
      'Taken off preprocessed pixels: the background, so that it is 0 and only what moves stands out. [P] 0.',
    ),
  pixelUnit: z
    .number()
    .positive()
    .default(1)
    .describe(
      'What preprocessed pixels are divided by then: small things on a plain ground are found sooner where they are far from it. [P] 1.',
    ),
  rewardUnit: z
    .number()
    .positive()
    .default(1)
    .describe('What rewards are divided by, so that those of a step are around 1. [S1] the action repeat.'),
  observationScale: z
    .number()
    .positive()
    .default(50)
    .describe(
      'Weight of the log-likelihood of observations: 50 is a deviation of 0.14. [S1] 50 for states, [P] 1 for images.',
    ),
  decodeEvery: positive
    .default(1)
    .describe(
      'Only every so many-th observation of a chunk is decoded and told: neighbours are much alike, and decoding pictures takes most of an update. A divisor of `length`. [P] 1: all.',
    ),
  rewardScale: z
    .number()
    .positive()
    .default(100)
    .describe('Weight of the log-likelihood of rewards. [S1] 100, [code] 10.'),
  freeNats: z.number().min(0).default(1).describe('Taken off each KL before it is cut at 0. [S1] 1, [P] 3.'),
  overshooting: z
    .strictObject({
      distance: z
        .number()
        .int()
        .min(2)
        .describe('D: the farthest steps ahead; below the length of a chunk. [P] 50.'),
      beta: z.number().positive().default(1).describe('Weight of the KLs of distances 2 … D. [P] 1.'),
      throughStart: z
        .boolean()
        .default(false)
        .describe('Whether gradients reach the posterior that a prediction starts from, as in [code].'),
    })
    .nullable()
    .default(null)
    .describe('Latent overshooting; null: none, as in the final agent of [P].'),

  priorLikelihood: z
    .boolean()
    .default(false)
    .describe(
      'In the deterministic model: take the likelihoods once more from the prior’s mean. Without it nothing teaches the prior, as there is no KL. [code] does not.',
    ),

  batch: positive.default(16).describe('B: chunks of a batch. [S1] 16, [P] 50.'),
  length: z.number().int().min(2).default(20).describe('L: rows of a chunk. [S1] 20, [P] 50.'),
  learningRate: z.number().positive().default(1e-3).describe('Adam’s step size. [P]'),
  annealing: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Share of all updates, the last ones, over which the step size falls evenly to 0. Who gives permits sees to it. [P] 0.',
    ),
  adamEpsilon: z.number().positive().default(1e-4).describe('Adam’s epsilon. [P]'),
  maxGradientNorm: z
    .number()
    .positive()
    .default(100)
    .describe('Gradients of all parameters together are cut to this length. [S1] 100, [P] 1000.'),

  planning: z
    .strictObject({
      candidates: positive.default(100).describe('J: action sequences an iteration. [S1] 100, [P] 1000.'),
      horizon: positive.default(12).describe('H: steps ahead. [P]'),
      iterations: positive.default(4).describe('I. [S1] 4, [P] 10; 1 is random shooting.'),
      elites: positive.default(10).describe('K: the best, which the belief is fitted to. [S1] 10, [P] 100.'),
      noise: z
        .number()
        .min(0)
        .default(0.3)
        .describe('Deviation of the noise on actions while collecting. [P]'),
    })
    .prefault({})
    .describe('The cross-entropy method in latent space.'),
  seedEpisodes: positive.default(5).describe('Episodes of random actions before the first update. [P]'),
  updatesPerEpisode: positive.default(40).describe('C: updates between two episodes. [S1] 40, [P] 100.'),
});

/** Every setting of PlaNet, with where its default comes from. */
export const planetConfig = planetFields
  .superRefine((config, { addIssue }) => {
    const { overshooting, length, decodeEvery, planning, observe, observationUnits } = config;
    const { side, firstStride, imageDecoder } = config;
    const expected = (path: (string | number)[], message: string) =>
      addIssue({ code: 'custom', path, message });
    if (overshooting && overshooting.distance >= length)
      expected(['overshooting', 'distance'], `expected less than length = ${length}`);
    if (length % decodeEvery !== 0) expected(['decodeEvery'], `expected a divisor of length = ${length}`);
    if (firstStride === 4 && side !== 64) expected(['firstStride'], `expected 2 where side = ${side}`);
    const doublings = Math.log2(side / 8);
    if (imageDecoder && imageDecoder.channels.length !== doublings)
      expected(['imageDecoder', 'channels'], `expected ${doublings} where side = ${side}`);
    if (planning.elites > planning.candidates)
      expected(['planning', 'elites'], `expected at most candidates = ${planning.candidates}`);
    if (observe === 'pixels' && observationUnits !== null)
      expected(['observationUnits'], 'expected null where pixels are observed');
  })
  .describe(
    'Where a default comes from: [P] Hafner et al. 2019, [code] its released code, [S1] this project’s reduced agent on states for two cores.',
  );

/** The settings of PlaNet, parsed: defaults filled in, every field within its range. */
export type PlanetConfig = z.output<typeof planetConfig>;
/** As they are given: every field may be left out. */
export type PlanetSettings = z.input<typeof planetConfig>;

/** The settings of Hafner et al. 2019 (appendix A): what a GPU is for. A plan of theirs is 10,000 imagined sequences. */
export const paperSettings: PlanetSettings = {
  latent: 'full',
  observe: 'pixels',
  side: 64,
  channels: 3,
  depth: 32,
  deterministic: 200,
  stochastic: 30,
  hidden: 200,
  rewardLayers: [200, 200],
  activation: 'relu',
  minStd: 0.1,
  observationScale: 1,
  rewardScale: 10,
  freeNats: 3,
  overshooting: null,
  batch: 50,
  length: 50,
  learningRate: 1e-3,
  adamEpsilon: 1e-4,
  maxGradientNorm: 1000,
  planning: { candidates: 1000, horizon: 12, iterations: 10, elites: 100, noise: 0.3 },
  seedEpisodes: 5,
  updatesPerEpisode: 100,
};
