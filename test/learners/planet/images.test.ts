import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  decodeImages,
  encodeImages,
  encoderSides,
  imageDecoderInit,
  imageEncoderInit,
  imageFeatures,
} from '../../../src/learners/planet/images.ts';
import { type HostTensor, mapTree, type Tensor, tf } from '../../../src/tensors/index.ts';

const usual = { firstStride: 2, imageDecoder: null } as const;

type Case = Parameters<typeof imageEncoderInit>[1] & {
  readonly kernels: readonly number[];
  readonly outputs: readonly number[];
};

it('images shrink as in the paper: 64, 31, 14, 6, 2 with 1024 features; 32, 15, 6, 2', () => {
  expect(encoderSides({ side: 64, firstStride: 2 })).toEqual([64, 31, 14, 6, 2]);
  expect(encoderSides({ side: 64, firstStride: 4 })).toEqual([64, 15, 6, 2]);
  expect(encoderSides({ side: 32, firstStride: 2 })).toEqual([32, 15, 6, 2]);
  expect(imageFeatures({ ...usual, side: 64, channels: 3, depth: 32 })).toBe(1024);
  expect(imageFeatures({ ...usual, side: 64, channels: 3, depth: 32, firstStride: 4 })).toBe(512);
  expect(imageFeatures({ ...usual, side: 32, channels: 1, depth: 32 })).toBe(512);
});

it.each([
  { ...usual, side: 64, channels: 3, depth: 2, kernels: [5, 5, 6, 6], outputs: [8, 4, 2, 3] },
  {
    ...{ side: 64, channels: 3, depth: 2, firstStride: 4 },
    ...{ imageDecoder: { hidden: 9, channels: [6, 5, 4] }, kernels: [4, 4, 4], outputs: [5, 4, 3] },
  },
  { ...usual, side: 32, channels: 1, depth: 2, kernels: [5, 6, 6], outputs: [4, 2, 1] },
  {
    ...{ side: 32, channels: 1, depth: 2, firstStride: 2 },
    ...{ imageDecoder: { hidden: 9, channels: [6, 5] }, kernels: [4, 4], outputs: [5, 1] },
  },
] satisfies Case[])(
  '$side pixels, stride $firstStride: encoded to the size that is said, decoded to an image',
  config => {
    const random = Random.fromSeed(1);
    const images = tf.zeros([2, config.side ** 2 * config.channels]);
    const encoded = encodeImages(onDevice(imageEncoderInit(random, config)), images, config);
    expect(encoded.shape).toEqual([2, imageFeatures(config)]);
    const decoder = imageDecoderInit(random, 7, config);
    expect(decoder.convolutions.map(({ weights }) => weights.shape[0])).toEqual(config.kernels);
    expect(decoder.convolutions.map(({ bias }) => bias.shape[0])).toEqual(config.outputs);
    expect(decodeImages(onDevice(decoder), tf.zeros([2, 7]), config).shape).toEqual(images.shape);
  },
);

const onDevice = <T>(tree: T) =>
  mapTree<HostTensor, Tensor>(tree as never, ({ data, shape }) => tf.tensor(data, [...shape])) as never;
