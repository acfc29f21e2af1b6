import type { Random } from '../../core/random.ts';
import {
  type Convolution,
  conv2d,
  conv2dInit,
  type Dense,
  dense,
  denseInit,
  type Embedding,
  embeddingInit,
  type HostTensor,
  type Mlp,
  mapTree,
  mlp,
  mlpInit,
  type SpectralState,
  spectralNorm,
  spectralStateInit,
  type Tensor,
  tf,
  treeLayout,
} from '../../tensors/index.ts';
import type { DiscriminatorNet } from './config.ts';
import { TURNS } from './rotation.ts';

/** What the discriminator learns. Which fields are there follows from its config. */
export interface DiscriminatorParams<T> {
  /** At 28 pixels: 4×4 kernels that halve the sides. */
  readonly convolutions?: readonly Convolution<T>[];
  /** Pixels, or the last points, to features. */
  readonly layers: Mlp<T>;
  /** Features to how real an image is. */
  readonly logit: Dense<T>;
  /** [classes, features]; absent where it is told no class */
  readonly classes?: Embedding<T>;
  /** Features to the four rotations. */
  readonly rotation?: Dense<T>;
  /** Features to classes: the co-training predictor. */
  readonly auxiliary?: Dense<T>;
}

/** What spectral norm remembers of each weight matrix, in layout order of the parameters. */
export type DiscriminatorSpectra<T> = readonly SpectralState<T>[];

/** Orthogonal weights, class vectors Glorot-normal. */
export function discriminatorInit(random: Random, net: DiscriminatorNet): DiscriminatorParams<HostTensor> {
  const { size, classes, conditional, rotations, coTraining } = net;
  const [hidden, features] = net.hidden ?? (size === 14 ? [160, 96] : [16, 96]);
  const head = (name: string, outputs: number) => denseInit(random.split(name), features, outputs);
  const layers = random.split('layers');
  const body =
    size === 14
      ? { layers: mlpInit(layers, [size * size, hidden, features], { outputGain: Math.SQRT2 }) }
      : {
          convolutions: [
            conv2dInit(random.split('convolution', 0), 4, 1, hidden),
            conv2dInit(random.split('convolution', 1), 4, hidden, 2 * hidden),
          ],
          layers: mlpInit(layers, [(size / 4) ** 2 * 2 * hidden, features]),
        };
  return {
    ...body,
    logit: head('logit', 1),
    ...(conditional && {
      classes: embeddingInit(random.split('classes'), classes, features, Math.sqrt(2 / (classes + features))),
    }),
    ...(rotations && { rotation: head('rotation', TURNS) }),
    ...(coTraining !== 'none' && { auxiliary: head('auxiliary', classes) }),
  };
}

/** One random direction a weight matrix; biases have none. */
export function spectraInit(
  random: Random,
  params: DiscriminatorParams<HostTensor>,
): DiscriminatorSpectra<HostTensor> {
  return treeLayout(params)
    .leaves.filter(({ shape }) => isMatrix(shape))
    .map(({ shape, path }) => spectralStateInit(random.split(path), shape[shape.length - 1]));
}

/**
 * Every weight matrix, the class vectors included, divided by its largest singular value.
 * @param iterations of the power method; one a forward pass in training
 */
export function spectrallyNormal(
  params: DiscriminatorParams<Tensor>,
  spectra: DiscriminatorSpectra<Tensor>,
  iterations = 1,
): { readonly params: DiscriminatorParams<Tensor>; readonly spectra: DiscriminatorSpectra<Tensor> } {
  const next: SpectralState<Tensor>[] = [];
  const normal = mapTree<Tensor, Tensor>(params, leaf => {
    if (!isMatrix(leaf.shape)) return leaf;
    const { weights, state } = spectralNorm(leaf, spectra[next.length], iterations);
    next.push(state);
    return weights;
  });
  return { params: normal as unknown as DiscriminatorParams<Tensor>, spectra: next };
}

/** What stands before the discriminator's heads. @param x [images, size, size, 1] @returns [images, features] */
export function featuresOf({ convolutions = [], layers }: DiscriminatorParams<Tensor>, x: Tensor): Tensor {
  let points = x;
  for (const layer of convolutions) {
    points = conv2d(layer, points, { strides: 2, activation: 'leakyRelu' });
  }
  return mlp(layers, tf.reshape(points, [x.shape[0], -1]), 'leakyRelu', 'leakyRelu');
}

/**
 * The projection discriminator (Miyato & Koyama, 2018): w · h + b + ⟨y E, h⟩.
 * @param h [images, features]
 * @param y [images, classes]: one-hot, probabilities, or zeros for an image without a label
 * @returns [images]
 */
export function projection(
  { logit, classes }: Pick<DiscriminatorParams<Tensor>, 'logit' | 'classes'>,
  h: Tensor,
  y: Tensor,
): Tensor {
  const real = tf.reshape(dense(logit, h), [-1]);
  if (!classes) return real;
  const wanted = tf.matMul(y as tf.Tensor2D, classes.table as tf.Tensor2D);
  return tf.add(real, tf.sum(tf.mul(wanted, h), 1));
}

const isMatrix = (shape: readonly number[]): boolean => shape.length > 1;
