import { describe, expect, it } from 'vitest';
import { aboveFreeNats, gaussianKl, planetLoss, unitNormalLoss } from '../../../src/learners/planet/loss.ts';
import { tf } from '../../../src/tensors/index.ts';

const row = (...values: number[]) => tf.tensor2d([values]);

describe('the KL of independent normal distributions', () => {
  it('is 0.3606286292 for N(0.3, 0.5) and N(-0.2, 0.8)', () => {
    const kl = gaussianKl({ mean: row(0.3), std: row(0.5) }, { mean: row(-0.2), std: row(0.8) });
    expect(kl.dataSync()[0]).toBeCloseTo(0.3606286292, 6);
  });

  it('is a sum over numbers, and 0 between equals', () => {
    const kl = gaussianKl(
      { mean: row(0.3, 1, 0.3), std: row(0.5, 2, 0.5) },
      { mean: row(-0.2, 1, -0.2), std: row(0.8, 2, 0.8) },
    );
    expect(kl.dataSync()[0]).toBeCloseTo(2 * 0.3606286292, 5);
  });
});

it('free nats are taken off and cut at 0 row by row: the mean of 0.5 and 2.5 with 1 free is 0.75, not 0.5', () => {
  expect(tf.mean(aboveFreeNats(tf.tensor1d([0.5, 2.5]), 1)).dataSync()[0]).toBe(0.75);
});

it('the loss of a unit normal is that of the density', () => {
  const loss = unitNormalLoss(row(1, -2), row(0.5, 0)).dataSync()[0];
  expect(loss).toBeCloseTo(-Math.log(density(0.5) * density(2)), 6);
});

const density = (x: number) => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);

const settings = { observationScale: 50, rewardScale: 100, freeNats: 0.25, overshooting: null };
const terms = {
  observations: tf.tensor2d([[1], [2]]),
  predictedObservations: tf.tensor2d([[1], [1]]),
  rewards: tf.tensor1d([0, 1]),
  predictedRewards: tf.tensor1d([0, 0.5]),
};
const gaussians = {
  posterior: { mean: tf.tensor2d([[0.3], [0]]), std: tf.tensor2d([[0.5], [1]]) },
  prior: { mean: tf.tensor2d([[-0.2], [0]]), std: tf.tensor2d([[0.8], [1]]) },
};
const constant = 0.5 * Math.log(2 * Math.PI);
const withoutKl = 50 * (0.25 + constant) + 100 * (0.0625 + constant);

it('weighs likelihoods, and the KL by 1', () => {
  const { loss, kl, free } = planetLoss({ ...terms, ...gaussians }, settings);
  expect(loss.dataSync()[0]).toBeCloseTo(withoutKl + 0.1106286292 / 2, 4);
  expect(kl?.dataSync()[0]).toBeCloseTo(0.3606286292 / 2, 6);
  expect(free?.dataSync()[0]).toBe(0.5);
});

it('has no KL without distributions', () => {
  const result = planetLoss(terms, settings);
  expect(result.loss.dataSync()[0]).toBeCloseTo(withoutKl, 4);
  expect(result).not.toHaveProperty('kl');
});

it('overshooting adds beta / D times the sum of what is above free nats, each distance a mean of its own', () => {
  const ahead = [tf.tensor1d([1.25, 0.25]), tf.tensor1d([2.25])];
  const { loss, overshootingLoss } = planetLoss(
    { ...terms, ...gaussians, ahead },
    { ...settings, overshooting: { distance: 3, beta: 0.6 } },
  );
  expect(overshootingLoss?.dataSync()[0]).toBeCloseTo((0.6 / 3) * (0.5 + 2), 6);
  expect(loss.dataSync()[0]).toBeCloseTo(withoutKl + 0.1106286292 / 2 + 0.5, 4);
});
