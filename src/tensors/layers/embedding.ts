import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { initialWeights } from './initializers.ts';
import { rowsOfChannels } from './normalization.ts';
import { withOwnGradient } from './own-gradient.ts';

/** The parameters of an embedding. */
export interface Embedding<T> {
  /** [count, size] */
  readonly table: T;
}

/**
 * The initial vectors of an embedding, normally distributed.
 * @param count how many different ids there are
 * @param size the length of each one's vector
 * @param deviation their standard deviation. Default 0.02, as in GPT and Transformer-XL
 */
export function embeddingInit(
  random: Random,
  count: number,
  size: number,
  deviation = 0.02,
): Embedding<HostTensor> {
  return { table: { shape: [count, size], data: initialWeights(random, count, size, 'normal', deviation) } };
}

/**
 * The vectors of ids. The gradient of the table is the sum of the gradients at each id's places.
 * @param ids [...], int32, from 0 to count − 1
 * @returns [..., size]
 */
export function embedding({ table }: Embedding<Tensor>, ids: Tensor): Tensor {
  if (ids.dtype !== 'int32') throw usageError(`embedding: ids: expected int32, got ${ids.dtype}`);
  const [count] = table.shape;
  const [vectors] = withOwnGradient(
    { table, ids: tf.reshape(ids, [ids.size]) },
    inputs => ({ output: tf.gather(inputs.table, inputs.ids as tf.Tensor1D), saved: [] }),
    (dy, inputs) => ({
      table: () => tf.unsortedSegmentSum(dy, inputs.ids as tf.Tensor1D, count),
    }),
  );
  return tf.reshape(vectors, [...ids.shape, vectors.shape[1]!]);
}

/**
 * What the vectors of an embedding say of a hidden state: x · tableᵀ, the output layer of a language model that shares its input
 * embedding (Press & Wolf, 2017).
 * @param x [..., size]
 * @returns logits [..., count]
 */
export function unembed({ table }: Embedding<Tensor>, x: Tensor): Tensor {
  const logits = tf.matMul(rowsOfChannels(x) as tf.Tensor2D, table as tf.Tensor2D, false, true);
  return tf.reshape(logits, [...x.shape.slice(0, -1), table.shape[0]]);
}
