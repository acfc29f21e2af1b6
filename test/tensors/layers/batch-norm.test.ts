import { describe, it } from 'vitest';
import {
  batchNorm,
  conditionalAffineInit,
  conditionalBatchNorm,
  hostTensor,
  runningStatisticsInit,
  type Tensor,
  tf,
} from '../../../src/tensors/index.ts';
import { agreesWithTorch, close, noise, play } from '../fixtures/torch-cases.ts';

type Inputs = Readonly<Record<'x' | 'scale' | 'shift', Tensor>>;

describe('batch norm', () => {
  const shapes = { x: [2, 2, 3, 3], scale: [3], shift: [3] };
  const layer =
    (training: boolean) =>
    ({ x, ...p }: Inputs) => {
      const mean = tf.tensor(noise(50, [3]).data, [3]);
      const variance = tf.add(tf.tensor(noise(51, [3]).data, [3]), 2);
      const { y, statistics } = batchNorm(p, { mean, variance }, x, { training, momentum: 0.2 });
      return [y, statistics.mean, statistics.variance];
    };

  it('in training gives PyTorch’s outputs, gradients and statistics', () =>
    agreesWithTorch('batch norm training', shapes, layer(true)));

  it('in evaluation goes by the statistics and leaves them', () =>
    agreesWithTorch('batch norm evaluation', shapes, layer(false)));
});

describe('conditional batch norm', () => {
  const x = noise(1, [2, 2, 2, 3]);
  const classes = hostTensor(
    [2, 4],
    [0, 0, 1, 0, 0.5, 0.5, 0, 0], // the second example is half of each of two classes
  );

  const normalised = (scale: Tensor, shift: Tensor, input: Tensor) => {
    const { mean, variance } = runningStatisticsInit(3);
    const statistics = { mean: tf.tensor(mean.data, [3]), variance: tf.tensor(variance.data, [3]) };
    const given = tf.tensor(classes.data, [2, 4]);
    return conditionalBatchNorm({ scale, shift }, statistics, input, given, { training: true }).y;
  };

  it('takes each example’s scale and shift from its class', async () => {
    const inputs = { x, scale: noise(2, [4, 3]), shift: noise(3, [4, 3]) };
    const { y, gradients } = await play(inputs, p => normalised(p.scale, p.shift, p.x));
    const { y: plain } = await play({ x }, p => normalised(tf.ones([4, 3]), tf.zeros([4, 3]), p.x));
    const [scale, shift] = [inputs.scale.data, inputs.shift.data];
    const expected = [...plain.data].map((value, i) => {
      const channel = i % 3;
      if (i < 12) return value * scale[6 + channel] + shift[6 + channel];
      const mixed = (table: ArrayLike<number>) => (table[channel] + table[3 + channel]) / 2;
      return value * mixed(scale) + mixed(shift);
    });
    close('y', y.data, expected, 2e-6);
    // ∂/∂shift of the first example's class: the sum of c over its four points, and nothing for the class of none
    const c = noise(99, [24]).data;
    const slopes = [0, 1, 2].map(channel =>
      [0, 1, 2, 3].reduce((sum, point) => sum + c[3 * point + channel], 0),
    );
    close('gradient', Array.from(gradients['shift']).slice(6), [...slopes, 0, 0, 0], 2e-6);
  });

  it('starts as batch norm without a scale and shift', async () => {
    const start = conditionalAffineInit(4, 3);
    const { y } = await play({ x, ...start }, p => normalised(p.scale, p.shift, p.x));
    const sums = [0, 0, 0];
    y.data.forEach((value, i) => {
      sums[i % 3] += value;
    });
    close('sums', sums, [0, 0, 0], 1e-5);
  });
});
