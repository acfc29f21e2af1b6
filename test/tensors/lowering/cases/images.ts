import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { check, fixed, floats, type Given, kernel } from './case.ts';

type X = Tensor4D;
type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu';

const image = floats([2, 5, 6, 3]);
const filter = floats([3, 2, 3, 4], -0.7, 0.7);
const forEach = floats([3, 2, 3, 2], -0.7, 0.7);

const fused = (activation: Activation) => [
  check(`fused conv2d, ${activation}`, [image, filter, floats([4])], (x: X, f: X, bias: Tensor) =>
    tf.fused.conv2d({ x, filter: f, strides: 1, pad: 'same', bias, activation, leakyreluAlpha: 0.3 }),
  ),
  check(`fused depthwiseConv2d, ${activation}`, [image, forEach, floats([6])], (x: X, f: X, bias: Tensor) =>
    tf.fused.depthwiseConv2d({
      x,
      filter: f,
      strides: 1,
      pad: 'valid',
      bias,
      activation,
      leakyreluAlpha: 0.3,
    }),
  ),
];

type Pool = (x: X) => Tensor;

const pools = (name: string, pool: typeof tf.maxPool) => [
  check(`${name} of tiles`, [floats([2, 4, 6, 3])], ((x: X) => pool(x, 2, 2, 'valid')) as Pool),
  check(`${name} of tiles with a rest`, [floats([1, 5, 7, 2])], ((x: X) =>
    pool(x, [2, 3], [2, 3], 'valid')) as Pool),
  check(`${name} of windows that overlap`, [floats([2, 5, 6, 2])], ((x: X) =>
    pool(x, 3, 1, 'valid')) as Pool),
  check(`${name} of windows that overlap, with a rest`, [floats([1, 6, 6, 2])], ((x: X) =>
    pool(x, 3, 2, 'valid')) as Pool),
  check(`${name} of windows with padding`, [floats([1, 5, 5, 2])], ((x: X) => pool(x, 3, 2, 'same')) as Pool),
  check(`${name} of windows with a number of padding`, [floats([1, 4, 5, 2])], ((x: X) =>
    pool(x, 3, 1, 1)) as Pool),
  check(`${name} of windows with gaps`, [floats([1, 7, 7, 2])], ((x: X) => pool(x, 2, 3, 'valid')) as Pool),
  check(`${name} of one element`, [floats([1, 3, 3, 2])], ((x: X) => pool(x, 1, 1, 'valid')) as Pool),
];

type Resize = typeof tf.image.resizeBilinear;

const resizes = (name: string, resize: Resize) => [
  check(`${name}, larger`, [floats([1, 3, 3, 2])], (x: X) => resize(x, [5, 7])),
  check(`${name} of a batch`, [floats([2, 3, 3, 2])], (x: X) => resize(x, [5, 4])),
  check(`${name}, smaller`, [floats([1, 6, 6, 2])], (x: X) => resize(x, [3, 4])),
  check(`${name}, corners aligned`, [floats([1, 4, 4, 2])], (x: X) => resize(x, [7, 6], true)),
  check(`${name}, half pixels`, [floats([1, 4, 4, 2])], (x: X) => resize(x, [7, 3], false, true)),
  check(`${name}, not square`, [floats([1, 3, 5, 2])], (x: X) => resize(x, [4, 4])),
];

const normalized = (name: string, parts: Record<string, Given>) =>
  check(
    name,
    [floats([2, 3, 4]), floats([4]), floats([4], 0.2, 1), ...Object.values(parts)],
    (x: Tensor, mean: Tensor, variance: Tensor, ...rest: Tensor[]) => {
      const given = Object.fromEntries(Object.keys(parts).map((part, i) => [part, rest[i] as never]));
      return tf.batchNorm(x, mean as never, variance as never, given['offset'], given['scale'], 0.01);
    },
  );

export const imageCases = [
  check('conv2d', [image, filter], (x: X, f: X) => tf.conv2d(x, f, 1, 'valid')),
  check('conv2d with padding', [image, filter], (x: X, f: X) => tf.conv2d(x, f, 1, 'same')),
  check('conv2d with strides', [image, filter], (x: X, f: X) => tf.conv2d(x, f, [2, 3], 'same')),
  check('conv2d with strides and a rest', [floats([1, 6, 6, 3]), filter], (x: X, f: X) =>
    tf.conv2d(x, f, 2, 'valid'),
  ),
  check('conv2d with a number of padding', [image, filter], (x: X, f: X) =>
    tf.conv2d(x, f, 2, 1, 'NHWC', 1, 'floor'),
  ),
  check('conv2d with a large filter', [floats([2, 9, 10, 2]), floats([5, 4, 2, 3])], (x: X, f: X) =>
    tf.conv2d(x, f, 1, 'same'),
  ),
  check(
    'conv2d with a large filter, strides and a rest',
    [floats([2, 13, 12, 2]), floats([5, 5, 2, 3])],
    (x: X, f: X) => tf.conv2d(x, f, [3, 2], 'valid'),
  ),
  check(
    'conv2d with a large filter, the channels first',
    [floats([2, 2, 9, 10]), floats([5, 4, 2, 3])],
    (x: X, f: X) => tf.conv2d(x, f, 2, 'same', 'NCHW'),
  ),
  check('conv2d with many channels', [floats([1, 4, 4, 16]), floats([3, 3, 16, 2])], (x: X, f: X) =>
    tf.conv2d(x, f, 1, 'same'),
  ),
  check('conv2d with dilation', [image, filter], (x: X, f: X) => tf.conv2d(x, f, 1, 'valid', 'NHWC', 2)),
  check('conv2d of single elements', [image, floats([1, 1, 3, 4])], (x: X, f: X) =>
    tf.conv2d(x, f, 1, 'valid'),
  ),
  check('conv2d of single elements with strides', [image, floats([1, 1, 3, 4])], (x: X, f: X) =>
    tf.conv2d(x, f, 2, 'valid'),
  ),
  check('conv2d with the channels first', [floats([2, 3, 5, 6]), filter], (x: X, f: X) =>
    tf.conv2d(x, f, 1, 'same', 'NCHW'),
  ),
  check(
    'conv2d of single elements with the channels first',
    [floats([2, 3, 5, 6]), floats([1, 1, 3, 4])],
    (x: X, f: X) => tf.conv2d(x, f, 1, 'same', 'NCHW'),
  ),
  check('conv2d with strides beyond the filter', [image, floats([2, 2, 3, 4])], (x: X, f: X) =>
    tf.conv2d(x, f, [3, 4], 'valid'),
  ),
  check('conv2d with more padding than the filter is long', [image, floats([2, 1, 3, 4])], (x: X, f: X) =>
    tf.conv2d(x, f, 1, 2, 'NHWC', 1, 'floor'),
  ),
  ...[tf.relu, tf.leakyRelu, tf.elu, tf.sigmoid, tf.abs].map((activation: (x: Tensor) => Tensor) =>
    check(
      `conv2d, bias, ${activation.name.replace('_', '')}, maxPool, twice`,
      [floats([3, 8, 9, 1], -1, 1), floats([3, 3, 1, 4], -1, 1), floats([4]), floats([2, 2, 4, 3], -1, 1)],
      (x: X, first: X, bias: Tensor, second: X) => {
        const pooled = tf.maxPool(
          activation(tf.add(tf.conv2d(x, first, 1, 'same'), bias)) as X,
          2,
          2,
          'valid',
        );
        return tf.maxPool(activation(tf.conv2d(pooled, second, 1, 'same')) as X, [2, 3], [2, 3], 'valid');
      },
    ),
  ),
  check(
    'conv2d of one image, bias, relu, maxPool',
    [floats([1, 4, 6, 2], -1, 1), floats([3, 3, 2, 4], -1, 1), floats([4])],
    (x: X, f: X, bias: Tensor) =>
      tf.maxPool(tf.relu(tf.add(tf.conv2d(x, f, 1, 'same'), bias)) as X, 2, 2, 'valid'),
  ),
  check(
    'maxPool of what relu made equal takes none of it',
    [fixed(new Array<number>(32).fill(-1), [2, 4, 4, 1]), floats([1, 1, 1, 1], 0.5, 1), floats([3, 3, 1, 2])],
    (x: X, scale: X, f: X) =>
      tf.maxPool(tf.relu(tf.mul(tf.conv2d(x, tf.abs(f) as X, 1, 'same'), scale)) as X, 2, 2, 'valid'),
  ),
  check(
    'conv2d beside its input, normalised, and means over places',
    [floats([2, 4, 5, 3]), floats([3, 3, 3, 3]), floats([3]), floats([1, 4, 5, 3])],
    (x: X, f: X, scale: Tensor, shift: X) => {
      const sums = tf.conv2d(x, f, 1, 'same');
      const { mean, variance } = tf.moments(sums, [0, 1, 2]);
      const normal = tf.div(tf.sub(sums, mean), tf.sqrt(tf.add(variance, 0.1)));
      const beside = tf.add(tf.add(x, tf.mul(normal, scale)), shift);
      return [beside, tf.mean(tf.square(beside), [1, 2]), tf.max(sums, 3), tf.sum(sums, [0, 2], true)];
    },
  ),
  check(
    'conv2d of single elements after another',
    [image, filter, floats([1, 1, 4, 2])],
    (x: X, f: X, second: X) => tf.conv2d(tf.tanh(tf.conv2d(x, f, 1, 'valid')) as X, second, 1, 'valid'),
  ),
  check('conv1d', [floats([2, 7, 3]), floats([3, 3, 4])], (x: never, f: never) => tf.conv1d(x, f, 2, 'same')),
  check('conv2dTranspose', [floats([2, 3, 4, 4]), floats([3, 2, 3, 4])], (x: X, f: X) =>
    tf.conv2dTranspose(x, f, [2, 6, 8, 3], 2, 'same'),
  ),
  check('depthwiseConv2d', [image, forEach], (x: X, f: X) => tf.depthwiseConv2d(x, f, 1, 'valid')),
  check('depthwiseConv2d with padding and strides', [image, forEach], (x: X, f: X) =>
    tf.depthwiseConv2d(x, f, 2, 'same'),
  ),
  check('depthwiseConv2d with dilation', [image, forEach], (x: X, f: X) =>
    tf.depthwiseConv2d(x, f, 1, 'valid', 'NHWC', 2),
  ),
  check('separableConv2d', [image, forEach, floats([1, 1, 6, 2])], (x: X, d: X, p: X) =>
    tf.separableConv2d(x, d, p, 1, 'same'),
  ),
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).flatMap(fused),
  ...pools('maxPool', tf.maxPool),
  check('maxPool takes the first of equals', [fixed(new Array<number>(16).fill(1), [1, 4, 4, 1])], (x: X) =>
    tf.maxPool(x, 2, 2, 'valid'),
  ),
  check(
    'maxPool of windows that overlap takes the first of equals',
    [fixed(new Array<number>(16).fill(1), [1, 4, 4, 1])],
    (x: X) => tf.maxPool(x, 3, 1, 'same'),
  ),
  ...pools('avgPool', tf.avgPool),
  ...resizes('resizeBilinear', tf.image.resizeBilinear),
  ...resizes('resizeNearestNeighbor', tf.image.resizeNearestNeighbor),
  check('localResponseNormalization', [floats([2, 3, 3, 7])], (x: X) =>
    tf.localResponseNormalization(x, 2, 1, 0.5, 0.75),
  ),
  check('softmax', [floats([3, 5])], (x: Tensor) => tf.softmax(x)),
  check('softmax kernel over another axis', [floats([3, 5])], (x: Tensor) =>
    kernel('Softmax', { logits: x }, { dim: 1 }),
  ),
  check('logSoftmax', [floats([2, 3, 5])], (x: Tensor) => tf.logSoftmax(x)),
  check('softmaxCrossEntropy', [floats([4, 3], 0, 1), floats([4, 3])], (labels: Tensor, logits: Tensor) =>
    tf.losses.softmaxCrossEntropy(labels, logits),
  ),
  normalized('batchNorm', { offset: floats([4]), scale: floats([4]) }),
  normalized('batchNorm without scale', { offset: floats([4]) }),
  normalized('batchNorm without offset', { scale: floats([4]) }),
  normalized('batchNorm without both', {}),
];
