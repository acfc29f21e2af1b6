import { z } from 'zod';
import { parseOrThrow } from '../../../core/errors.ts';
import {
  type Affine,
  affineInit,
  batchNorm,
  type Convolution,
  conv2d,
  conv2dInit,
  type Dense,
  dense,
  denseInit,
  globalAvgPool,
  type HostTensor,
  labelCrossEntropy,
  maxPool2d,
  type Tensor,
  tf,
} from '../../../tensors/index.ts';
import type { NetRef, SequentialLayer, SequentialNet } from '../contract.ts';
import { layerOf } from './layer.ts';

const count = z.int().positive();

/** The size and the form of the convolutional net. */
export const convNetSettings = z.strictObject({
  side: count.min(4).default(14).describe('Pixels a side, one channel.'),
  channels: z
    .array(count)
    .min(1)
    .default([8, 16, 16])
    .describe('Of each 3 × 3 convolution; behind the first two, a 2 × 2 maximum.'),
  norm: z.boolean().default(true).describe('Whether batch norm stands behind each convolution.'),
  classes: count.min(2).default(10).describe('Labels are below this.'),
});
/** `convNetSettings` as they are written. */
export type ConvNetSettings = z.input<typeof convNetSettings>;

/**
 * Convolutions, each with batch norm and ReLU, the mean over the image, and logits. Batch norm is deferred: it normalises by the
 * micro-batch and gives sums of what it saw, from which moving statistics are made once a mini-batch (torchgpipe).
 */
export function convNet(settings: unknown): SequentialNet {
  const { side, channels, norm, classes } = parseOrThrow(convNetSettings, settings, 'settings');
  const layers: SequentialLayer[] = [];
  let [size, before] = [side, 1];
  channels.forEach((outputs, i) => {
    layers.push(convolutionLayer(`convolution ${i + 1}`, before, outputs, norm ? 'linear' : 'relu'));
    if (norm) layers.push(normLayer(`norm ${i + 1}`, outputs, size * size));
    if (i < 2) {
      layers.push(poolLayer(`pool ${i + 1}`));
      size = Math.ceil(size / 2);
    }
    before = outputs;
  });
  return {
    layers: [...layers, logitsLayer(before, classes)],
    input: { shape: [side, side, 1], dtype: 'float32' },
    targets: [],
    loss: labelCrossEntropy,
  };
}

/** Names it for a pipeline. */
export const convNetRef = (settings: ConvNetSettings): NetRef => ({
  module: import.meta.url,
  name: 'convNet',
  settings,
});

const convolutionLayer = (
  name: string,
  inputs: number,
  outputs: number,
  activation: 'linear' | 'relu',
): SequentialLayer =>
  layerOf<Convolution<HostTensor>, Convolution<Tensor>>({
    name,
    init: random => conv2dInit(random, 3, inputs, outputs, { init: 'he' }),
    apply: (params, x) => ({ y: conv2d(params, x, { activation }) }),
  });

/** Batch norm and ReLU. @param perRow values that a row has of each channel */
const normLayer = (name: string, channels: number, perRow: number): SequentialLayer =>
  layerOf<Affine<HostTensor>, Affine<Tensor>>({
    name,
    statistics: { channels, perRow },
    init: () => affineInit(channels),
    apply(params, x, { statistics }) {
      if (statistics) {
        const [mean, variance] = tf.unstack(statistics);
        return { y: tf.relu(batchNorm(params, { mean, variance }, x, { training: false }).y) };
      }
      const none = { mean: tf.zeros([channels]), variance: tf.ones([channels]) };
      const rows = tf.reshape(x, [-1, channels]);
      return {
        y: tf.relu(batchNorm(params, none, x, { training: true }).y),
        sums: tf.stack([tf.sum(rows, 0), tf.sum(tf.square(rows), 0)]),
      };
    },
  });

const poolLayer = (name: string): SequentialLayer =>
  layerOf<object, object>({
    name,
    init: () => ({}),
    apply: (_, x) => ({ y: maxPool2d(x, { padding: 'same' }) }),
  });

const logitsLayer = (channels: number, classes: number): SequentialLayer =>
  layerOf<Dense<HostTensor>, Dense<Tensor>>({
    name: 'logits',
    init: random => denseInit(random, channels, classes),
    apply: (params, x) => ({ y: dense(params, globalAvgPool(x)) }),
  });
