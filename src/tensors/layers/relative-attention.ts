import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { attend, causalMask, headSize } from './attention.ts';
import { initialWeights } from './initializers.ts';
import { rowsOfChannels } from './normalization.ts';
import { stopGradient } from './own-gradient.ts';

/** The parameters of Transformer-XL's relative attention; no projection has a bias. */
export interface RelativeAttention<T> {
  /** [width, width] */
  readonly query: T;
  /** [width, 2 · width]: keys and values */
  readonly keyValue: T;
  /** [width, width]: of the distances */
  readonly distance: T;
  /** [width, width] */
  readonly output: T;
  /** [heads, 1, size]: what each head wants of any content (u in the paper) */
  readonly contentBias: T;
  /** [heads, 1, size]: what each head wants of any distance (v in the paper) */
  readonly distanceBias: T;
}

/** The initial parameters of relative attention, normally distributed. @param deviation default 0.02, the paper's */
export function relativeAttentionInit(
  random: Random,
  width: number,
  heads: number,
  deviation = 0.02,
): RelativeAttention<HostTensor> {
  const size = headSize('relativeAttentionInit', width, heads);
  const matrix = (outputs: number): HostTensor => ({
    shape: [width, outputs],
    data: initialWeights(random, width, outputs, 'normal', deviation),
  });
  const bias = (): HostTensor => ({
    shape: [heads, 1, size],
    data: initialWeights(random, heads, size, 'normal', deviation),
  });
  return {
    query: matrix(width),
    keyValue: matrix(2 * width),
    distance: matrix(width),
    output: matrix(width),
    contentBias: bias(),
    distanceBias: bias(),
  };
}

/**
 * Sinusoids of positions: sines in the first half of each row, cosines in the second (Transformer-XL does not interleave
 * them), of frequencies 10000^(−2k / size).
 * @returns [positions, size]
 */
export function sinusoids(positions: readonly number[], size: number): HostTensor {
  const half = Math.ceil(size / 2);
  const data = new Float32Array(positions.length * size);
  positions.forEach((position, row) => {
    for (let column = 0; column < size; column++) {
      const angle = position * 10000 ** ((-2 * (column % half)) / size);
      data[row * size + column] = column < half ? Math.sin(angle) : Math.cos(angle);
    }
  });
  return { shape: [positions.length, size], data };
}

/**
 * Moves row i of scores by distance to scores by key: with columns for the distances keys − 1 down to 0, element (i, j) of the
 * result is the score of distance i + keys − queries − j. Where that is negative (a key in the future) the result is
 * meaningless and has to be masked.
 * @param x [rows, queries, keys]
 * @returns [rows, queries, keys]
 */
export function relativeShift(x: Tensor): Tensor {
  const [rows, queries, keys] = x.shape as [number, number, number];
  // With a zero before each row, reading the same memory in rows of another length moves each row by one more.
  const padded = tf.reshape(
    tf.pad(x, [
      [0, 0],
      [0, 0],
      [1, 0],
    ]),
    [rows, keys + 1, queries],
  );
  return tf.reshape(tf.slice(padded, [0, 1, 0], [rows, keys, queries]), [rows, queries, keys]);
}

/** How relative attention scores. */
export interface RelativeScores {
  readonly heads: number;
  /** Broadcasts to [heads, batch, length, remembered + length]. Default: causal, the whole memory visible. */
  readonly mask?: Tensor | undefined;
  /** Distances beyond this one count as this one. Default: none do. */
  readonly clamp?: number | undefined;
}

/** What relative attention takes beside its input. */
export interface RelativeAttentionOptions extends RelativeScores {
  /**
   * [batch, remembered, width]: this layer's inputs of earlier segments; no gradient flows into it. Default: none. A memory that is
   * not yet full needs a `mask` for its empty places.
   */
  readonly memory?: Tensor | undefined;
}

/**
 * Causal self-attention with relative positions and a memory (Dai et al., 2019): the score of a query for a key at distance d is
 * ((q + u) · k + (q + v) · r_d) / √size, r_d a projection of the sinusoids of d.
 * @param x [batch, length, width]
 * @returns [batch, length, width]
 */
export function relativeAttention(
  params: RelativeAttention<Tensor>,
  x: Tensor,
  options: RelativeAttentionOptions,
): Tensor {
  const { memory } = options;
  return relativeAttentionOver(params, x, memory ? tf.concat([stopGradient(memory), x], 1) : x, options);
}

/** The same over a context that ends in `x`. @param context [batch, keys, width] */
export function relativeAttentionOver(
  params: RelativeAttention<Tensor>,
  x: Tensor,
  context: Tensor,
  { heads, mask, clamp = Number.POSITIVE_INFINITY }: RelativeScores,
): Tensor {
  const [batch, length, width] = x.shape as [number, number, number];
  const size = headSize('relativeAttention', width, heads);
  const keys = context.shape[1]!;
  const product = (a: Tensor, b: Tensor) => tf.matMul(rowsOfChannels(a) as tf.Tensor2D, b as tf.Tensor2D);
  // Heads first, then the batch: the distances' keys are the same for the whole batch, so that its rows can be
  // multiplied with them as one matrix a head.
  const q = tf.transpose(tf.reshape(product(x, params.query), [batch * length, heads, size]), [1, 0, 2]);
  const byContent = tf.reshape(tf.add(q, params.contentBias), [heads, batch, length, size]);
  const byDistance = tf.mul(tf.add(q, params.distanceBias), 1 / Math.sqrt(size));
  const [k, v] = tf.unstack(
    tf.transpose(
      tf.reshape(product(context, params.keyValue), [batch, keys, 2, heads, size]),
      [2, 3, 0, 1, 4],
    ),
  );
  const distances = Array.from({ length: keys }, (_, i) => Math.min(clamp, keys - 1 - i));
  const waves = sinusoids(distances, width);
  const r = tf.reshape(product(tf.tensor(waves.data, [keys, width]), params.distance), [keys, heads, size]);
  const scores = tf.matMul(byDistance, tf.transpose(r, [1, 2, 0]));
  const bias = tf.reshape(relativeShift(tf.reshape(scores, [heads * batch, length, keys])), [
    heads,
    batch,
    length,
    keys,
  ]);
  const seen = attend(byContent, k, v, { bias, mask: mask ?? causalMask(length, keys) });
  return tf.reshape(
    product(tf.reshape(tf.transpose(seen, [1, 2, 0, 3]), [-1, width]), params.output),
    x.shape,
  );
}

/**
 * A layer's memory after a segment: the last `length` of what it held and what it now saw; a constant to gradients.
 * @param memory [batch, remembered, width]
 * @param x [batch, segment, width]
 * @param length default: as many as before
 */
export function nextMemory(memory: Tensor, x: Tensor, length = memory.shape[1]!): Tensor {
  const all = tf.concat([memory, x], 1);
  const [batch, seen, width] = all.shape as [number, number, number];
  return stopGradient(tf.slice(all, [0, seen - length, 0], [batch, length, width]));
}
