import { beforeAll, describe, expect, test } from 'vitest';
import { squashedGaussian } from '../../../src/learners/shared/squashed-gaussian.ts';
import { initTensors, tf } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

/** The density that is claimed of the action a, in one dimension: the noise is chosen so that a comes out. */
function densities(mean: number, logStd: number, actions: readonly number[]): Float32Array {
  const rows = actions.length;
  const noise = actions.map(a => (Math.atanh(a) - mean) / Math.exp(logStd));
  const outputs = tf.tile(tf.tensor2d([[mean, logStd]]), [rows, 1]);
  const { actions: drawn, logProbs } = squashedGaussian(outputs).sample(tf.tensor2d(noise, [rows, 1]));
  const off = Math.max(...drawn.dataSync().map((a, i) => Math.abs(a - actions[i])));
  expect(off).toBeLessThan(1e-5);
  return tf.exp(logProbs).dataSync() as Float32Array;
}

/** Simpson's rule over values at even distances. */
const integral = (values: ArrayLike<number>, width: number): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i] * (i === 0 || i === values.length - 1 ? 1 : i % 2 === 1 ? 4 : 2);
  }
  return (sum * width) / (3 * (values.length - 1));
};
const grid = (from: number, to: number, count: number) =>
  Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);

describe('the density of actions', () => {
  test.each([
    [0, 0, -0.9, 0.4],
    [0.7, -0.5, -0.2, 0.95],
    [-1.2, 0.3, -0.99, -0.5],
  ])(
    'mean %f, ln deviation %f: integrates over %f … %f to the probability of that range',
    (mean, logStd, from, to) => {
      const found = integral(densities(mean, logStd, grid(from, to, 400)), to - from);
      // The same range of u, under the normal density, worked out on its own.
      const [low, high] = [Math.atanh(from), Math.atanh(to)];
      const normal = (u: number) =>
        Math.exp(-0.5 * ((u - mean) / Math.exp(logStd)) ** 2 - logStd) / Math.sqrt(2 * Math.PI);
      const wanted = integral(grid(low, high, 400).map(normal), high - low);
      expect(wanted).toBeGreaterThan(0.1);
      expect(found).toBeCloseTo(wanted, 5);
    },
  );

  test('of several elements is their product', () => {
    const { logProbs } = squashedGaussian(tf.tensor2d([[0.5, -0.3, 0.1, -0.4]])).sample(
      tf.tensor2d([[0.8, -1.1]]),
    );
    const one = (mean: number, logStd: number, noise: number) => {
      const u = mean + Math.exp(logStd) * noise;
      return -0.5 * noise ** 2 - logStd - 0.5 * Math.log(2 * Math.PI) - Math.log(1 - Math.tanh(u) ** 2);
    };
    expect(logProbs.shape).toEqual([1]);
    expect(logProbs.dataSync()[0]).toBeCloseTo(one(0.5, 0.1, 0.8) + one(-0.3, -0.4, -1.1), 5);
  });

  test.each([30, -30])('is finite and right where tanh u rounds to ±1: u = %d', u => {
    const { actions, logProbs } = squashedGaussian(tf.tensor2d([[u, 0]])).sample(tf.tensor2d([[0]]));
    // ln(1 − tanh²u) = ln 4 − 2|u| for large |u|, to 1e-26.
    const wanted = -0.5 * Math.log(2 * Math.PI) - (Math.log(4) - 2 * Math.abs(u));
    // Float32's tanh is 1 there on some machines, and 1 − 2⁻²² on others.
    expect(actions.dataSync()[0]).toBeCloseTo(Math.sign(u), 6);
    expect(logProbs.dataSync()[0]).toBeCloseTo(wanted, 4);
  });
});

test('deviations are cut to e⁻²⁰ … e²', () => {
  const drawn = (logStd: number, noise: number) =>
    squashedGaussian(tf.tensor2d([[0.1, logStd]]))
      .sample(tf.tensor2d([[noise]]))
      .actions.dataSync()[0];
  expect(drawn(5, 0.2)).toBeCloseTo(Math.tanh(0.1 + 0.2 * Math.exp(2)), 5);
  expect(drawn(-90, 3)).toBeCloseTo(Math.tanh(0.1), 6);
});

test('the best actions are tanh of the means', () => {
  const best = squashedGaussian(tf.tensor2d([[0.5, -2, 1, 1]])).mode();
  expect(best.shape).toEqual([1, 2]);
  expect([...best.dataSync()]).toEqual([expect.closeTo(Math.tanh(0.5), 6), expect.closeTo(Math.tanh(-2), 6)]);
});
