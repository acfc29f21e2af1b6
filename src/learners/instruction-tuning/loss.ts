import { labelCrossEntropy, type Tensor, tf } from '../../tensors/index.ts';
import {
  type LanguageModel,
  type LanguageModelConfig,
  nextTokenLogits,
  readTokens,
} from '../language-model/index.ts';

/**
 * Σ mask · −log p(token | those before it) / max(Σ mask, 1): what a model says where the mask is 0 counts nothing.
 * @param logits [rows, length − 1, vocabulary]: place t says token t + 1
 * @param ids [rows, length], int32
 * @param lossMask [rows, length]; its first column is not read
 */
export function targetLoss(logits: Tensor, ids: Tensor, lossMask: Tensor): Tensor {
  const [rows, length] = ids.shape as [number, number];
  const places = rows * (length - 1);
  const wanted = tf.reshape(tf.slice(ids, [0, 1], [rows, length - 1]), [places]);
  const mask = tf.reshape(tf.slice(lossMask, [0, 1], [rows, length - 1]), [places]);
  const losses = labelCrossEntropy(tf.reshape(logits, [places, logits.shape[2] ?? 1]), wanted);
  return tf.div(tf.sum(tf.mul(mask, losses)), tf.maximum(tf.sum(mask), 1));
}

/** `targetLoss` of a model on rows. */
export function modelLoss(
  params: LanguageModel<Tensor>,
  config: LanguageModelConfig,
  { ids, lossMask }: { readonly ids: Tensor; readonly lossMask: Tensor },
): Tensor {
  const [rows, length] = ids.shape as [number, number];
  const { hidden } = readTokens(params, tf.slice(ids, [0, 0], [rows, length - 1]), config);
  return targetLoss(nextTokenLogits(params, hidden), ids, lossMask);
}
