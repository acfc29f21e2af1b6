import { type Tensor, tf } from '../../tensors/index.ts';

/** How a classifier does on some samples: sums over them, scalars. */
export interface ClassificationSums {
  /** Of 1 − the probability of the right class: the soft error (Nakkiran et al., 2021). */
  readonly soft: Tensor;
  /** Of samples whose largest logit is that of a wrong class. */
  readonly hard: Tensor;
  /** Of the cross-entropies, in nats. */
  readonly loss: Tensor;
}

/**
 * How logits do against labels, summed over samples.
 * @param logits [samples, classes]
 * @param labels [samples], int32
 * @param counted [samples], 1 for those that count, 0 for others. Default: all
 */
export function classificationSums(logits: Tensor, labels: Tensor, counted?: Tensor): ClassificationSums {
  const classes = logits.shape[logits.rank - 1];
  const oneHot = tf.oneHot(labels as tf.Tensor1D, classes);
  const logProbability = tf.sum(tf.mul(tf.logSoftmax(logits), tf.cast(oneHot, 'float32')), 1);
  const wrong = tf.cast(tf.notEqual(tf.argMax(logits, 1), labels), 'float32');
  const sum = (values: Tensor) => tf.sum(counted === undefined ? values : tf.mul(values, counted));
  return {
    soft: sum(tf.sub(1, tf.exp(logProbability))),
    hard: sum(wrong),
    loss: sum(tf.neg(logProbability)),
  };
}
