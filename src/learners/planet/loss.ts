import { type Tensor, tf } from '../../tensors/index.ts';
import type { Gaussian } from './networks.ts';

const LOG_2PI = Math.log(2 * Math.PI);

/**
 * KL(q ‖ p) of independent normal distributions, summed over their numbers: Σ ln(S/s) + (s² + (m − M)²) / (2 S²) − 1/2.
 * @returns [rows]
 */
export function gaussianKl(q: Gaussian, p: Gaussian): Tensor {
  const ratio = tf.div(q.std, p.std);
  const apart = tf.div(tf.sub(q.mean, p.mean), p.std);
  const terms = tf.sub(tf.mul(tf.add(tf.square(ratio), tf.square(apart)), 0.5), tf.log(ratio));
  return tf.sum(tf.sub(terms, 0.5), 1);
}

/** max(0, KL − free), row by row: before any mean is taken, which would be another method. */
export const aboveFreeNats = (kl: Tensor, free: number): Tensor => tf.relu(tf.sub(kl, free));

/** −ln N(x; mean, I), summed over the numbers of a row. @param x [rows, n] @param mean [rows, n] @returns [rows] */
export const unitNormalLoss = (x: Tensor, mean: Tensor): Tensor =>
  tf.add(tf.mul(tf.sum(tf.square(tf.sub(x, mean)), 1), 0.5), (LOG_2PI * (x.shape[1] as number)) / 2);

/** What the loss of a batch of chunks is made of; rows are steps times chunks. */
export interface PlanetTerms {
  /** Scaled or preprocessed, [rows, O]. */
  readonly observations: Tensor;
  /** What they are predicted as, from the posterior's sample. */
  readonly predictedObservations: Tensor;
  /** Over `rewardUnit`, [rows]. */
  readonly rewards: Tensor;
  readonly predictedRewards: Tensor;
  /** Absent in the deterministic model, which has no KL. */
  readonly posterior?: Gaussian;
  readonly prior?: Gaussian;
  /** The same predictions from the prior's mean: only in the deterministic model, with `priorLikelihood`. */
  readonly fromPrior?: Pick<PlanetTerms, 'predictedObservations' | 'predictedRewards'>;
  /** KL of predictions d = 2 … D steps ahead, only of rows whose prediction starts within the chunk: [rows of d] each. */
  readonly ahead?: readonly Tensor[];
}

/** The weights of the terms. */
export interface PlanetLossSettings {
  readonly observationScale: number;
  readonly rewardScale: number;
  readonly freeNats: number;
  readonly overshooting: { readonly distance: number; readonly beta: number } | null;
}

/**
 * Hafner et al. 2019, eq. 3 and 6 as its code has them: −c_o ln p(o) − c_r ln p(r) + max(0, KL(q ‖ p) − free), and with
 * overshooting 1/D Σ_{d = 2 … D} β max(0, KL(q ‖ p_d) − free). Sums over numbers, means over rows.
 */
export function planetLoss(terms: PlanetTerms, settings: PlanetLossSettings) {
  const { freeNats, observationScale, rewardScale, overshooting } = settings;
  const lossesOf = ({ predictedObservations, predictedRewards }: NonNullable<PlanetTerms['fromPrior']>) => {
    const observationLoss = tf.mean(unitNormalLoss(terms.observations, predictedObservations));
    const rewardLoss = tf.mean(unitNormalLoss(column(terms.rewards), column(predictedRewards)));
    const sum = tf.add(tf.mul(observationLoss, observationScale), tf.mul(rewardLoss, rewardScale));
    return { observationLoss, rewardLoss, sum };
  };
  const { observationLoss, rewardLoss, sum } = lossesOf(terms);
  let loss: Tensor = terms.fromPrior ? tf.add(sum, lossesOf(terms.fromPrior).sum) : sum;
  if (!terms.posterior || !terms.prior) return { loss, observationLoss, rewardLoss };
  const each = gaussianKl(terms.posterior, terms.prior);
  loss = tf.add(loss, tf.mean(aboveFreeNats(each, freeNats)));
  const kl = tf.mean(each);
  // Where this stays at 1, nothing holds the posterior to the prior, and it may carry nothing.
  const free = tf.mean(tf.cast(tf.lessEqual(each, freeNats), 'float32'));
  if (!terms.ahead || !overshooting) return { loss, observationLoss, rewardLoss, kl, free };
  const overshootingLoss = tf.mul(
    tf.addN(terms.ahead.map(far => tf.mean(aboveFreeNats(far, freeNats)))),
    overshooting.beta / overshooting.distance,
  );
  return { loss: tf.add(loss, overshootingLoss), observationLoss, rewardLoss, kl, free, overshootingLoss };
}

const column = (values: Tensor): Tensor => tf.reshape(values, [-1, 1]);
