import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { type Dense, type DenseOptions, dense, denseInit } from './dense.ts';
import { rowsOfChannels } from './normalization.ts';
import { withOwnGradient } from './own-gradient.ts';

/** What is added to the score of a key that a query must not see: its share is zero in float32. */
const HIDDEN = -1e9;

/**
 * The mask of causal attention, to add to scores: 0 where a query may see a key, −10⁹ where not. The last query stands at the
 * last key; keys beyond the queries are older (a memory).
 * @param window each query sees only so many keys, itself among them. Default: all up to its own
 * @returns [queries, keys]
 */
export function causalMask(queries: number, keys = queries, window = keys): Tensor {
  if (keys < queries) throw usageError(`causalMask: keys: expected at least ${queries}, got ${keys}`);
  const values = new Float32Array(queries * keys);
  for (let i = 0; i < queries; i++) {
    for (let j = 0; j < keys; j++) {
      const back = i + keys - queries - j;
      if (back < 0 || back >= window) values[i * keys + j] = HIDDEN;
    }
  }
  return tf.tensor(values, [queries, keys]);
}

/** A mask to add to scores from truth values. @param visible any shape, bool or float32: whether a key may be seen */
export const additiveMask = (visible: Tensor): Tensor =>
  tf.mul(tf.sub(tf.cast(visible, 'float32'), 1), -HIDDEN);

/** What may be added to attention's scores before the softmax. */
export interface AttentionBias {
  /** A constant, of a shape that broadcasts to [..., queries, keys], from `causalMask` or `additiveMask`. */
  readonly mask?: Tensor | undefined;
  /** [..., queries, keys], which gets a gradient. */
  readonly bias?: Tensor | undefined;
}

/**
 * softmax(q kᵀ / √size + bias + mask) v (Vaswani et al., 2017). A query that may see no key at all takes the mean of all values.
 * @param q [..., queries, size]
 * @param k [..., keys, size]
 * @param v [..., keys, values]; all three with the same leading axes
 * @returns [..., queries, values]
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, { mask, bias }: AttentionBias = {}): Tensor {
  const scale = 1 / Math.sqrt(q.shape[q.rank - 1]);
  const [y] = withOwnGradient<'q' | 'k' | 'v' | 'bias' | 'mask'>(
    { q, k, v, ...(bias && { bias }), ...(mask && { mask }) } as Record<
      'q' | 'k' | 'v' | 'bias' | 'mask',
      Tensor
    >,
    inputs => {
      let scores = tf.matMul(tf.mul(inputs.q, scale), inputs.k, false, true);
      if (bias) scores = tf.add(scores, inputs.bias);
      if (mask) scores = tf.add(scores, inputs.mask);
      const shares = tf.softmax(scores);
      const output = tf.matMul(shares, inputs.v);
      return { output, saved: [output, shares] };
    },
    (dy, inputs, [output, shares]) => {
      // The softmax's gradient needs Σ shares · dShares over the keys, which is Σ dy · y over the (fewer) values.
      const total = tf.sum(tf.mul(dy, output), -1, true);
      const dScores = tf.mul(shares, tf.sub(tf.matMul(dy, inputs.v, false, true), total));
      return {
        q: () => tf.mul(tf.matMul(dScores, inputs.k), scale),
        k: () => tf.mul(tf.matMul(dScores, inputs.q, true), scale),
        v: () => tf.matMul(shares, dy, true),
        bias: () => dScores,
      };
    },
  );
  return y;
}

/** The parameters of multi-head self-attention. */
export interface SelfAttention<T> {
  /** [width, 3 · width]: queries, keys and values, each with its heads side by side */
  readonly queryKeyValue: Dense<T>;
  /** [width, width] */
  readonly output: Dense<T>;
}

/** The initial parameters of self-attention. @param options default `glorot` */
export function selfAttentionInit(
  random: Random,
  width: number,
  options: DenseOptions = {},
): SelfAttention<HostTensor> {
  const { init = 'glorot', gain = 1 } = options;
  return {
    queryKeyValue: denseInit(random, width, 3 * width, { init, gain }),
    output: denseInit(random, width, width, { init, gain }),
  };
}

/**
 * Multi-head self-attention (Vaswani et al., 2017).
 * @param x [batch, length, width]
 * @param heads a divisor of width
 * @param mask a constant that broadcasts to [batch, heads, length, length], e.g. `causalMask(length)`
 * @returns [batch, length, width]
 */
export function selfAttention(
  params: SelfAttention<Tensor>,
  x: Tensor,
  heads: number,
  mask?: Tensor,
): Tensor {
  const [batch, length, width] = x.shape as number[];
  const size = headSize('selfAttention', width, heads);
  const projected = tf.reshape(dense(params.queryKeyValue, rowsOfChannels(x)), [
    batch,
    length,
    3,
    heads,
    size,
  ]);
  const [q, k, v] = tf.unstack(tf.transpose(projected, [2, 0, 3, 1, 4]));
  const seen = tf.transpose(attend(q, k, v, { mask }), [0, 2, 1, 3]);
  return tf.reshape(dense(params.output, tf.reshape(seen, [-1, width])), x.shape);
}

/** The size of each head. @throws where the heads do not divide the width */
export function headSize(layer: string, width: number, heads: number): number {
  if (Number.isInteger(heads) && heads > 0 && width % heads === 0) return width / heads;
  throw usageError(`${layer}: heads: expected a divisor of the width ${width}, got ${heads}`);
}
