import { type Tensor, tf } from '../../tensors/index.ts';
import type { Actions } from '../shared/distributions.ts';

/** A minibatch of B rows. */
export interface PpoBatch {
  /** [B × O], raw */
  readonly observations: Tensor;
  /** [B × A] */
  readonly actions: Tensor;
  /** log π_old(a|s), [B] */
  readonly logProbs: Tensor;
  /** V_old(s), [B] */
  readonly values: Tensor;
  /** [B] */
  readonly advantages: Tensor;
  /** What values should have been: advantage + V_old, [B] */
  readonly returns: Tensor;
  /** How much each row counts for the policy, [B]; only where the policy that acted is older than π_old. */
  readonly importance?: Tensor;
}

/** The part of `PpoConfig` that the loss reads; each field means there what it means here. */
export interface PpoLossSettings {
  readonly normalizeAdvantages: boolean;
  readonly clipValues: number | null;
  readonly valueCoefficient: number;
  readonly entropyCoefficient: number;
}

/**
 * PPO's loss (Schulman et al. 2017, eq. 9):
 *
 *     ratio  = π(a|s) / π_old(a|s)
 *     policy = −mean min(ratio · A, clip(ratio, 1 − ε, 1 + ε) · A)
 *     value  = ½ mean (V − R)²
 *     loss   = policy + c_v · value − c_e · entropy
 *
 * The rest are figures to watch; `approxKl` is mean(ratio − 1 − log ratio), Schulman's low-variance estimate of
 * KL(π_old ‖ π).
 * @param clip ε, a scalar
 */
export function ppoLoss(
  batch: PpoBatch,
  actions: Actions,
  values: Tensor,
  clip: Tensor,
  settings: PpoLossSettings,
) {
  const normalized = settings.normalizeAdvantages ? standardize(batch.advantages) : batch.advantages;
  const advantages = batch.importance ? tf.mul(normalized, batch.importance) : normalized;
  const logRatio = tf.sub(actions.logProb(batch.actions), batch.logProbs);
  const ratio = tf.exp(logRatio);
  // min(ratio · A, clip(ratio) · A) in fewer operations: the second term is only ever the smaller one where it has
  // reached its bound, which is A + ε|A| (Achiam, "Simplified PPO-Clip objective", 2018).
  const bound = tf.add(advantages, tf.mul(tf.abs(advantages), clip));
  const policyLoss = tf.neg(tf.mean(tf.minimum(tf.mul(ratio, advantages), bound)));
  const valueLoss = valueLossOf(values, batch, settings.clipValues);
  const entropy = tf.mean(actions.entropy());

  let loss = tf.add(policyLoss, tf.mul(valueLoss, settings.valueCoefficient));
  if (settings.entropyCoefficient !== 0) {
    loss = tf.sub(loss, tf.mul(entropy, settings.entropyCoefficient));
  }
  const outside = tf.greater(tf.abs(tf.sub(ratio, 1)), clip);
  return {
    loss,
    policyLoss,
    valueLoss,
    entropy,
    approxKl: tf.mean(tf.sub(tf.sub(ratio, 1), logRatio)),
    clipFraction: tf.mean(tf.cast(outside, 'float32')),
  };
}

/** ½ (V − R)²; with a clip the larger of it and of ½ (V_old + clip(V − V_old) − R)². */
function valueLossOf(values: Tensor, { values: old, returns }: PpoBatch, clip: number | null): Tensor {
  const free = tf.square(tf.sub(values, returns));
  if (clip === null) return tf.mul(tf.mean(free), 0.5);
  const near = tf.add(old, tf.clipByValue(tf.sub(values, old), -clip, clip));
  return tf.mul(tf.mean(tf.maximum(free, tf.square(tf.sub(near, returns)))), 0.5);
}

/** To mean 0 and sample deviation 1, as torch's `std` has it (divided by B − 1). */
function standardize(values: Tensor): Tensor {
  const centred = tf.sub(values, tf.mean(values));
  const variance = tf.div(tf.sum(tf.square(centred)), Math.max(1, values.size - 1));
  return tf.div(centred, tf.add(tf.sqrt(variance), 1e-8));
}

/**
 * The loss's estimate of KL(π_old ‖ π) where log-probabilities are on the host: mean(ratio − 1 − log ratio), in float64.
 * @param logProbs log π(a|s), [rows]
 * @param old log π_old(a|s), [rows]
 */
export function klOf(logProbs: Float32Array, old: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < logProbs.length; i++) {
    const logRatio = logProbs[i] - old[i];
    sum += Math.expm1(logRatio) - logRatio;
  }
  return sum / logProbs.length;
}
