import { labelCrossEntropy, type Tensor, tf } from '../../tensors/index.ts';

/** How guesses of next tokens do: sums over the tokens that count, scalars. */
export interface GuessSums {
  /** Of cross-entropies, nats. */
  readonly nats: Tensor;
  /** Of those whose likeliest guess is right. */
  readonly right: Tensor;
  /** Of those that count. */
  readonly counted: Tensor;
}

/**
 * How logits do against what came next.
 * @param logits [..., vocabulary]
 * @param next [...], int32; −1: not to be guessed
 */
export function guessSums(logits: Tensor, next: Tensor): GuessSums {
  const rows = tf.reshape(logits, [next.size, logits.shape[logits.rank - 1] ?? 1]);
  const labels = tf.reshape(next, [next.size]);
  const sum = (truth: Tensor) => tf.sum(tf.cast(truth, 'float32'));
  return {
    nats: tf.sum(labelCrossEntropy(rows, labels)),
    right: sum(tf.equal(tf.argMax(rows, 1), labels)),
    counted: sum(tf.greaterEqual(labels, 0)),
  };
}

/** Bits of nats: 1.2 nats are 1.731234 bits. */
export const bitsOf = (nats: number): number => nats / Math.LN2;
