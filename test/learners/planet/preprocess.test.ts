import { expect, it } from 'vitest';
import { pixelBytes, preprocessPixels } from '../../../src/learners/planet/preprocess.ts';
import { tf } from '../../../src/tensors/index.ts';

it('a byte of 200 is 0.28125, and up to 1/32 more with noise', () => {
  expect(preprocessPixels(tf.tensor1d([200])).dataSync()[0]).toBe(0.28125);
  const noisy = preprocessPixels(tf.tensor1d([200, 207]), tf.tensor1d([0.5, 0])).dataSync();
  expect([...noisy]).toEqual([0.28125 + 0.5 / 32, 0.28125]);
});

it('all bytes are within half of 0, and pictures are within half a level of them', () => {
  const bytes = Float32Array.from({ length: 256 }, (_, i) => i);
  const values = preprocessPixels(tf.tensor1d(bytes), tf.fill([256], 0.99)).dataSync();
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
  expect(Math.max(...values)).toBeLessThan(0.5);
  const back = pixelBytes(values);
  expect(Math.max(...back.map((byte, i) => Math.abs(byte - bytes[i])))).toBeLessThanOrEqual(4);
  expect([...pixelBytes([-3, 3])]).toEqual([4, 252]);
});
