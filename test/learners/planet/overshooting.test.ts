import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { chunkTerms, stepsAhead } from '../../../src/learners/planet/chunk.ts';
import { gaussianKl, planetLoss } from '../../../src/learners/planet/loss.ts';
import {
  type Gaussian,
  type PlanetParams,
  planetInit,
  type Transition,
} from '../../../src/learners/planet/networks.ts';
import { leavesOf, type Tensor, tf, treeLike, valueAndGrad } from '../../../src/tensors/index.ts';
import { normal } from './episodes.ts';
import { modelOf, tiny } from './models.ts';

// s' = a s + u + N(0, w²) in two dimensions; everything else is worked out by hand.
const [a, w] = [0.9, 0.3];
const model = modelOf({ ...tiny, latent: 'stochastic', stochastic: 2 });
const linear: Pick<Transition, 'advance' | 'prior' | 'draw'> = {
  advance: ({ s }, ofAction) => ({ value: tf.add(tf.mul(s, a), ofAction) }),
  prior: mean => ({ mean, std: tf.fill(mean.shape, w) }),
  draw: ({ mean, std }, noise) => tf.add(mean, tf.mul(std, noise)),
};

const [length, batch] = [6, 2];
const rows = length * batch;
const random = Random.fromSeed(4);
const tensorOf = (...shape: number[]) => tf.tensor(normal(random, ...shape).data, shape);
const starts = tensorOf(rows, 2);
const ofActions = tensorOf(rows, 2);
const targets: Gaussian = { mean: tensorOf(rows, 2), std: tf.add(tf.abs(tensorOf(rows, 2)), 0.2) };

describe('on a linear-Gaussian toy', () => {
  it('one step ahead is the ordinary KL', () => {
    const noise = tensorOf(1, rows, 2);
    const [one] = stepsAhead({ starts, targets, ofActions, noise, batch, from: 1 }, linear, model);
    const ordinary = gaussianKl(targets, linear.prior(linear.advance({ s: starts }, ofActions).value));
    expect([...one.dataSync()]).toEqual([...ordinary.dataSync()]);
  });

  it('five steps ahead is what the samples along the way make it, for exactly the rows that are in the chunk', () => {
    const noise = tensorOf(5, rows, 2);
    const kls = stepsAhead({ starts, targets, ofActions, noise, batch }, linear, model);
    expect(kls.map(({ size }) => size)).toEqual([10, 8, 6, 4]);
    const [s, u, e, m, v] = [starts, ofActions, noise, targets.mean, targets.std].map(x => x.dataSync());
    const five = kls[3].dataSync();
    for (let row = 0; row < 4; row++) {
      let kl = 0;
      for (const k of [0, 1]) {
        let mean = s[2 * row + k];
        for (let d = 1; d <= 5; d++) {
          mean = a * mean + u[2 * (row + (d - 1) * batch) + k];
          if (d < 5) mean += w * e[2 * ((d - 1) * rows + row) + k];
        }
        const at = 2 * (row + 4 * batch) + k;
        kl += Math.log(w / v[at]) + (v[at] ** 2 + (m[at] - mean) ** 2) / (2 * w ** 2) - 0.5;
      }
      expect(five[row]).toBeCloseTo(kl, 3);
    }
  });

  it('its mean over samples is the analytic 5-step KL and the spread of what lies between', () => {
    // E over the four draws of (m − M)² is (m − E M)² + w² Σ a^2i, i = 1 … 4.
    const many = 5_000;
    const zeros = tf.zeros([many, 1]);
    const one = modelOf({ ...tiny, latent: 'stochastic', stochastic: 1 });
    const sequence = 5 * many;
    const kls = stepsAhead(
      {
        starts: tf.concat([tf.fill([many, 1], 0.7), tf.zeros([sequence - many, 1])]),
        targets: { mean: tf.fill([sequence, 1], 0.5), std: tf.fill([sequence, 1], 0.6) },
        ofActions: tf.concat([0.1, -0.2, 0.3, 0, 0.2].map(u => tf.add(zeros, u))),
        noise: tf.tensor(normal(Random.fromSeed(5), 5, sequence, 1).data, [5, sequence, 1]),
        batch: many,
      },
      linear,
      one,
    );
    const mean = [0.1, -0.2, 0.3, 0, 0.2].reduce((s, u) => a * s + u, 0.7);
    const spread = w ** 2 * [1, 2, 3, 4].reduce((sum, i) => sum + a ** (2 * i), 0);
    const expected = Math.log(w / 0.6) + (0.6 ** 2 + (0.5 - mean) ** 2 + spread) / (2 * w ** 2) - 0.5;
    expect(tf.mean(kls[3]).dataSync()[0]).toBeCloseTo(expected, 1);
    expect(Math.abs(tf.mean(kls[3]).dataSync()[0] - expected)).toBeLessThan(0.05);
  });
});

describe('in the model', () => {
  const settings = { ...tiny, freeNats: 0 };
  const gradientOf = (throughStart: boolean, only: boolean) => {
    const full = modelOf({ ...settings, overshooting: { distance: 3, throughStart } });
    const { config, sizes } = full;
    const host = planetInit(Random.fromSeed(2), full);
    const params = treeLike(
      host,
      leavesOf<{ data: Float32Array; shape: number[] }>(host).map(({ data, shape }) =>
        tf.tensor(data, shape),
      ),
    ) as unknown as PlanetParams<Tensor>;
    const noises = Random.fromSeed(3);
    const tensor = (...shape: number[]) => tf.tensor(normal(noises, ...shape).data, shape);
    const chunks = {
      observations: tensor(2, 4, 3),
      actions: tensor(2, 4, 1),
      rewards: tensor(2, 4) as Tensor,
      noise: tensor(4, 2, sizes.stochastic),
      aheadNoise: tensor(3, 4, 2, sizes.stochastic),
    };
    const { gradient } = valueAndGrad((candidate: PlanetParams<Tensor>) => {
      const all = planetLoss(chunkTerms(candidate, chunks, full), config);
      return { loss: only ? (all.overshootingLoss as Tensor) : all.loss };
    }, params);
    let at = 0;
    const values = gradient.dataSync();
    const sizeOf = (tree: unknown) => leavesOf<Tensor>(tree).reduce((sum, leaf) => sum + leaf.size, 0);
    return Object.fromEntries(
      Object.entries(params).map(([name, tree]) => {
        const part = values.slice(at, at + sizeOf(tree));
        at += part.length;
        return [name, Math.hypot(...part)];
      }),
    );
  };

  it('nothing flows into the posterior from distances above 1, but into the dynamics and the prior', () => {
    const norms = gradientOf(false, true);
    expect(norms).toMatchObject({ encoder: 0, posterior: 0, decoder: 0, reward: 0 });
    for (const name of ['input', 'gru', 'prior']) expect(norms[name]).toBeGreaterThan(1e-4);
  });

  it('where it may pass the start, it does; and the rest of the loss trains the posterior', () => {
    expect(gradientOf(true, true)['posterior']).toBeGreaterThan(1e-4);
    expect(gradientOf(false, false)['posterior']).toBeGreaterThan(1e-2);
  });
});
