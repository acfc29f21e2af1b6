import { softmaxCrossEntropy, stopGradient, type Tensor, tf } from '../../tensors/index.ts';

/** Which rows have a label: 1 or 0, [rows, 1]. @param y [rows, classes], zeros where there is none */
export const isLabelled = (y: Tensor): Tensor => tf.cast(tf.greater(tf.sum(y, 1, true), 0.5), 'float32');

/**
 * Labels for the rows that have none, from the discriminator's own predictor, which learns nothing by that.
 * @param y [rows, classes], zeros where there is no label
 * @param logits [rows, classes] of the predictor
 * @param soft its probabilities instead of its first choice
 */
export function imputed(y: Tensor, logits: Tensor, soft: boolean): Tensor {
  const fixed = stopGradient(logits);
  const guess = soft
    ? tf.softmax(fixed)
    : tf.oneHot(tf.argMax(fixed, 1), logits.shape[1] ?? 0, 1, 0, 'float32');
  return tf.add(y, tf.mul(guess, tf.sub(1, isLabelled(y))));
}

/**
 * The predictor's cross-entropy over the labelled rows, divided by how many there are; 0 where there are none.
 * @param y [rows, classes], zeros where there is no label
 */
export function classLoss(logits: Tensor, y: Tensor): Tensor {
  const total = tf.sum(softmaxCrossEntropy(logits, y));
  return tf.div(total, tf.maximum(tf.sum(isLabelled(y)), 1));
}
