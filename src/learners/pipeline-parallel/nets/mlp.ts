import { z } from 'zod';
import { parseOrThrow } from '../../../core/errors.ts';
import {
  type Dense,
  dense,
  denseInit,
  dropout,
  type HostTensor,
  labelCrossEntropy,
  type Tensor,
  tf,
} from '../../../tensors/index.ts';
import type { NetRef, SequentialLayer, SequentialNet } from '../contract.ts';
import { layerOf } from './layer.ts';

const count = z.int().positive();

/** The size and the form of the residual MLP. */
export const residualMlpSettings = z.strictObject({
  inputs: count.default(64).describe('Numbers a row.'),
  width: count.default(128).describe('Units of each layer.'),
  depth: count.default(12).describe('Layers in front of the last one, which gives the logits.'),
  classes: count.min(2).default(10).describe('Labels are below this.'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Share of what each residual layer adds that is dropped.'),
});
/** `residualMlpSettings` as they are written. */
export type ResidualMlpSettings = z.input<typeof residualMlpSettings>;

/**
 * relu(W₁ x), then y + relu(W y) for all layers but the last, then logits: what the method's page cuts into stages. Weights
 * are He's (He et al., 2015), those of residual layers times 1 / √depth, so that sums stay about as large as their first part; the
 * last layer's times ½.
 */
export function residualMlp(settings: unknown): SequentialNet {
  const { inputs, width, depth, classes, dropout } = parseOrThrow(residualMlpSettings, settings, 'settings');
  const layers = Array.from({ length: depth }, (_, i) =>
    i === 0
      ? firstLayer(inputs, width)
      : residualLayer(`layer ${i + 1}`, width, 1 / Math.sqrt(depth), dropout),
  );
  return {
    layers: [...layers, logitsLayer(width, classes)],
    input: { shape: [inputs], dtype: 'float32' },
    targets: [],
    loss: labelCrossEntropy,
  };
}

/** Names it for a pipeline. */
export const residualMlpRef = (settings: ResidualMlpSettings): NetRef => ({
  module: import.meta.url,
  name: 'residualMlp',
  settings,
});

const firstLayer = (inputs: number, width: number): SequentialLayer =>
  layerOf<Dense<HostTensor>, Dense<Tensor>>({
    name: 'layer 1',
    init: random => denseInit(random, inputs, width, { init: 'he' }),
    apply: (params, x) => ({ y: dense(params, x, 'relu') }),
  });

const residualLayer = (name: string, width: number, gain: number, rate: number): SequentialLayer =>
  layerOf<Dense<HostTensor>, Dense<Tensor>>({
    name,
    ...(rate > 0 && { noise: [width] }),
    init: random => denseInit(random, width, width, { init: 'he', gain }),
    apply(params, x, { noise }) {
      const added = dense(params, x, 'relu');
      return { y: tf.add(x, noise ? dropout(added, noise, rate) : added) };
    },
  });

const logitsLayer = (width: number, classes: number): SequentialLayer =>
  layerOf<Dense<HostTensor>, Dense<Tensor>>({
    name: 'logits',
    init: random => denseInit(random, width, classes, { init: 'he', gain: 0.5 }),
    apply: (params, x) => ({ y: dense(params, x) }),
  });
