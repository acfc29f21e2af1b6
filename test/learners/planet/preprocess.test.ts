import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { fillDither, pixelBytes, preprocessPixels } from '../../../src/learners/planet/preprocess.ts';
import { tf } from '../../../src/tensors/index.ts';

it('a byte of 200 is 0.28125, and up to 1/32 more with noise', () => {
  expect(preprocessPixels(tf.tensor1d([200])).dataSync()[0]).toBe(0.28125);
  const noisy = preprocessPixels(tf.tensor1d([200, 207]), tf.tensor1d([0.5, 0])).dataSync();
  expect([...noisy]).toEqual([0.28125 + 0.5 / 32, 0.28125]);
  const scale = { center: 0.25, unit: 0.125 };
  const scaled = preprocessPixels(tf.tensor1d([200, 207]), tf.tensor1d([0.5, 0]), scale).dataSync();
  expect([...scaled]).toEqual([(0.28125 + 0.5 / 32 - 0.25) / 0.125, (0.28125 - 0.25) / 0.125]);
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

it('noise that fills the steps is even over [0, 1), of any length, and no number follows from its neighbour', () => {
  const noise = new Float32Array(40_003);
  fillDither(Random.fromSeed(1), noise);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
  const along = noise.reduce((sum, value, i) => sum + (value - mean) * ((noise[i - 1] ?? mean) - mean), 0);
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.006);
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
  expect(Math.abs(along / noise.length / variance)).toBeLessThan(0.02);
  expect(Math.min(...noise.slice(-3))).toBeGreaterThan(0);
  expect(new Set(noise).size).toBe(256);
  expect(Math.max(...noise)).toBeLessThan(1);
});

it('a draw serves four numbers of the noise, its lowest byte the first; a last one may serve fewer', () => {
  const noise = new Float32Array(6);
  fillDither(Random.fromSeed(2), noise);
  const random = Random.fromSeed(2);
  const [first, second] = [random.uint32(), random.uint32()];
  const middle = (word: number, byte: number) => (((word >>> (8 * byte)) & 255) + 0.5) / 256;
  const expected = [0, 1, 2, 3].map(byte => middle(first, byte));
  expect([...noise]).toEqual([...expected, middle(second, 0), middle(second, 1)]);
});
