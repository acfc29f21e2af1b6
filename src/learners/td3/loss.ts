import { type Tensor, tf } from '../../tensors/index.ts';

/**
 * Target policy smoothing (Fujimoto et al. 2018, section 5.3), [B × A]: a = clip(π'(s') + clip(σ · noise, −c, c), −1, 1).
 * @param actions π'(s'), within ±1, [B × A]
 * @param noise standard normal, [B × A]
 */
export const smoothed = (
  actions: Tensor,
  noise: Tensor,
  { targetNoise, targetNoiseClip }: { readonly targetNoise: number; readonly targetNoiseClip: number },
): Tensor => {
  const shift = tf.clipByValue(tf.mul(noise, targetNoise), -targetNoiseClip, targetNoiseClip);
  return tf.clipByValue(tf.add(actions, shift), -1, 1);
};

/**
 * Clipped double Q (section 4.2), [B]: y = r + γ min(Q'₁, Q'₂)(s', a).
 * @param rewards r, of n steps where the replay holds such, [B]
 * @param discounts γⁿ, 0 where the episode terminated, [B]
 * @param nextValues the smaller of both target networks' values, [B]
 */
export const clippedTargets = (
  { rewards, discounts }: { readonly rewards: Tensor; readonly discounts: Tensor },
  nextValues: Tensor,
): Tensor => tf.add(rewards, tf.mul(discounts, nextValues));

/** The policy's loss: −mean Q₁(s, π(s)). @param values Q₁(s, π(s)), [B] */
export const policyLoss = (values: Tensor): Tensor => tf.neg(tf.mean(values));
