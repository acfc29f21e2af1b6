import { type Tensor, tf } from '../../tensors/index.ts';

/** Bounds of the logarithm of the deviation, as in Stable-Baselines3 and in the authors' code. */
export const LOG_STD_BOUNDS = [-20, 2] as const;

/** A batch of B distributions over actions within ±1. A numbers an action. */
export interface SquashedGaussian {
  /** Actions [B × A] drawn with standard normal noise [B × A], and their log-densities [B]. */
  sample(noise: Tensor): { readonly actions: Tensor; readonly logProbs: Tensor };
  /** tanh of the means, [B × A]. */
  mode(): Tensor;
}

/**
 * Actions tanh(u) with independent normal u (Haarnoja et al. 2018b, appendix C):
 *
 *     log π(a|s) = Σ log N(u | mean, deviation) − Σ log(1 − tanh²u)
 *
 * The second sum is worked out as 2 (ln 2 − u − softplus(−2u)): the same, and exact where tanh u rounds to ±1.
 * @param outputs of the policy network, [B × 2A]: means, then logarithms of deviations, which are cut to `LOG_STD_BOUNDS`
 */
export function squashedGaussian(outputs: Tensor): SquashedGaussian {
  const [mean, raw] = tf.split(outputs, 2, 1);
  const logStd = tf.clipByValue(raw, ...LOG_STD_BOUNDS);
  return {
    sample(noise) {
      const u = tf.add(mean, tf.mul(tf.exp(logStd), noise));
      const normal = tf.sub(tf.mul(tf.square(noise), -0.5), tf.add(logStd, 0.5 * Math.log(2 * Math.PI)));
      const squash = tf.mul(tf.sub(tf.sub(Math.LN2, u), tf.softplus(tf.mul(u, -2))), 2);
      return { actions: tf.tanh(u), logProbs: tf.sum(tf.sub(normal, squash), 1) };
    },
    mode: () => tf.tanh(mean),
  };
}
