import type { Random } from '../../core/random.ts';
import {
  type Convolution,
  conv2d,
  conv2dInit,
  conv2dTranspose,
  conv2dTransposeInit,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import type { PlanetConfig } from './config.ts';

/** From images to numbers. */
export type ImageEncoder<T> = readonly Convolution<T>[];

/** From a latent state to an image. */
export interface ImageDecoder<T> {
  readonly seed: Dense<T>;
  readonly convolutions: readonly Convolution<T>[];
}

type ImageConfig = Pick<PlanetConfig, 'side' | 'channels' | 'depth'>;

/** Of every convolution of the encoder, without padding, two pixels at a time. */
const KERNEL = 4;
/** Of those of the decoder: from 1 pixel to 5, 13, 30, 64, or to 5, 14, 32. */
const decoderKernels = { 32: [5, 6, 6], 64: [5, 5, 6, 6] } as const;
const glorot = { init: 'glorot' } as const;

/** Sides of an image on its way through the encoder: 64, 31, 14, 6, 2, or 32, 15, 6, 2. */
export function encoderSides(side: PlanetConfig['side']): readonly number[] {
  const sides: number[] = [side];
  for (const _ of decoderKernels[side]) sides.push(Math.floor(((sides.at(-1) ?? 0) - KERNEL) / 2) + 1);
  return sides;
}

/** E: numbers that an image is encoded as, 1024 for 64 pixels and a depth of 32. */
export const imageFeatures = ({ side, depth }: ImageConfig): number =>
  (encoderSides(side).at(-1) ?? 0) ** 2 * depthsOf(side, depth).slice(-1)[0];

/** Channels after each convolution of the encoder: d, 2d, 4d (, 8d). */
const depthsOf = (side: PlanetConfig['side'], depth: number): readonly number[] =>
  decoderKernels[side].map((_, i) => depth * 2 ** i);

export function imageEncoderInit(
  random: Random,
  { side, channels, depth }: ImageConfig,
): ImageEncoder<HostTensor> {
  const depths = depthsOf(side, depth);
  return depths.map((outputs, i) =>
    conv2dInit(random.split(i), KERNEL, i === 0 ? channels : depths[i - 1], outputs, glorot),
  );
}

/** @param images preprocessed, [rows, side · side · channels] @returns [rows, E] */
export function encodeImages(
  params: ImageEncoder<Tensor>,
  images: Tensor,
  { side, channels }: ImageConfig,
): Tensor {
  let x: Tensor = tf.reshape(images, [-1, side, side, channels]);
  for (const layer of params) x = conv2d(layer, x, { strides: 2, padding: 'valid', activation: 'relu' });
  return tf.reshape(x, [images.shape[0], -1]);
}

export function imageDecoderInit(
  random: Random,
  latent: number,
  { side, channels, depth }: ImageConfig,
): ImageDecoder<HostTensor> {
  const features = imageFeatures({ side, channels, depth });
  const depths = [features, ...depthsOf(side, depth).slice(0, -1).reverse(), channels];
  return {
    seed: denseInit(random.split('seed'), latent, features, glorot),
    convolutions: decoderKernels[side].map((kernel, i) =>
      conv2dTransposeInit(random.split(i), kernel, depths[i], depths[i + 1], glorot),
    ),
  };
}

/** @param latents [rows, latent] @returns means of preprocessed images, [rows, side · side · channels] */
export function decodeImages({ seed, convolutions }: ImageDecoder<Tensor>, latents: Tensor): Tensor {
  const first = dense(seed, latents);
  let x: Tensor = tf.reshape(first, [-1, 1, 1, first.shape[1] as number]);
  convolutions.forEach((layer, i) => {
    const activation = i === convolutions.length - 1 ? 'linear' : 'relu';
    x = conv2dTranspose(layer, x, { strides: 2, padding: 'valid', activation });
  });
  return tf.reshape(x, [latents.shape[0], -1]);
}
