import { huberLoss, stopGradient, type Tensor, tf } from '../../tensors/index.ts';

/** A batch of B rows, as a replay draws them. */
export interface DqnBatch {
  /** [B × O] */
  readonly observations: Tensor;
  /** [B × 1], int32 */
  readonly actions: Tensor;
  /** Σ γᵏ r over n steps, [B] */
  readonly rewards: Tensor;
  /** γⁿ, and 0 where the episode terminated, [B] */
  readonly discounts: Tensor;
  /** After the n steps, [B × O] */
  readonly nextObservations: Tensor;
  /** Importance weights of prioritised draws, 1 for even ones, [B] */
  readonly weights: Tensor;
}

/** The part of `DqnConfig` that the loss reads; each field means there what it means here. */
export interface DqnLossSettings {
  readonly loss: 'huber' | 'squared';
}

/**
 * What Q(s, a) should be, [B] (Mnih et al. 2015; van Hasselt et al. 2016, eq. 4):
 *
 *     y = R + discount · Q_target(s', argmaxₐ chooser(s', a))
 *
 * `chooser` is the online network's values in double DQN, the target network's in DQN: then it is max Q_target(s', ·).
 * @param chooser [B × n]
 * @param judge Q_target(s', ·), [B × n]
 */
export function targetsOf(
  { rewards, discounts }: Pick<DqnBatch, 'rewards' | 'discounts'>,
  chooser: Tensor,
  judge: Tensor,
): Tensor {
  const next = chooser === judge ? tf.max(judge, 1) : chosen(judge, tf.argMax(chooser, 1));
  return stopGradient(tf.add(rewards, tf.mul(discounts, next)));
}

/**
 * DQN's loss over rows weighed by importance (Schaul et al. 2016, algorithm 1, as a mean over the batch):
 *
 *     e = y − Q(s, a)
 *     loss = mean(weight · ℓ(e)),   ℓ(e) = ½ e² within ± 1 and |e| − ½ beyond (huber), or ½ e² (squared)
 *
 * @param values Q(s, ·) of the online network, [B × n]
 * @param targets y, [B]: no gradient flows into them
 * @returns `loss`, `errors`: |e|, [B], and figures to watch
 */
export function dqnLoss(
  { actions, weights }: Pick<DqnBatch, 'actions' | 'weights'>,
  values: Tensor,
  targets: Tensor,
  { loss }: DqnLossSettings,
) {
  const taken = chosen(values, tf.reshape(actions, [-1]));
  const errors = tf.sub(targets, taken);
  const each = loss === 'huber' ? huberLoss(taken, targets) : tf.mul(tf.square(errors), 0.5);
  return {
    loss: tf.mean(tf.mul(weights, each)),
    errors: tf.abs(errors),
    value: tf.mean(taken),
  };
}

/** The value of one action a row, [B]. @param actions [B], int32 */
function chosen(values: Tensor, actions: Tensor): Tensor {
  const taken = tf.oneHot(actions as tf.Tensor1D, values.shape[1] ?? 0);
  return tf.sum(tf.mul(values, tf.cast(taken, 'float32')), 1);
}
