import { Random } from '../../../src/core/random.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { makeVectorEnvironment } from '../../../src/env/define.ts';
import type { PlanetModel } from '../../../src/learners/planet/networks.ts';
import type { HostTensor } from '../../../src/tensors/index.ts';

/** An episode, row by row: o_t, a_{t−1}, r_t. */
export interface Episode {
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly rows: number;
}

type Column = HostTensor & { readonly data: Float32Array };

/** Chunks as the replay sends them. */
export interface ChunkBatch {
  readonly observations: Column;
  readonly actions: Column;
  readonly rewards: Column;
}

/**
 * Episodes of random torques on the pendulum, 100 rows each. A torque lasts for two steps of 0.05 s, whose rewards are summed, and is
 * drawn anew one time in five: so it does enough for its effect to be told from gravity's.
 */
export async function pendulumEpisodes(seed: number, count: number): Promise<readonly Episode[]> {
  const repeat = 2;
  const rows = 200 / repeat;
  const vector = await makeVectorEnvironment(pendulum, {}, count);
  const random = Random.fromSeed(seed).split('actions');
  vector.reset({ seed });
  const episodes = Array.from({ length: count }, () => ({
    observations: new Float32Array(rows * 3),
    actions: new Float32Array(rows),
    rewards: new Float32Array(rows),
    rows,
  }));
  const actions = new Float32Array(count);
  for (let t = 0; t < rows; t++) {
    for (const [i, { observations, actions: done }] of episodes.entries()) {
      observations.set(vector.observations.subarray(3 * i, 3 * i + 3), 3 * t);
      if (t > 0) done[t] = actions[i];
    }
    if (t === rows - 1) break;
    for (let i = 0; i < count; i++) if (t === 0 || random.uniform() < 0.2) actions[i] = random.uniform(-2, 2);
    for (let k = 0; k < repeat; k++) {
      vector.step(actions);
      for (const [i, { rewards }] of episodes.entries()) rewards[t + 1] += vector.rewards[i];
    }
  }
  return episodes;
}

/** Random crops, as the replay draws them. */
export function drawChunks(
  episodes: readonly Episode[],
  batch: number,
  length: number,
  random: Random,
): ChunkBatch {
  const O = episodes[0].observations.length / episodes[0].rows;
  const A = episodes[0].actions.length / episodes[0].rows;
  const chunks = {
    observations: column(batch, length, O),
    actions: column(batch, length, A),
    rewards: column(batch, length),
  };
  for (let b = 0; b < batch; b++) {
    const episode = episodes[random.integer(episodes.length)];
    const from = random.integer(episode.rows - length + 1);
    const cut = (values: Float32Array, n: number) => values.subarray(from * n, (from + length) * n);
    chunks.observations.data.set(cut(episode.observations, O), b * length * O);
    chunks.actions.data.set(cut(episode.actions, A), b * length * A);
    chunks.rewards.data.set(cut(episode.rewards, 1), b * length);
  }
  return chunks;
}

/** Standard normal numbers. */
export function normal(random: Random, ...shape: number[]): Column {
  const noise = column(...shape);
  random.fillNormal(noise.data);
  return noise;
}

function uniform(random: Random, ...shape: number[]): Column {
  const noise = column(...shape);
  random.fillUniform(noise.data);
  return noise;
}

/** What an update takes: chunks, and noise for them. */
export function updateInputs(model: PlanetModel, chunks: ChunkBatch, random: Random) {
  const { config, sizes } = model;
  const [batch, length] = chunks.rewards.shape;
  return {
    ...chunks,
    noise: normal(random, length, batch, sizes.stochastic),
    ...(config.observe === 'pixels' && { dither: uniform(random, batch, length, sizes.observation) }),
    ...(config.overshooting && {
      aheadNoise: normal(random, config.overshooting.distance, length, batch, sizes.stochastic),
    }),
    learningRate: config.learningRate,
  };
}

/** Inputs of an update that mean nothing. */
export function noiseInputs(model: PlanetModel, seed: number) {
  const { batch, length, observe } = model.config;
  const random = Random.fromSeed(seed);
  const observations = normal(random, batch, length, model.sizes.observation);
  if (observe === 'pixels') random.fillUniform(observations.data, 0, 256);
  const chunks = {
    observations,
    actions: normal(random, batch, length, model.sizes.action),
    rewards: normal(random, batch, length),
  };
  return updateInputs(model, chunks, random);
}

export function column(...shape: number[]): Column {
  return { shape, data: new Float32Array(shape.reduce((size, n) => size * n, 1)) };
}
