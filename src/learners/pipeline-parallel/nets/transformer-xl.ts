import { z } from 'zod';
import { parseOrThrow, usageError } from '../../../core/errors.ts';
import {
  type Affine,
  affineInit,
  causalMask,
  type Dense,
  dense,
  denseInit,
  type Embedding,
  embeddingInit,
  type HostTensor,
  labelCrossEntropy,
  layerNorm,
  nextMemory,
  relativeBlock,
  relativeBlockInit,
  type Tensor,
  tf,
} from '../../../tensors/index.ts';
import { type Block, embedTokens, languageModelConfig } from '../../language-model/index.ts';
import type { NetRef, SequentialLayer, SequentialNet } from '../contract.ts';
import { layerOf } from './layer.ts';

const count = z.int().positive();

/** A language model as a pipeline cuts it. */
export const transformerXlSettings = z.strictObject({
  vocabulary: count.min(2).describe('How many different tokens there are.'),
  segment: count.default(16).describe('Tokens a row.'),
  memory: count.default(16).describe('Inputs of earlier segments that each block keeps.'),
  model: languageModelConfig.prefault({}).describe('Size and form.'),
});
/** `transformerXlSettings` as they are written. */
export type TransformerXlSettings = z.input<typeof transformerXlSettings>;

/**
 * Transformer-XL as a sequential net: an embedding, its blocks, each with its memory, and logits. A row is a segment of a lane; rows
 * of the next mini-batch must go on where those of this one end. Unlike `languageModelInit`'s, its output is untied: the table that
 * reads tokens sits in the first stage, that which says them in the last, and a parameter cannot sit in two.
 */
export function transformerXl(settings: unknown): SequentialNet {
  const parsed = parseOrThrow(transformerXlSettings, settings, 'settings');
  const { vocabulary, segment, model } = parsed;
  const { layers, width, heads, norm } = model;
  if (width % heads !== 0)
    throw usageError(`model.width: expected a multiple of heads = ${heads}, got ${width}`);
  return {
    layers: [
      embeddingLayer(vocabulary, width),
      ...Array.from({ length: layers }, (_, i) => blockLayer(`block ${i + 1}`, parsed)),
      logitsLayer(vocabulary, width, norm === 'pre'),
    ],
    input: { shape: [segment], dtype: 'int32' },
    targets: [segment],
    loss(logits, targets) {
      const losses = labelCrossEntropy(tf.reshape(logits, [-1, vocabulary]), tf.reshape(targets, [-1]));
      return tf.mean(tf.reshape(losses, [-1, segment]), 1);
    },
  };
}

/** Names it for a pipeline. */
export const transformerXlRef = (settings: TransformerXlSettings): NetRef => ({
  module: import.meta.url,
  name: 'transformerXl',
  settings,
});

const embeddingLayer = (vocabulary: number, width: number): SequentialLayer =>
  layerOf<Embedding<HostTensor>, Embedding<Tensor>>({
    name: 'embedding',
    init: random => embeddingInit(random, vocabulary, width),
    apply: (params, ids) => ({ y: embedTokens(params, ids) }),
  });

/**
 * A block with its memory, [rows, memory, width + 1]: the last number of a place says whether it is filled, so that a memory of zeros
 * is an empty one.
 */
const blockLayer = (
  name: string,
  { memory, segment, model: { width, heads, inner, norm, clamp } }: z.output<typeof transformerXlSettings>,
): SequentialLayer =>
  layerOf<Block<HostTensor>, Block<Tensor>>({
    name,
    carries: [memory, width + 1],
    init: random => relativeBlockInit(random, width, heads, inner),
    apply(params, x, { carried }) {
      const rows = x.shape[0];
      const before = carried ?? tf.zeros([rows, memory, width + 1]);
      const filled = tf.slice(before, [0, 0, width], [rows, memory, 1]);
      const own = tf.ones([rows, segment, 1]);
      const seen = tf.reshape(tf.concat([filled, own], 1), [rows, 1, memory + segment]);
      const mask = tf.add(tf.mul(tf.sub(seen, 1), 1e9), causalMask(segment, memory + segment));
      const options = { heads, norm, activation: 'relu', clamp: clamp ?? undefined, mask } as const;
      const remembered = tf.slice(before, [0, 0, 0], [rows, memory, width]);
      return {
        y: relativeBlock(params, x, { ...options, memory: remembered }),
        carried: nextMemory(before, tf.concat([x, own], 2)),
      };
    },
  });

interface Output<T> {
  readonly norm?: Affine<T>;
  readonly dense: Dense<T>;
}

const logitsLayer = (vocabulary: number, width: number, normed: boolean): SequentialLayer =>
  layerOf<Output<HostTensor>, Output<Tensor>>({
    name: 'logits',
    init: random => ({
      ...(normed && { norm: affineInit(width) }),
      dense: denseInit(random, width, vocabulary, { init: 'normal', gain: 0.02 }),
    }),
    apply(params, x) {
      const normed = params.norm ? layerNorm(params.norm, x) : x;
      const [rows, segment] = x.shape;
      const logits = dense(params.dense, tf.reshape(normed, [-1, width]));
      return { y: tf.reshape(logits, [rows, segment, vocabulary]) };
    },
  });
