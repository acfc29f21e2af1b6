import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  type Discriminator,
  discriminatorInit,
  discriminatorLogits,
  discriminatorLoss,
} from '../../../src/learners/simgan/discriminator.ts';
import {
  type HostTensor,
  initTensors,
  type Tensor,
  tf,
  toVector,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const inputs = 3;
const rows = 5;
const hidden = [4, 3];
const random = Random.fromSeed(8);
// Steeper than new weights are, so that slopes lie on both sides of one.
const weights: Discriminator<HostTensor> = discriminatorInit(random, inputs, hidden).map(layer => ({
  weights: { shape: layer.weights.shape, data: layer.weights.data.map(w => 2.4 * w) as Float32Array },
  bias: layer.bias,
}));
const draws = (count: number, draw: () => number) => Float32Array.from({ length: count }, draw);
const real = draws(rows * inputs, () => random.normal());
const fake = draws(rows * inputs, () => 0.7 * random.normal() + 0.5);
const mix = draws(rows, () => random.uniform());
const between = Array.from(fake, (f, k) => {
  const a = mix[Math.floor(k / inputs)];
  return f + a * (real[k] - f);
});

const onDevice = (): Discriminator<Tensor> =>
  weights.map(layer => {
    const leaf = ({ data, shape }: HostTensor) => tf.tensor(data as Float32Array, [...shape]);
    return { weights: leaf(layer.weights), bias: leaf(layer.bias) };
  });
const batch = () => ({
  real: tf.tensor2d(real, [rows, inputs]),
  fake: tf.tensor2d(fake, [rows, inputs]),
  mix: tf.tensor2d(mix, [rows, 1]),
});
const flat = (tensor: Tensor): number[] => [...tensor.dataSync()];
const number = (tensor: Tensor): number => tensor.dataSync()[0];

/** The net in doubles, from a vector of all parameters in the layout's order. */
function reference(vector: readonly number[]) {
  const sizes = [inputs, ...hidden, 1];
  let at = 0;
  const layers = sizes.slice(1).map((outputs, i) => {
    const matrix = vector.slice(at, at + sizes[i] * outputs);
    at += sizes[i] * outputs;
    const bias = vector.slice(at, at + outputs);
    at += outputs;
    return { bias, matrix, outputs };
  });
  /** The logit of a row and its slope. */
  return (x: readonly number[]) => {
    let value = [...x];
    let jacobian = x.map((_, k) => x.map((__, j) => Number(j === k)));
    layers.forEach(({ bias, matrix, outputs }, l) => {
      const sums = bias.map((b, o) => value.reduce((sum, v, k) => sum + v * matrix[k * outputs + o], b));
      const slopes = bias.map((_, o) =>
        x.map((__, j) => jacobian.reduce((sum, row, k) => sum + row[j] * matrix[k * outputs + o], 0)),
      );
      const isLast = l === layers.length - 1;
      value = isLast ? sums : sums.map(Math.tanh);
      jacobian = isLast ? slopes : slopes.map((row, o) => row.map(s => s * (1 - value[o] ** 2)));
    });
    return { logit: value[0], slope: jacobian[0] };
  };
}

/** All parts of the loss in doubles. */
function lossOf(vector: readonly number[]) {
  const net = reference(vector);
  const split = (column: ArrayLike<number>) =>
    Array.from({ length: rows }, (_, r) => Array.from(column).slice(r * inputs, (r + 1) * inputs));
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const lengths = split(between).map(x => Math.hypot(...net(x).slope));
  const ofReal = mean(split(real).map(x => Math.log1p(Math.exp(-net(x).logit))));
  const ofFake = mean(split(fake).map(x => Math.log1p(Math.exp(net(x).logit))));
  const penalty = mean(lengths.map(n => (n - 1) ** 2));
  return { real: ofReal, fake: ofFake, penalty, slope: mean(lengths), lengths };
}

const start = (): number[] => flat(toVector(onDevice()));

test('the parts of the loss are those worked out in doubles', () => {
  const seen = discriminatorLoss(onDevice(), batch());
  const expected = lossOf(start());
  // Slopes on both sides of one, else the test says little.
  expect(Math.min(...expected.lengths)).toBeLessThan(0.9);
  expect(Math.max(...expected.lengths)).toBeGreaterThan(1.1);
  for (const part of ['real', 'fake', 'penalty', 'slope'] as const)
    expect(number(seen[part])).toBeCloseTo(expected[part], 5);
  expect(number(seen.loss)).toBeCloseTo(expected.real + expected.fake + 10 * expected.penalty, 4);
});

test('the gradient of the penalty is the numerical one of the second order, in doubles', () => {
  const { gradient } = valueAndGrad(
    (params: Discriminator<Tensor>) => discriminatorLoss(params, batch()),
    onDevice(),
  );
  const vector = start();
  const total = (at: readonly number[]) => {
    const { real: ofReal, fake: ofFake, penalty } = lossOf(at);
    return ofReal + ofFake + 10 * penalty;
  };
  const numerical = vector.map((_, k) => {
    const moved = (by: number) => total(vector.map((w, j) => (j === k ? w + by : w)));
    return (moved(1e-5) - moved(-1e-5)) / 2e-5;
  });
  const length = Math.hypot(...numerical);
  const error = Math.hypot(...flat(gradient).map((g, k) => g - numerical[k]));
  expect(error / length).toBeLessThan(2e-3);
  // Without the penalty it would be another.
  const bare = valueAndGrad(
    (params: Discriminator<Tensor>) => discriminatorLoss(params, batch(), { weight: 0 }),
    onDevice(),
  );
  expect(Math.hypot(...flat(bare.gradient).map((g, k) => g - numerical[k])) / length).toBeGreaterThan(0.2);
});

test('halving the step of the extra passes makes the gradient four times as exact', () => {
  const at = (step: number) =>
    flat(
      valueAndGrad(
        (params: Discriminator<Tensor>) => discriminatorLoss(params, batch(), { step }),
        onDevice(),
      ).gradient,
    );
  const [coarse, middle, fine] = [0.4, 0.2, 0.02].map(at);
  const error = (from: readonly number[]) => Math.hypot(...from.map((g, k) => g - fine[k]));
  expect(error(coarse) / error(middle)).toBeGreaterThan(3);
  expect(error(coarse) / error(middle)).toBeLessThan(5);
});

test('accuracy counts both sides, and the logit is the reward', () => {
  const layer = { weights: tf.tensor2d([[1], [0], [0]]), bias: tf.tensor1d([0]) };
  const side = (values: readonly number[]) =>
    tf.tensor2d(
      values.flatMap(x => [x, 0, 0]),
      [values.length, 3],
    );
  const seen = discriminatorLoss([layer], {
    real: side([2, -1]),
    fake: side([-2, -3]),
    mix: tf.zeros([2, 1]),
  });
  expect(number(seen.accuracy)).toBe(0.75);
  expect(number(seen.penalty)).toBeCloseTo(0, 6);
  expect(flat(discriminatorLogits([layer], side([2, -1])))).toEqual([2, -1]);
});
