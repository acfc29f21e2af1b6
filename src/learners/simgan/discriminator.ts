import type { Random } from '../../core/random.ts';
import {
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  stopGradient,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';

/** What tells real transitions `[s, a, s′]` from those of the hybrid simulator: tanh layers and one logit. */
export type Discriminator<T> = Mlp<T>;

/** New weights, as PyTorch's layers draw them. @param inputs numbers in a transition */
export const discriminatorInit = (
  random: Random,
  inputs: number,
  hidden: readonly number[] = [100, 100],
): Discriminator<HostTensor> => mlpInit(random, [inputs, ...hidden, 1], { init: 'torch' });

/**
 * How real transitions look, above zero for real. It is the generator's reward too: the logit of D is
 * `log D − log(1 − D)`.
 * @param transitions [rows, inputs], normalised by what was computed once from real data
 * @returns [rows]
 */
export const discriminatorLogits = (params: Discriminator<Tensor>, transitions: Tensor): Tensor =>
  tf.reshape(mlp(params, transitions, 'tanh'), [-1]);

/** What one step of the discriminator learns from. */
export interface DiscriminatorBatch {
  /** [rows, inputs] */
  readonly real: Tensor;
  /** [rows, inputs] */
  readonly fake: Tensor;
  /** Where between a real row and a fake one the slope is asked for: [rows, 1], uniform in [0, 1), 1 is real. */
  readonly mix: Tensor;
}

/** How much slopes other than one cost, and how they are measured. */
export interface PenaltySettings {
  /** Default 10. */
  readonly weight?: number;
  /** How far the two extra passes are apart from the middle, in normalised inputs. Default 0.01. */
  readonly step?: number;
}

/** What the loss gives: scalars. */
export interface DiscriminatorLoss {
  /** `real + fake + weight · penalty` */
  readonly loss: Tensor;
  /** Cross-entropy of real rows with 1, and of fakes with 0. */
  readonly real: Tensor;
  readonly fake: Tensor;
  /** mean (‖∂D/∂x̂‖ − 1)² */
  readonly penalty: Tensor;
  /** mean ‖∂D/∂x̂‖ */
  readonly slope: Tensor;
  /** The share of rows on the right side of zero. */
  readonly accuracy: Tensor;
}

/**
 * `BCE(D(real), 1) + BCE(D(fake), 0) + 10 · E[(‖∇D(x̂)‖ − 1)²]`, `x̂ = a · real + (1 − a) · fake`, with D's slope that of its
 * logit (SimGAN's code; Gulrajani et al., 2017).
 *
 * The penalty's gradient takes no gradient of a gradient. With `g = ∇D(x̂)`, `n = ‖g‖` and `v = g / n` held constant, the
 * gradient of `(n − 1)²` by the parameters is `2 (n − 1)` times that of `[D(x̂ + εv) − D(x̂ − εv)] / 2ε`, to second order in
 * ε.
 */
export function discriminatorLoss(
  params: Discriminator<Tensor>,
  { real, fake, mix }: DiscriminatorBatch,
  { weight = 10, step = 0.01 }: PenaltySettings = {},
): DiscriminatorLoss {
  const ofReal = discriminatorLogits(params, real);
  const ofFake = discriminatorLogits(params, fake);
  const realLoss = tf.mean(tf.softplus(tf.neg(ofReal)));
  const fakeLoss = tf.mean(tf.softplus(ofFake));
  const between = tf.add(fake, tf.mul(mix, tf.sub(real, fake)));
  const slopes = slopesAt(params, between);
  // The root has no slope at zero.
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(slopes), 1, true), 1e-12));
  const towards = tf.mul(stopGradient(tf.div(slopes, lengths)), step);
  const ahead = discriminatorLogits(params, tf.add(between, towards));
  const behind = discriminatorLogits(params, tf.sub(between, towards));
  const excess = stopGradient(tf.sub(tf.reshape(lengths, [-1]), 1));
  const penalty = tf.mean(tf.square(excess));
  const pull = tf.mean(tf.mul(tf.mul(excess, 1 / step), tf.sub(ahead, behind)));
  // `pull` counts by its gradient alone.
  const priced = tf.add(penalty, tf.sub(pull, stopGradient(pull)));
  const right = [tf.greater(ofReal, 0), tf.less(ofFake, 0)].map(side => tf.mean(tf.cast(side, 'float32')));
  return {
    loss: tf.add(tf.add(realLoss, fakeLoss), tf.mul(priced, weight)),
    real: realLoss,
    fake: fakeLoss,
    penalty,
    slope: tf.mean(lengths),
    accuracy: tf.mul(tf.add(right[0], right[1]), 0.5),
  };
}

/** ∂D/∂x of every row, [rows, inputs], without a gradient of its own. */
function slopesAt(params: Discriminator<Tensor>, at: Tensor): Tensor {
  const fixed = params.map(({ weights, bias }) => ({
    weights: stopGradient(weights),
    bias: stopGradient(bias),
  }));
  const { gradient } = valueAndGrad(
    (points: Tensor) => ({ loss: tf.sum(discriminatorLogits(fixed, points)) }),
    at,
  );
  return stopGradient(tf.reshape(gradient, at.shape));
}
