import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { embedding, type HostTensor, labelCrossEntropy, type Tensor, tf } from '../../tensors/index.ts';
import type { LanguageModelConfig } from './config.ts';
import type { GuessSums } from './loss.ts';

/** The settings of an adaptive softmax. */
export type AdaptiveConfig = NonNullable<LanguageModelConfig['adaptive']>;

/**
 * The output layer for large vocabularies (Grave et al., 2017): frequent tokens, the head, have logits of their own; rarer ones are told in
 * two steps, first their cluster, as one more logit of the head, then the token within it, from a hidden state that is the smaller the
 * rarer they are. Tokens are numbered by falling frequency. Not tied to the embedding.
 */
export interface AdaptiveSoftmax<T> {
  /** [width, head + clusters] */
  readonly head: T;
  /** Of each cluster: to its smaller size, [width, size], and to its tokens, [size, tokens]. */
  readonly tails: readonly { readonly down: T; readonly out: T }[];
}

/** The first token of each cluster, and behind the last one how many tokens there are. @throws where cutoffs do not ascend */
export function clusterBounds({ cutoffs }: AdaptiveConfig, vocabulary: number): readonly number[] {
  const bounds = [...cutoffs, vocabulary];
  if (bounds.every((bound, i) => bound > (bounds[i - 1] ?? 0))) return bounds;
  throw usageError(
    `cutoffs: expected numbers that ascend from 1 to below ${vocabulary}, got ${cutoffs.join(', ')}`,
  );
}

/** The initial weights, normally distributed. */
export function adaptiveSoftmaxInit(
  random: Random,
  width: number,
  vocabulary: number,
  config: AdaptiveConfig,
  deviation = 0.02,
): AdaptiveSoftmax<HostTensor> {
  const bounds = clusterBounds(config, vocabulary);
  const matrix = (rows: number, columns: number): HostTensor => {
    const data = new Float32Array(rows * columns);
    random.fillNormal(data);
    return { shape: [rows, columns], data: data.map(value => value * deviation) };
  };
  const [head = 0] = bounds;
  return {
    head: matrix(width, head + bounds.length - 1),
    tails: bounds.slice(1).map((end, i) => {
      const size = Math.max(1, Math.floor(width / config.divisor ** (i + 1)));
      return { down: matrix(width, size), out: matrix(size, end - (bounds[i] ?? 0)) };
    }),
  };
}

/** Parameters of the output layer. */
interface Output {
  readonly adaptive: AdaptiveSoftmax<Tensor>;
  /** [vocabulary] */
  readonly bias: Tensor;
}

/** The bias of tokens from one number up to another. */
const biasOf = (bias: Tensor, from: number, size: number): Tensor => tf.slice(bias, [from], [size]);

function parts({ adaptive, bias }: Output) {
  const clusters = adaptive.tails.length;
  const size = (adaptive.head.shape[1] ?? 0) - clusters;
  let from = size;
  return {
    size,
    /** @param hidden [rows, width] @returns [rows, head + clusters] */
    headLogits: (hidden: Tensor): Tensor => {
      const own = tf.concat([biasOf(bias, 0, size), tf.zeros([clusters])]);
      return tf.add(tf.matMul(hidden as tf.Tensor2D, adaptive.head as tf.Tensor2D), own);
    },
    tails: adaptive.tails.map(({ down, out }) => {
      const tokens = out.shape[1] ?? 0;
      const own = biasOf(bias, from, tokens);
      from += tokens;
      return (hidden: Tensor): Tensor =>
        tf.add(tf.matMul(tf.matMul(hidden as tf.Tensor2D, down as tf.Tensor2D), out as tf.Tensor2D), own);
    }),
  };
}

/** log p of every token, for judging and for continuing texts: all clusters are worked out. @param hidden [rows, width] @returns [rows, vocabulary] */
export function adaptiveLogProbabilities(params: Output, hidden: Tensor): Tensor {
  const { size, headLogits, tails } = parts(params);
  const rows = hidden.shape[0] ?? 0;
  const logs = tf.logSoftmax(headLogits(hidden));
  return tf.concat(
    [
      tf.slice(logs, [0, 0], [rows, size]),
      ...tails.map((logits, i) =>
        tf.add(tf.logSoftmax(logits(hidden)), tf.slice(logs, [0, size + i], [rows, 1])),
      ),
    ],
    1,
  );
}

/** What is to be guessed, cluster by cluster. */
export interface ClusterTargets<T> {
  /** [rows], int32: the token, or the head's number of its cluster; −1: nothing is to be guessed */
  readonly head: T;
  /** Of each cluster: the rows that have a token of it, and the token's number within; behind those row 0 with −1. */
  readonly tails: readonly { readonly rows: T; readonly targets: T }[];
}

/**
 * Sorts what is to be guessed by clusters, so that each is worked out for its own rows only.
 * @param next [rows]; −1: nothing is to be guessed
 * @param room places that each cluster has at least. A cluster that needs more gets a power of two: a program is compiled for every
 *   size that it meets, and there should be few. Default 16
 */
export function clusterTargets(
  next: Int32Array,
  config: AdaptiveConfig,
  vocabulary: number,
  room = 16,
): ClusterTargets<HostTensor> {
  const bounds = clusterBounds(config, vocabulary);
  const [size = 0] = bounds;
  const found = bounds.slice(1).map(() => ({ rows: [] as number[], targets: [] as number[] }));
  const head = next.map((id, row) => {
    if (id < size) return id;
    const cluster = bounds.findIndex(bound => id < bound) - 1;
    found[cluster]?.rows.push(row);
    found[cluster]?.targets.push(id - (bounds[cluster] ?? 0));
    return size + cluster;
  });
  return {
    head: { shape: [next.length], data: head },
    tails: found.map(({ rows, targets }) => {
      const places = Math.max(room, 2 ** Math.ceil(Math.log2(Math.max(1, rows.length))));
      const all = new Int32Array(places).fill(-1);
      const at = new Int32Array(places);
      all.set(targets);
      at.set(rows);
      return { rows: { shape: [places], data: at }, targets: { shape: [places], data: all } };
    }),
  };
}

/**
 * How guesses do, with each cluster worked out for its own rows only. A guess is right where the likeliest of the head's is, and within a
 * cluster the likeliest of its.
 * @param hidden [rows, width]
 */
export function adaptiveSums(params: Output, hidden: Tensor, targets: ClusterTargets<Tensor>): GuessSums {
  const { size, headLogits, tails } = parts(params);
  const sum = (truth: Tensor) => tf.sum(tf.cast(truth, 'float32'));
  const logits = headLogits(hidden);
  const said = tf.argMax(logits, 1);
  const rightInHead = tf.logicalAnd(tf.equal(said, targets.head), tf.less(targets.head, size));
  let nats = tf.sum(labelCrossEntropy(logits, targets.head));
  let right = sum(rightInHead);
  tails.forEach((tail, i) => {
    const { rows, targets: within } = targets.tails[i] as { rows: Tensor; targets: Tensor };
    const own = tail(embedding({ table: hidden }, rows));
    nats = tf.add(nats, tf.sum(labelCrossEntropy(own, within)));
    const cluster = tf.gather(tf.cast(said, 'float32'), rows as tf.Tensor1D);
    const both = tf.logicalAnd(tf.equal(tf.argMax(own, 1), within), tf.equal(cluster, size + i));
    right = tf.add(right, sum(both));
  });
  return { nats, right, counted: sum(tf.greaterEqual(targets.head, 0)) };
}
