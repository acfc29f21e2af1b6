import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import * as tf from '../ops.ts';
import { withOwnGradient } from './own-gradient.ts';

/**
 * −Σ targets · log softmax(logits), a row.
 * @param logits [rows, classes]
 * @param targets [rows, classes], float32: the wanted probabilities, e.g. one-hot
 * @param smoothing this share of each target goes to all classes evenly (Szegedy et al., 2016). Default 0
 * @returns [rows]
 */
export function softmaxCrossEntropy(logits: Tensor, targets: Tensor, smoothing = 0): Tensor {
  const classes = logits.shape[1]!;
  const wanted = smoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - smoothing), smoothing / classes);
  const [loss] = withOwnGradient(
    { logits, wanted },
    inputs => {
      const logs = tf.logSoftmax(inputs.logits);
      return { output: tf.neg(tf.sum(tf.mul(inputs.wanted, logs), 1)), saved: [logs] };
    },
    (dy, inputs, [logs]) => {
      const slope = tf.reshape(dy, [-1, 1]);
      return {
        logits: () => {
          // Σ targets is one for probabilities, but a row of zeros (a masked one) must have no gradient.
          const total = tf.sum(inputs.wanted, 1, true);
          return tf.mul(slope, tf.sub(tf.mul(tf.exp(logs), total), inputs.wanted));
        },
        wanted: () => tf.neg(tf.mul(slope, logs)),
      };
    },
  );
  return loss;
}

/**
 * The same for labels instead of probabilities.
 * @param logits [rows, classes]
 * @param labels [rows], int32; one outside of the classes (−1, say) is no label: its loss is zero, with smoothing that of even targets
 * @returns [rows]
 */
export function labelCrossEntropy(logits: Tensor, labels: Tensor, smoothing = 0): Tensor {
  if (labels.dtype !== 'int32') {
    throw usageError(`labelCrossEntropy: labels: expected int32, got ${labels.dtype}`);
  }
  const classes = logits.shape[1]!;
  const even = smoothing / classes;
  const targets = tf.oneHot(labels, classes, 1 - smoothing + even, even, 'float32');
  return softmaxCrossEntropy(logits, targets);
}

/**
 * −targets · log sigmoid(logits) − (1 − targets) · log(1 − sigmoid(logits)), each element by itself.
 * @param targets of the logits' shape, within [0, 1]
 * @param smoothing moves the targets towards ½ by this share. Default 0
 * @returns the logits' shape
 */
export function sigmoidCrossEntropy(logits: Tensor, targets: Tensor, smoothing = 0): Tensor {
  const wanted = smoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - smoothing), smoothing / 2);
  const [loss] = withOwnGradient(
    { logits, wanted },
    inputs => ({
      output: tf.sub(tf.softplus(inputs.logits), tf.mul(inputs.logits, inputs.wanted)),
      saved: [],
    }),
    (dy, inputs) => ({
      logits: () => tf.mul(dy, tf.sub(tf.sigmoid(inputs.logits), inputs.wanted)),
      wanted: () => tf.neg(tf.mul(dy, inputs.logits)),
    }),
  );
  return loss;
}

/** The mean of (predictions − targets)². @param targets of the predictions' shape @returns a scalar */
export const meanSquaredError = (predictions: Tensor, targets: Tensor): Tensor =>
  tf.mean(tf.square(tf.sub(predictions, targets)));

/**
 * ½ e² for errors e within ±delta, delta · (|e| − ½ delta) beyond (Huber, 1964), each element by itself.
 * @param targets of the predictions' shape
 * @returns the predictions' shape
 */
export function huberLoss(predictions: Tensor, targets: Tensor, delta = 1): Tensor {
  const [loss] = withOwnGradient(
    { error: tf.sub(predictions, targets) },
    ({ error }) => {
      const clipped = tf.clipByValue(error, -delta, delta);
      return { output: tf.mul(clipped, tf.sub(error, tf.mul(clipped, 0.5))), saved: [clipped] };
    },
    (dy, _inputs, [clipped]) => ({ error: () => tf.mul(dy, clipped) }),
  );
  return loss;
}

/** Independent normal distributions: both of one shape, [..., size]. */
export interface DiagonalGaussian {
  readonly mean: Tensor;
  /** The standard deviations, above 0. */
  readonly std: Tensor;
}

/** KL(q ‖ p) of diagonal Gaussians, summed over the last axis. @returns [...] */
export function gaussianKl(q: DiagonalGaussian, p: DiagonalGaussian): Tensor {
  const [kl] = withOwnGradient(
    { qMean: q.mean, qStd: q.std, pMean: p.mean, pStd: p.std },
    ({ qMean, qStd, pMean, pStd }) => {
      const ratio = tf.div(qStd, pStd);
      const apart = tf.div(tf.sub(qMean, pMean), pStd);
      const squares = tf.add(tf.square(ratio), tf.square(apart));
      // Σ ½ (ratio² + apart² − 1) − ln ratio
      const terms = tf.sub(tf.mul(tf.sub(squares, 1), 0.5), tf.log(ratio));
      return { output: tf.sum(terms, -1), saved: [ratio, apart] };
    },
    (dy, { qStd, pStd }, [ratio, apart]) => {
      const slope = tf.expandDims(dy, -1);
      const perStd = tf.div(slope, pStd);
      const dMean = tf.mul(perStd, apart);
      return {
        qMean: () => dMean,
        pMean: () => tf.neg(dMean),
        qStd: () => tf.sub(tf.mul(perStd, ratio), tf.div(slope, qStd)),
        pStd: () => tf.mul(perStd, tf.sub(1, tf.add(tf.square(ratio), tf.square(apart)))),
      };
    },
  );
  return kl;
}

/** KL(p ‖ q) of categorical distributions, given as logits [..., classes]. @returns [...] */
export function categoricalKl(pLogits: Tensor, qLogits: Tensor): Tensor {
  const [kl] = withOwnGradient(
    { pLogits, qLogits },
    inputs => {
      const qLogs = tf.logSoftmax(inputs.qLogits);
      const apart = tf.sub(tf.logSoftmax(inputs.pLogits), qLogs);
      const p = tf.softmax(inputs.pLogits);
      const output = tf.sum(tf.mul(p, apart), -1);
      return { output, saved: [output, p, apart, qLogs] };
    },
    (dy, _inputs, [total, p, apart, qLogs]) => {
      const slope = tf.expandDims(dy, -1);
      return {
        pLogits: () => tf.mul(slope, tf.mul(p, tf.sub(apart, tf.expandDims(total, -1)))),
        qLogits: () => tf.mul(slope, tf.sub(tf.exp(qLogs), p)),
      };
    },
  );
  return kl;
}
