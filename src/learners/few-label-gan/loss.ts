import { type Tensor, tf } from '../../tensors/index.ts';
import type { AdversarialLoss } from './config.ts';

/** The two sides of the game: scalars from logits [images]. */
export interface Adversarial {
  readonly discriminator: (real: Tensor, fake: Tensor) => Tensor;
  readonly generator: (fake: Tensor) => Tensor;
}

const mean = (x: Tensor): Tensor => tf.mean(x);
const softplus = (x: Tensor): Tensor => tf.softplus(x);

/**
 * - `hinge`: L_D = mean max(0, 1 − D(x)) + mean max(0, 1 + D(x̃)), L_G = −mean D(x̃) (Lim & Ye, 2017)
 * - `nonSaturating`: L_D = mean softplus(−D(x)) + mean softplus(D(x̃)), L_G = mean softplus(−D(x̃)) (Goodfellow et al., 2014)
 * - `leastSquares`: L_D = ½ mean (D(x) − 1)² + ½ mean D(x̃)², L_G = ½ mean (D(x̃) − 1)² (Mao et al., 2017)
 * - `wasserstein`: L_D = mean D(x̃) − mean D(x), L_G = −mean D(x̃) (Arjovsky et al., 2017)
 */
export const adversarial: Readonly<Record<AdversarialLoss, Adversarial>> = {
  hinge: {
    discriminator: (real, fake) => tf.add(mean(tf.relu(tf.sub(1, real))), mean(tf.relu(tf.add(1, fake)))),
    generator: fake => tf.neg(mean(fake)),
  },
  nonSaturating: {
    discriminator: (real, fake) => tf.add(mean(softplus(tf.neg(real))), mean(softplus(fake))),
    generator: fake => mean(softplus(tf.neg(fake))),
  },
  leastSquares: {
    discriminator: (real, fake) =>
      tf.mul(tf.add(mean(tf.square(tf.sub(real, 1))), mean(tf.square(fake))), 0.5),
    generator: fake => tf.mul(mean(tf.square(tf.sub(fake, 1))), 0.5),
  },
  wasserstein: {
    discriminator: (real, fake) => tf.sub(mean(fake), mean(real)),
    generator: fake => tf.neg(mean(fake)),
  },
};

/**
 * How far the slopes of a discriminator are from one: mean (‖∂D/∂x‖ − 1)² (Gulrajani et al., 2017).
 * @param slopes of the sum of all logits with respect to the images, [images, …]
 */
export function gradientPenalty(slopes: Tensor): Tensor {
  const squares = tf.sum(tf.square(tf.reshape(slopes, [slopes.shape[0], -1])), 1);
  // The root has no slope at zero.
  const lengths = tf.sqrt(tf.add(squares, 1e-12));
  return tf.mean(tf.square(tf.sub(lengths, 1)));
}

/** The mean over weight matrices of ½ Σ w², as in Compare GAN. @param weights matrices and kernels, no biases */
export const weightPenalty = (weights: readonly Tensor[]): Tensor =>
  tf.div(
    tf.mul(
      weights.map(w => tf.sum(tf.square(w))).reduce((a, b) => tf.add(a, b)),
      0.5,
    ),
    weights.length,
  );

/**
 * Between real images and fakes, where WGAN-GP asks for slopes of one.
 * @param mix [images, 1, 1, 1], uniform in [0, 1)
 */
export const betweenRealAndFake = (real: Tensor, fake: Tensor, mix: Tensor): Tensor =>
  tf.add(real, tf.mul(mix, tf.sub(fake, real)));

/**
 * Around real images, where DRAGAN asks for them (Kodali et al., 2017): x + mix · ½ · deviation of all pixels · noise.
 * @param mix [images, 1, 1, 1], uniform in [0, 1)
 * @param noise of the images' shape, uniform in [0, 1)
 */
export function aroundReal(real: Tensor, mix: Tensor, noise: Tensor): Tensor {
  const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(real, tf.mean(real)))));
  return tf.add(real, tf.mul(mix, tf.mul(tf.mul(noise, 0.5), deviation)));
}
