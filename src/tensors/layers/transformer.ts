import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import type { Activation } from './activations.ts';
import { type SelfAttention, selfAttention, selfAttentionInit } from './attention.ts';
import { type DenseOptions, denseInit, type Mlp, mlp } from './dense.ts';
import { type Affine, affineInit, layerNorm, rowsOfChannels } from './normalization.ts';
import { stopGradient } from './own-gradient.ts';
import {
  type RelativeAttention,
  type RelativeAttentionOptions,
  relativeAttention,
  relativeAttentionInit,
  relativeAttentionOver,
} from './relative-attention.ts';

/** The parameters of a transformer's block, with attention of some kind. */
export interface TransformerBlock<T, A = SelfAttention<T>> {
  readonly attention: A;
  /** Of the attention: before it (`pre`) or after its sum (`post`). */
  readonly attentionNorm: Affine<T>;
  /** Two dense layers, width → inner → width. */
  readonly feedForward: Mlp<T>;
  readonly feedForwardNorm: Affine<T>;
}

/** How a block is put together. */
export interface BlockOptions {
  /**
   * `pre` (default): x + f(norm(x)), which trains without a warm-up and wants one more norm after the last block; `post`:
   * norm(x + f(x)), as in the original and in Transformer-XL.
   */
  readonly norm?: 'pre' | 'post';
  /** Between the two dense layers. Default `gelu`; the original and Transformer-XL use `relu`. */
  readonly activation?: Activation;
}

/** The initial parameters of a block. @param inner the width between the two dense layers @param options default `glorot` */
export function transformerBlockInit(
  random: Random,
  width: number,
  inner: number,
  options: DenseOptions = {},
): TransformerBlock<HostTensor> {
  return around(random, selfAttentionInit(random, width, options), width, inner, options);
}

/**
 * Self-attention, then a feed-forward net at each place, each with a residual connection and a layer norm (Vaswani et al., 2017).
 * @param x [batch, length, width]
 * @param options `mask`: see `selfAttention`
 * @returns [batch, length, width]
 */
export function transformerBlock(
  params: TransformerBlock<Tensor>,
  x: Tensor,
  options: BlockOptions & { readonly heads: number; readonly mask?: Tensor | undefined },
): Tensor {
  return block(params, x, options, input =>
    selfAttention(params.attention, input, options.heads, options.mask),
  );
}

/** The initial parameters of a block of Transformer-XL: all weights normal. @param deviation default 0.02, the paper's */
export function relativeBlockInit(
  random: Random,
  width: number,
  heads: number,
  inner: number,
  deviation = 0.02,
): TransformerBlock<HostTensor, RelativeAttention<HostTensor>> {
  const attention = relativeAttentionInit(random, width, heads, deviation);
  return around(random, attention, width, inner, { init: 'normal', gain: deviation });
}

/**
 * A block of Transformer-XL (Dai et al., 2019): as `transformerBlock`, with relative attention over a memory. With `pre`, the memory
 * is normalised as the input is.
 * @param x [batch, length, width]
 * @returns [batch, length, width]
 */
export function relativeBlock(
  params: TransformerBlock<Tensor, RelativeAttention<Tensor>>,
  x: Tensor,
  options: BlockOptions & RelativeAttentionOptions,
): Tensor {
  const { memory, norm = 'pre' } = options;
  if (!memory || norm === 'post') {
    return block(params, x, options, input => relativeAttention(params.attention, input, options));
  }
  const remembered = layerNorm(params.attentionNorm, stopGradient(memory));
  return block(params, x, options, input =>
    relativeAttentionOver(params.attention, input, tf.concat([remembered, input], 1), options),
  );
}

function around<A>(
  random: Random,
  attention: A,
  width: number,
  inner: number,
  { init = 'glorot', gain = 1 }: DenseOptions,
): TransformerBlock<HostTensor, A> {
  return {
    attention,
    attentionNorm: affineInit(width),
    feedForward: [
      denseInit(random, width, inner, { init, gain }),
      denseInit(random, inner, width, { init, gain }),
    ],
    feedForwardNorm: affineInit(width),
  };
}

function block(
  params: Omit<TransformerBlock<Tensor>, 'attention'>,
  x: Tensor,
  { norm = 'pre', activation = 'gelu' }: BlockOptions,
  attention: (x: Tensor) => Tensor,
): Tensor {
  const feedForward = (input: Tensor) =>
    tf.reshape(mlp(params.feedForward, rowsOfChannels(input), activation), x.shape);
  const residual = (input: Tensor, around: Affine<Tensor>, f: (input: Tensor) => Tensor) =>
    norm === 'pre' ? tf.add(input, f(layerNorm(around, input))) : layerNorm(around, tf.add(input, f(input)));
  return residual(residual(x, params.attentionNorm, attention), params.feedForwardNorm, feedForward);
}
