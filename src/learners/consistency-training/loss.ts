import { categoricalKl, labelCrossEntropy, stopGradient, type Tensor, tf } from '../../tensors/index.ts';

/** Logarithms are taken of probabilities of at least this: below it there is nothing left to a float32. */
const leastProbability = 1e-30;

/**
 * The supervised part, with training signal annealing: Σ mask · CE / max(Σ mask, 1), where mask is 0 for examples whose own
 * class already has a probability above `eta`, else 1 (Xie et al. 2020, eq. of section 2.4). The mask has no gradient.
 * All masked: 0.
 * @param logits [rows, classes]
 * @param labels [rows], int32
 * @param eta the threshold, a scalar; 1 masks nothing
 * @returns `loss`, and `kept`, the share of rows that count
 */
export function supervisedLoss(logits: Tensor, labels: Tensor, eta: Tensor) {
  const crossEntropy = labelCrossEntropy(logits, labels);
  const known = tf.greater(tf.exp(tf.neg(stopGradient(crossEntropy))), eta);
  const mask = tf.cast(tf.logicalNot(known), 'float32');
  const loss = tf.div(tf.sum(tf.mul(mask, crossEntropy)), tf.maximum(tf.sum(mask), 1));
  return { loss, kept: tf.mean(mask) };
}

/**
 * Logits of the sharpened distribution softmax(z / τ), from the probabilities softmax(z).
 * @param p [rows, classes], probabilities
 * @param tau the temperature, a scalar above 0; 1 leaves the distribution as it is
 */
export const sharpened = (p: Tensor, tau: Tensor): Tensor =>
  tf.div(tf.log(tf.maximum(p, leastProbability)), tau);

/** Which rows are sure of their class: max p > β, strictly, by the probabilities as they are. @returns [rows], 0 or 1 */
export const confident = (p: Tensor, beta: Tensor): Tensor =>
  tf.cast(tf.greater(tf.max(p, -1), beta), 'float32');

/**
 * mean over all rows of mask · KL(target ‖ student): those that are masked count in the mean, as zeros.
 * @param targetLogits [rows, classes]
 * @param logits of the student, [rows, classes]
 * @param mask [rows]
 */
export const maskedDivergence = (targetLogits: Tensor, logits: Tensor, mask: Tensor): Tensor =>
  tf.mean(tf.mul(mask, categoricalKl(targetLogits, logits)));

/** What the teacher says of originals, and how it is taken. */
export interface Targets {
  /** softmax(z_u), neither sharpened nor masked, [rows, classes] */
  readonly p: Tensor;
  /** τ: temperature of the targets. A scalar; 1: as they are. */
  readonly tau: Tensor;
  /** β: targets whose largest probability is not above it count nothing. A scalar; 0: all count. */
  readonly beta: Tensor;
}

/**
 * The consistency part (Xie et al. 2020, section 2.2; sharpening and masking as in the original's code): the mean over all
 * unlabelled rows of 1[max p > β] · KL(sharpened p ‖ softmax(z_u')). No gradient reaches the target; the student's side is
 * not sharpened. The paper writes a cross-entropy: the gradient is the same, this value is less by the targets' entropy.
 * @param logits of the augmented examples, z_u', [rows, classes]
 * @returns `loss`; `kept`, the share of rows that count; `sureness`, the mean of max p
 */
export function consistencyLoss(logits: Tensor, targets: Targets) {
  const p = stopGradient(targets.p);
  const mask = confident(p, targets.beta);
  return {
    loss: maskedDivergence(sharpened(p, targets.tau), logits, mask),
    kept: tf.mean(mask),
    sureness: tf.mean(tf.max(p, -1)),
  };
}

/** The mean entropy of predictions on originals, in nats: minimised where labels are few. @param logits z_u, [rows, classes] */
export const predictionEntropy = (logits: Tensor): Tensor =>
  tf.neg(tf.mean(tf.sum(tf.mul(tf.softmax(logits), tf.logSoftmax(logits)), -1)));
