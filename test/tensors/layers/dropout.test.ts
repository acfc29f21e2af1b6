import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { dropout, hostTensor, initTensors, tf } from '../../../src/tensors/index.ts';
import { close, noise, play } from '../fixtures/torch-cases.ts';

it('dropout keeps what its noise says, scaled, in both directions', async () => {
  const inputs = { x: hostTensor([4], [1, 2, 3, 4]), noise: hostTensor([4], [0.1, 0.25, 0.9, 0.2]) };
  const { y, gradients } = await play(inputs, p => dropout(p.x, p.noise, 0.25));
  expect([...y.data]).toEqual([0, 2, 3, 0].map(value => Math.fround(value * Math.fround(1 / 0.75))));
  const c = noise(99, [4]).data;
  close('gradient', gradients['x'], [0, c[1] / 0.75, c[2] / 0.75, 0], 1e-6);
});

it('dropout keeps the mean', async () => {
  const uniform = new Float32Array(20_000);
  Random.fromSeed(3).fillUniform(uniform, 0, 1);
  const inputs = { x: hostTensor([20_000], new Float32Array(20_000).fill(1)) };
  const { y } = await play(inputs, p => tf.mean(dropout(p.x, tf.tensor(uniform, [20_000]), 0.4)));
  // A share of 0.6 with the weight 1 / 0.6: standard deviation √(0.4 / 0.6 / 20 000) = 0.006
  expect(Math.abs(y.data[0] - 1)).toBeLessThan(0.03);
});

it('dropout of nothing is nothing, and a rate of one is refused', async () => {
  await initTensors();
  const x = tf.zeros([2]);
  expect(dropout(x, x, 0)).toBe(x);
  expect(() => dropout(x, x, 1)).toThrow('dropout: rate: expected a number in [0, 1), got 1');
});
