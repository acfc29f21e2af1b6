import type { Random } from '../../core/random.ts';
import {
  adamInit,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { descend, integers, normal } from './train.ts';

/** A convolution's parameters: weights [height, width, inputs, outputs]. */
type Convolution<T> = Dense<T>;

const CLASSES = 10;

/** Classifying grey images: 3×3×16, pool, 3×3×32, pool, 10 classes. @param size of a side; a multiple of 4 */
export const convCase = (batch = 64, size = 28) =>
  defineCase({
    name: `conv ${size}×${size}, 3×3×16-pool-3×3×32-pool-${CLASSES}, batch ${batch}`,
    program: 'conv',
    state(random) {
      const params = {
        first: convolutionInit(random, 1, 16),
        second: convolutionInit(random, 16, 32),
        out: denseInit(random, (size / 4) ** 2 * 32, CLASSES, { init: 'glorot' }),
      };
      return { params, optimizer: adamInit(params) };
    },
    inputs: random => ({
      images: normal(random, [batch, size, size, 1]),
      labels: integers(random, [batch], CLASSES),
      learningRate: 1e-3,
    }),
    step: ({ params, optimizer, images, labels, learningRate }) =>
      descend(params, optimizer, learningRate, ({ first, second, out }) => {
        const features = block(second, block(first, images));
        return crossEntropy(dense(out, tf.reshape(features, [batch, -1])), labels, CLASSES);
      }),
  });

function convolutionInit(random: Random, inputs: number, outputs: number): Convolution<HostTensor> {
  const { weights, bias } = denseInit(random, 9 * inputs, outputs, { init: 'he' });
  return { weights: { shape: [3, 3, inputs, outputs], data: weights.data }, bias };
}

/** Convolution, ReLU, the largest of each 2×2. @param x [batch, height, width, inputs] */
function block({ weights, bias }: Convolution<Tensor>, x: Tensor): Tensor {
  const sums = tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, 1, 'same');
  return tf.maxPool(tf.relu(tf.add(sums, bias)) as tf.Tensor4D, 2, 2, 'valid');
}

/** Mean of −log softmax(logits)[label]. @param logits [rows, classes] @param labels int32 [rows] */
export function crossEntropy(logits: Tensor, labels: Tensor, classes: number): Tensor {
  const chosen = tf.cast(tf.oneHot(labels as tf.Tensor1D, classes), 'float32');
  return tf.neg(tf.mean(tf.sum(tf.mul(chosen, tf.logSoftmax(logits)), 1)));
}
