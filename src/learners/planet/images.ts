import type { Random } from '../../core/random.ts';
import {
  type Convolution,
  conv2d,
  conv2dInit,
  conv2dTranspose,
  conv2dTransposeInit,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import type { PlanetConfig } from './config.ts';

/** From images to numbers. */
export type ImageEncoder<T> = readonly Convolution<T>[];

/** From a latent state to an image. */
export interface ImageDecoder<T> {
  readonly seed: Mlp<T>;
  readonly convolutions: readonly Convolution<T>[];
}

type ImageConfig = Pick<PlanetConfig, 'side' | 'channels' | 'depth' | 'firstStride' | 'imageDecoder'>;
type EncoderShape = Pick<ImageConfig, 'side' | 'firstStride'>;

const glorot = { init: 'glorot' } as const;

/** Of the encoder, without padding, two pixels at a time, or four at first. */
function encoderLayers({ side, firstStride }: EncoderShape) {
  const by2 = { kernel: 4, strides: 2 };
  if (side === 32) return [by2, by2, by2];
  return firstStride === 4 ? [{ kernel: 8, strides: 4 }, by2, by2] : [by2, by2, by2, by2];
}

/** Of the paper's decoder, without padding: from 1 pixel to 5, 13, 30, 64, or to 5, 14, 32. */
const decoderKernels = { 32: [5, 6, 6], 64: [5, 5, 6, 6] } as const;
/** Of the other one: so many pixels a side to begin with, and a kernel of 4 doubles them. */
const SEED_SIDE = 8;
const DOUBLING = 4;

/** Sides of an image on its way through the encoder: 64, 31, 14, 6, 2, or 64, 15, 6, 2, or 32, 15, 6, 2. */
export function encoderSides(shape: EncoderShape): readonly number[] {
  const sides: number[] = [shape.side];
  for (const { kernel, strides } of encoderLayers(shape))
    sides.push(Math.floor(((sides.at(-1) ?? 0) - kernel) / strides) + 1);
  return sides;
}

/** E: numbers that an image is encoded as, 1024 for 64 pixels and a depth of 32. */
export const imageFeatures = (config: ImageConfig): number =>
  (encoderSides(config).at(-1) ?? 0) ** 2 * (depthsOf(config).at(-1) ?? 0);

/** Channels after each convolution of the encoder: d, 2d, 4d (, 8d). */
const depthsOf = (config: ImageConfig): readonly number[] =>
  encoderLayers(config).map((_, i) => config.depth * 2 ** i);

export function imageEncoderInit(random: Random, config: ImageConfig): ImageEncoder<HostTensor> {
  const depths = depthsOf(config);
  return encoderLayers(config).map(({ kernel }, i) =>
    conv2dInit(random.split(i), kernel, i === 0 ? config.channels : depths[i - 1], depths[i], glorot),
  );
}

/** @param images preprocessed, [rows, side · side · channels] @returns [rows, E] */
export function encodeImages(params: ImageEncoder<Tensor>, images: Tensor, config: ImageConfig): Tensor {
  const { side, channels } = config;
  let x: Tensor = tf.reshape(images, [-1, side, side, channels]);
  encoderLayers(config).forEach(({ strides }, i) => {
    x = conv2d(params[i], x, { strides, padding: 'valid', activation: 'relu' });
  });
  return tf.reshape(x, [images.shape[0], -1]);
}

export function imageDecoderInit(
  random: Random,
  latent: number,
  config: ImageConfig,
): ImageDecoder<HostTensor> {
  const { side, channels, imageDecoder } = config;
  if (imageDecoder) {
    const [first, ...rest] = imageDecoder.channels;
    const outputs = [...rest, channels];
    return {
      seed: mlpInit(random.split('seed'), [latent, imageDecoder.hidden, SEED_SIDE ** 2 * first], glorot),
      convolutions: outputs.map((depth, i) =>
        conv2dTransposeInit(random.split(i), DOUBLING, imageDecoder.channels[i], depth, glorot),
      ),
    };
  }
  const features = imageFeatures(config);
  const depths = [features, ...depthsOf(config).slice(0, -1).reverse(), channels];
  return {
    seed: mlpInit(random.split('seed'), [latent, features], glorot),
    convolutions: decoderKernels[side].map((kernel, i) =>
      conv2dTransposeInit(random.split(i), kernel, depths[i], depths[i + 1], glorot),
    ),
  };
}

/** @param latents [rows, latent] @returns means of preprocessed images, [rows, side · side · channels] */
export function decodeImages(
  { seed, convolutions }: ImageDecoder<Tensor>,
  latents: Tensor,
  { imageDecoder }: ImageConfig,
): Tensor {
  const grid = imageDecoder !== null;
  const side = grid ? SEED_SIDE : 1;
  const first = mlp(seed, latents, 'relu', grid ? 'relu' : 'linear');
  let x: Tensor = tf.reshape(first, [-1, side, side, (first.shape[1] as number) / side ** 2]);
  convolutions.forEach((layer, i) => {
    const activation = i === convolutions.length - 1 ? 'linear' : 'relu';
    x = conv2dTranspose(layer, x, { strides: 2, padding: grid ? 'same' : 'valid', activation });
  });
  return tf.reshape(x, [latents.shape[0], -1]);
}
