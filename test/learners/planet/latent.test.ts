import { afterAll, describe, expect, it } from 'vitest';
import { cem } from '../../../src/actors/planner/index.ts';
import { Random } from '../../../src/core/random.ts';
import { filterChunks } from '../../../src/learners/planet/chunk.ts';
import { compileLatentModel } from '../../../src/learners/planet/latent.ts';
import { type PlanetParams, planetInit } from '../../../src/learners/planet/networks.ts';
import { judgeCandidates } from '../../../src/learners/planet/roll.ts';
import { flattenTree, type HostTensor, mapTree, type Tensor, tf } from '../../../src/tensors/index.ts';
import { normal } from './episodes.ts';
import { modelOf, tiny } from './models.ts';

const model = modelOf(tiny);
const { stochastic, latent: width } = model.sizes;
const initial = planetInit(Random.fromSeed(1), model);
const deviceOf = ({ data, shape }: HostTensor): Tensor => tf.tensor(data, [...shape]);
const params = mapTree<HostTensor, Tensor>(initial, deviceOf) as unknown as PlanetParams<Tensor>;
const root = Random.fromSeed(2);
const two = await compileLatentModel(model, root, 2);
two.setParameters(flattenTree(initial));
afterAll(() => two.close());

const [batch, length, candidates, horizon] = [2, 3, 3, 2];
const random = Random.fromSeed(6);
const observations = normal(random, batch, length, 3);
const actions = normal(random, batch, length, 1);
/** Row t of both agents. */
const at = ({ data }: typeof actions, t: number, size: number) =>
  Float32Array.from({ length: batch * size }, (_, i) => {
    const agent = Math.floor(i / size);
    return data[(agent * length + t) * size + (i % size)];
  });
const situation = (seed: number, step: number) => ({
  ...{ seed, step, observations: at(observations, step, 3), actions: at(actions, step, 1) },
  ...{ rewards: new Float32Array(batch), ended: new Uint8Array(batch) },
});
const follow = (seed: number) => {
  for (let t = 0; t < length; t++) two.follow(situation(seed, t));
};

describe('the latent model', () => {
  it('follows what happens exactly as training sees it', () => {
    follow(7);
    const streams = [0, 1].map(n => root.split(7, n));
    const noise = tf.stack(
      Array.from({ length }, () => tf.stack(streams.map(each => tf.tensor(normal(each, stochastic).data)))),
    );
    const { latents } = filterChunks(
      params,
      { observations: deviceOf(observations), actions: deviceOf(actions), rewards: tf.zeros([2, 3]), noise },
      model,
    );
    const last = latents.dataSync().slice(-batch * width);
    expect(distance(two.latents(), last)).toBeLessThan(1e-6);
  });

  it('follows from an episode’s seed alone, and a snapshot puts it back', () => {
    const end = two.latents();
    two.follow(situation(7, 1));
    const kept = two.snapshot();
    follow(8);
    expect(distance(two.latents(), end)).toBeGreaterThan(0.01);
    const [other, first] = [new Float32Array(6), new Float32Array(6)];
    two.restore(kept);
    two.evaluate(sequences, candidates, horizon, first);
    follow(7);
    expect(two.latents()).toEqual(end);
    two.restore(kept);
    two.evaluate(sequences, candidates, horizon, other);
    expect(other).toEqual(first);
  });

  const sequences = normal(random, batch, candidates, horizon, 1).data;

  it('judges each agent’s candidates from that agent’s state, and stays where it is', () => {
    follow(9);
    const before = two.latents();
    const noises = [0, 1].map(n => {
      const stream = root.split(9, n);
      for (let t = 0; t < length; t++) normal(stream, stochastic);
      return Array.from({ length: horizon }, () => normal(stream, candidates, stochastic).data);
    });
    const returns = new Float32Array(batch * candidates);
    two.evaluate(sequences, candidates, horizon, returns);
    expect(two.latents()).toEqual(before);
    for (let agent = 0; agent < batch; agent++) {
      for (let j = 0; j < candidates; j++) {
        const row = agent * candidates + j;
        const own = Float32Array.from({ length: horizon * stochastic }, (_, i) => {
          const step = Math.floor(i / stochastic);
          return noises[agent][step][j * stochastic + (i % stochastic)];
        });
        const alone = judgeCandidates(
          params,
          {
            latent: tf.tensor(before.slice(agent * width, (agent + 1) * width), [1, width]),
            actions: tf.tensor(sequences.slice(row * horizon, (row + 1) * horizon), [1, horizon, 1]),
            noise: tf.tensor(own, [horizon, 1, stochastic]),
          },
          model,
        );
        expect(returns[row]).toBeCloseTo(alone.dataSync()[0], 5);
      }
    }
  });

  it('is what planners plan over: within bounds, the same from the same seed', () => {
    const settings = { ...model.config.planning, noise: 0 };
    const plan = () => {
      follow(10);
      return (cem(two, settings, Random.fromSeed(3)).plan() as Float32Array).slice();
    };
    const chosen = plan();
    expect(chosen).toHaveLength(2);
    expect(Math.max(...chosen.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(plan()).toEqual(chosen);
  });

  it('says what is wrong with what it is given', () => {
    expect(() => two.observe([1, 2, 3], [0, 0])).toThrow('observations has 3 numbers, expected 6');
    expect(() => two.evaluate(new Float32Array(5), 3, 2, new Float32Array(6))).toThrow(
      'actions has 5 numbers, expected 12',
    );
  });
});

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
