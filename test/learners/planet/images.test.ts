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

it('images shrink as in the paper: 64, 31, 14, 6, 2 with 1024 features; 32, 15, 6, 2', () => {
  expect(encoderSides(64)).toEqual([64, 31, 14, 6, 2]);
  expect(encoderSides(32)).toEqual([32, 15, 6, 2]);
  expect(imageFeatures({ side: 64, channels: 3, depth: 32 })).toBe(1024);
  expect(imageFeatures({ side: 32, channels: 1, depth: 32 })).toBe(512);
});

it.each([
  { side: 64, channels: 3, depth: 2 },
  { side: 32, channels: 1, depth: 2 },
] as const)('$side pixels: what is encoded has the size that is said, and is decoded to an image', config => {
  const random = Random.fromSeed(1);
  const images = tf.zeros([2, config.side ** 2 * config.channels]);
  const encoded = encodeImages(onDevice(imageEncoderInit(random, config)), images, config);
  expect(encoded.shape).toEqual([2, imageFeatures(config)]);
  const decoder = imageDecoderInit(random, 7, config);
  expect(decoder.convolutions.map(({ weights }) => weights.shape[0])).toEqual(
    config.side === 64 ? [5, 5, 6, 6] : [5, 6, 6],
  );
  expect(decodeImages(onDevice(decoder), tf.zeros([2, 7])).shape).toEqual(images.shape);
});

const onDevice = <T>(tree: T) =>
  mapTree<HostTensor, Tensor>(tree as never, ({ data, shape }) => tf.tensor(data, [...shape])) as never;
