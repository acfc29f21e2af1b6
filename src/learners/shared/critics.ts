import type { Random } from '../../core/random.ts';
import {
  type Activation,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';

/** Two networks of dense layers for Q(s, a), which share nothing. */
export type Critics<T> = readonly [Mlp<T>, Mlp<T>];

/** What critics learn from: B rows. Actions are within ±1. */
export interface CriticBatch {
  /** [B × O] */
  readonly observations: Tensor;
  /** [B × A] */
  readonly actions: Tensor;
  /** Importance weights, [B] */
  readonly weights: Tensor;
}

/** Fresh critics, each layer as `torch.nn.Linear` starts it. */
export function initCritics(
  random: Random,
  observationSize: number,
  actionSize: number,
  hidden: readonly number[],
): Critics<HostTensor> {
  const critic = (index: number) =>
    mlpInit(random.split(index), [observationSize + actionSize, ...hidden, 1], { init: 'torch' });
  return [critic(0), critic(1)];
}

/** Q(s, a) of one critic, [B]. */
export const criticValue = (
  critic: Mlp<Tensor>,
  observations: Tensor,
  actions: Tensor,
  activation: Activation,
): Tensor => tf.reshape(mlp(critic, tf.concat([observations, actions], 1), activation), [-1]);

/** Q(s, a) of both critics, [B] each. */
export const criticValues = (
  [first, second]: Critics<Tensor>,
  observations: Tensor,
  actions: Tensor,
  activation: Activation,
): readonly [Tensor, Tensor] => [
  criticValue(first, observations, actions, activation),
  criticValue(second, observations, actions, activation),
];

/** The smaller of both critics' values, [B]: what keeps them from believing too much (Fujimoto et al. 2018). */
export const leastOf = ([first, second]: readonly [Tensor, Tensor]): Tensor => tf.minimum(first, second);

/**
 * Σ over both critics of mean w (Q(s, a) − y)².
 * @param targets y, [B]
 * @returns also the mean of both critics' |Q − y| by row, [B], and the mean value
 */
export function criticLoss(
  critics: Critics<Tensor>,
  { observations, actions, weights }: CriticBatch,
  targets: Tensor,
  activation: Activation,
) {
  const [first, second] = criticValues(critics, observations, actions, activation);
  const [gap, other] = [tf.sub(first, targets), tf.sub(second, targets)];
  const squares = tf.add(tf.square(gap), tf.square(other));
  return {
    loss: tf.mean(tf.mul(weights, squares)),
    errors: tf.mul(tf.add(tf.abs(gap), tf.abs(other)), 0.5),
    value: tf.mean(first),
  };
}

/** The length of a gradient vector. TensorFlow.js's `norm` takes powers, which are slow. */
export const lengthOf = (gradient: Tensor): Tensor => tf.sqrt(tf.sum(tf.square(gradient)));
