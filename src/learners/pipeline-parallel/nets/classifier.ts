import { z } from 'zod';
import { parseOrThrow } from '../../../core/errors.ts';
import {
  type Convolution,
  conv2d,
  conv2dInit,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  labelCrossEntropy,
  maxPool2d,
  type Tensor,
  tf,
} from '../../../tensors/index.ts';
import { classifierNet } from '../../classifier/index.ts';
import type { NetRef, SequentialLayer, SequentialNet } from '../contract.ts';
import { layerOf } from './layer.ts';

const count = z.int().positive();

/** A classifier of the other methods, and what it looks at. */
export const classifierSettings = z.strictObject({
  net: classifierNet.describe('What it is made of.'),
  shape: z.array(count).min(1).describe('Of one sample.'),
  classes: count.min(2).default(10).describe('Labels are below this.'),
});
/** `classifierSettings` as they are written. */
export type ClassifierSettings = z.input<typeof classifierSettings>;

/** What `classify` computes, layer by layer: so a pipeline learns what the learners of other methods learn. */
export function sequentialClassifier(settings: unknown): SequentialNet {
  const { net, shape, classes } = parseOrThrow(classifierSettings, settings, 'settings');
  const layers: SequentialLayer[] = [];
  let inputs = shape.reduce((product, n) => product * n, 1);
  if (net.kind === 'conv') {
    let [rows, columns, channels] = shape;
    net.channels.forEach((outputs, i) => {
      layers.push(convolutionLayer(`convolution ${i + 1}`, channels, outputs));
      [rows, columns, channels] = [Math.ceil(rows / 2), Math.ceil(columns / 2), outputs];
    });
    inputs = rows * columns * channels;
  }
  const outputs = [...net.hidden, classes];
  outputs.forEach((units, i) => {
    const before = i === 0 ? inputs : outputs[i - 1];
    layers.push(denseLayer(`dense ${i + 1}`, before, units, i < net.hidden.length));
  });
  return { layers, input: { shape, dtype: 'float32' }, targets: [], loss: labelCrossEntropy };
}

/** Names it for a pipeline. */
export const sequentialClassifierRef = (settings: ClassifierSettings): NetRef => ({
  module: import.meta.url,
  name: 'sequentialClassifier',
  settings,
});

const convolutionLayer = (name: string, inputs: number, outputs: number): SequentialLayer =>
  layerOf<Convolution<HostTensor>, Convolution<Tensor>>({
    name,
    init: random => conv2dInit(random, 3, inputs, outputs, { init: 'he' }),
    apply: (params, x) => ({
      y: maxPool2d(conv2d(params, x, { activation: 'relu' }), { padding: 'same' }),
    }),
  });

const denseLayer = (name: string, inputs: number, outputs: number, hidden: boolean): SequentialLayer =>
  layerOf<Dense<HostTensor>, Dense<Tensor>>({
    name,
    init: random => denseInit(random, inputs, outputs, { init: 'he' }),
    apply: (params, x) => ({
      y: dense(params, tf.reshape(x, [-1, inputs]), hidden ? 'relu' : 'linear'),
    }),
  });
