import type { Random } from '../../core/random.ts';
import {
  type Convolution,
  conv2dTranspose,
  conv2dTransposeInit,
  type Dense,
  dense,
  denseInit,
  type Embedding,
  embedding,
  embeddingInit,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import type { GeneratorConfig } from './config.ts';

/** What the generator learns. Which fields are there follows from its config. */
export interface GeneratorParams<T> {
  /** [classes, embedding]; absent where the generator is told no class */
  readonly classes?: Embedding<T>;
  /** At 14 pixels: noise and class to pixels. */
  readonly layers?: Mlp<T>;
  /** At 28 pixels: noise and class to 7×7 points of the first number of channels. */
  readonly seed?: Dense<T>;
  /** At 28 pixels: 4×4 kernels that double the sides, the last one to one channel. */
  readonly convolutions?: readonly Convolution<T>[];
}

/** Points a side that the convolutions start from. */
const START = 7;

/** Orthogonal weights, class vectors standard normal. */
export function generatorInit(random: Random, config: GeneratorConfig): GeneratorParams<HostTensor> {
  const { size, classes, conditional, noise, embedding: length } = config;
  const hidden = hiddenOf(config);
  const inputs = noise + (conditional ? length : 0);
  const told = conditional && { classes: embeddingInit(random.split('classes'), classes, length, 1) };
  if (size === 14) {
    return { ...told, layers: mlpInit(random.split('layers'), [inputs, ...hidden, size * size]) };
  }
  const [from, to] = hidden;
  return {
    ...told,
    seed: denseInit(random.split('seed'), inputs, START * START * from, { gain: Math.SQRT2 }),
    convolutions: [
      conv2dTransposeInit(random.split('convolution', 0), 4, from, to, { gain: Math.SQRT2 }),
      conv2dTransposeInit(random.split('convolution', 1), 4, to, 1),
    ],
  };
}

/**
 * Images from noise.
 * @param z [images, noise], standard normal
 * @param y [images], int32: the wanted classes; not looked at where the generator is told none
 * @returns [images, size, size, 1], in (−1, 1)
 */
export function generate(
  params: GeneratorParams<Tensor>,
  z: Tensor,
  y: Tensor,
  { size }: GeneratorConfig,
): Tensor {
  const { classes, layers, seed, convolutions } = params;
  const input = classes ? tf.concat([z, embedding(classes, y)], 1) : z;
  if (layers) return tf.reshape(mlp(layers, input, 'leakyRelu', 'tanh'), [-1, size, size, 1]);
  if (!seed || !convolutions) throw new Error('generator: neither dense layers nor convolutions');
  const [first, last] = convolutions;
  const [, , , channels] = first.weights.shape as number[];
  const points = tf.reshape(dense(seed, input, 'leakyRelu'), [-1, START, START, channels]);
  const middle = conv2dTranspose(first, points, { strides: 2, activation: 'leakyRelu' });
  return conv2dTranspose(last, middle, { strides: 2, activation: 'tanh' });
}

const hiddenOf = ({ hidden, size }: GeneratorConfig): readonly number[] =>
  hidden ?? (size === 14 ? [128, 196] : [32, 16]);
