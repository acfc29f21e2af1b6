import { type Tensor, tf } from '../../tensors/index.ts';

/**
 * What critics are to say of an action (Haarnoja et al. 2018b, equations 2, 3 and 5), [B]:
 *
 *     y = r + γ (min(Q'₁, Q'₂)(s', a') − α log π(a'|s')),  a' drawn from π(·|s')
 * @param rewards r, of n steps where the replay holds such, [B]
 * @param discounts γⁿ, 0 where the episode terminated, [B]
 * @param nextValues the smaller of both target networks' values, [B]
 * @param nextLogProbs log π(a'|s'), [B]
 * @param alpha α, a scalar
 */
export function softTargets(
  { rewards, discounts }: { readonly rewards: Tensor; readonly discounts: Tensor },
  nextValues: Tensor,
  nextLogProbs: Tensor,
  alpha: Tensor,
): Tensor {
  const soft = tf.sub(nextValues, tf.mul(alpha, nextLogProbs));
  return tf.add(rewards, tf.mul(discounts, soft));
}

/**
 * The policy's loss (equation 9): mean(α log π(a|s) − min(Q₁, Q₂)(s, a)), with a drawn from π so that gradients pass through it.
 * @param logProbs log π(a|s), [B]
 * @param values the smaller of both critics' values, [B]
 * @param alpha α, a scalar
 */
export const policyLoss = (logProbs: Tensor, values: Tensor, alpha: Tensor): Tensor =>
  tf.mean(tf.sub(tf.mul(alpha, logProbs), values));

/**
 * The loss of the entropy coefficient (equation 18): −α mean(log π(a|s) + H), with H the entropy to keep. Its gradient is taken with
 * respect to ln α, so that α stays positive.
 * @param logAlpha ln α, a scalar
 * @param logProbs [B], of actions that the policy draws now
 */
export const entropyCoefficientLoss = (logAlpha: Tensor, logProbs: Tensor, targetEntropy: number): Tensor =>
  tf.neg(tf.mul(tf.exp(logAlpha), tf.mean(tf.add(logProbs, targetEntropy))));
