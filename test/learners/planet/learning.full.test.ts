import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import type { PlanetSettings } from '../../../src/learners/planet/config.ts';
import { compileImagination, openLoopErrors } from '../../../src/learners/planet/imagination.ts';
import { compileLatentModel } from '../../../src/learners/planet/latent.ts';
import { type PlanetModel, planetInit } from '../../../src/learners/planet/networks.ts';
import { compilePlanetUpdate } from '../../../src/learners/planet/update.ts';
import { column, drawChunks, type Episode, normal, pendulumEpisodes, updateInputs } from './episodes.ts';
import { modelOf } from './models.ts';

const [context, horizon] = [5, 12];
/** For the pendulum whose torques are held for two steps: a reward is around 1. */
const settings: PlanetSettings = { observationUnits: [1, 1, 8], rewardUnit: 8 };

async function learn(model: PlanetModel, episodes: readonly Episode[], seed: number, updates: number) {
  const random = Random.fromSeed(seed);
  const update = await compilePlanetUpdate(model, planetInit(random.split('parameters'), model));
  const { batch, length } = model.config;
  const figures: { kl: number; gradientNorm: number }[] = [];
  for (let i = 0; i < updates; i++) {
    const result = await update(updateInputs(model, drawChunks(episodes, batch, length, random), random));
    figures.push({
      kl: 'kl' in result ? (result.kl?.data[0] ?? 0) : 0,
      gradientNorm: result.gradientNorm.data[0],
    });
  }
  return { update, figures, parameters: update.state.flat('params') };
}

type Learnt = Awaited<ReturnType<typeof learn>>;

/** Errors 12 steps ahead on 120 chunks that were not learned from. @param shuffled whether the future's actions are another chunk's */
async function errorsOf(model: PlanetModel, { update }: Learnt, held: readonly Episode[], shuffled = false) {
  const count = 120;
  const length = context + horizon;
  const chunks = drawChunks(held, count, length, Random.fromSeed(77));
  const O = model.sizes.observation;
  const actions = chunks.actions.data.slice();
  const seen = column(count, context, O);
  const truth = {
    rewards: new Float32Array(count * horizon),
    observations: new Float32Array(count * horizon * O),
  };
  const units = model.config.observationUnits ?? new Array(O).fill(1);
  for (let b = 0; b < count; b++) {
    const from = b * length;
    seen.data.set(chunks.observations.data.subarray(from * O, (from + context) * O), b * context * O);
    truth.rewards.set(chunks.rewards.data.subarray(from + context, from + length), b * horizon);
    truth.observations.set(
      chunks.observations.data.subarray((from + context) * O, (from + length) * O),
      b * horizon * O,
    );
    if (!shuffled) continue;
    const other = ((b + 1) % count) * length;
    actions.set(chunks.actions.data.subarray(other + context, other + length), from + context);
  }
  const imagination = await compileImagination(model, update.state.get().params);
  const imagined = await imagination({
    observations: seen,
    actions: { shape: [count, length, 1], data: actions },
    noise: normal(Random.fromSeed(5), length, count, model.sizes.stochastic),
  });
  imagination.dispose();
  const scaled = (values: ArrayLike<number>) => Float32Array.from(values, (value, i) => value / units[i % O]);
  return {
    reward: openLoopErrors(imagined.rewards.data, truth.rewards, horizon),
    observation: openLoopErrors(scaled(imagined.observations.data), scaled(truth.observations), horizon, O),
  };
}

describe.each([1, 2])('800 updates on 30 episodes of the pendulum under random torques, seed %i', seed => {
  it('foretell rewards and observations of 12 steps far better than the best constant, by means of the actions', async () => {
    const model = modelOf(settings);
    const episodes = await pendulumEpisodes(seed, 30);
    const learnt = await learn(model, episodes, seed, 800);
    const held = await pendulumEpisodes(seed + 1000, 40);
    const errors = await errorsOf(model, learnt, held);
    const blind = await errorsOf(model, learnt, held, true);
    expect(errors.reward.mean).toBeLessThan(0.35);
    expect(errors.reward.bySteps[horizon - 1]).toBeLessThan(0.85);
    expect(errors.observation.mean).toBeLessThan(0.3);
    expect(blind.reward.mean / errors.reward.mean).toBeGreaterThan(2);
    expect(blind.observation.mean / errors.observation.mean).toBeGreaterThan(1.6);
    for (const { kl, gradientNorm } of learnt.figures) {
      expect(kl).toBeLessThan(10);
      expect(Number.isFinite(gradientNorm)).toBe(true);
    }
    // Not pinned at the free nat.
    expect(Math.max(...learnt.figures.slice(-100).map(({ kl }) => kl))).toBeGreaterThan(1.2);
    learnt.update.dispose();
  });
});

describe('on a task whose reward is the last action', () => {
  const model = modelOf(
    { deterministic: 16, stochastic: 4, hidden: 16, stateLayers: [8], rewardLayers: [16] },
    { observation: box(1), action: box(1, { low: -1, high: 1 }) },
  );

  /** Row t holds a_{t−1} and r_t = a_{t−1}, unless the recorder has a mistake. @param late rows that rewards are late by */
  const episodesOf = (late: number): readonly Episode[] =>
    Array.from({ length: 20 }, (_, e) => {
      const random = Random.fromSeed(e);
      const rows = 60;
      const actions = new Float32Array(rows);
      random.fillUniform(actions, -1, 1);
      actions[0] = 0;
      const rewards = actions.map((_, t) => actions[t - late] ?? 0);
      const observations = new Float32Array(rows);
      random.fillNormal(observations);
      return { observations, actions, rewards, rows };
    });

  /** How well predicted returns of candidates go with the sums of their actions, and with the last action alone. */
  async function judgementOf(late: number) {
    const { update, parameters } = await learn(model, episodesOf(late), 3, 300);
    const latent = await compileLatentModel(model, Random.fromSeed(4));
    latent.setParameters(parameters);
    latent.reset(0);
    latent.observe([0], [0]);
    const [count, ahead] = [500, 4];
    const actions = new Float32Array(count * ahead);
    Random.fromSeed(5).fillUniform(actions, -1, 1);
    const returns = new Float32Array(count);
    latent.evaluate(actions, count, ahead, returns);
    const sums = returns.map((_, j) =>
      actions.subarray(j * ahead, (j + 1) * ahead).reduce((s, a) => s + a, 0),
    );
    const lasts = returns.map((_, j) => actions[j * ahead + ahead - 1]);
    latent.close();
    update.dispose();
    return { sum: correlation(returns, sums), last: correlation(returns, lasts) };
  }

  it('candidates are judged by all of their actions, each once', async () => {
    const judgement = await judgementOf(0);
    expect(judgement.sum).toBeGreaterThan(0.98);
    expect(judgement.last).toBeGreaterThan(0.4);
  });

  it.each([1, -1])('rewards that are late by %i rows show', async late => {
    const judgement = await judgementOf(late);
    expect(judgement.sum).toBeLessThan(0.95);
    expect(judgement.last).toBeLessThan(0.25);
  });
});

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (x: Float32Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [m, n] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - m) * (b[i] - n);
    aa += (a[i] - m) ** 2;
    bb += (b[i] - n) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
