import { describe, expect, it } from 'vitest';
import { initTensors, resizeBilinear, tf, upsampleNearest } from '../../../src/tensors/index.ts';
import { agreesWithTorch, close, noise, play } from '../fixtures/torch-cases.ts';

describe('resizing gives PyTorch’s images and gradients', () => {
  it('by repeating', () =>
    agreesWithTorch('upsample nearest', { x: [2, 2, 3, 2] }, ({ x }) => upsampleNearest(x, 3)));

  it('between points, up and down', () =>
    agreesWithTorch('resize bilinear', { x: [2, 2, 3, 2] }, ({ x }) => resizeBilinear(x, 5, 2)));
});

describe('resizing', () => {
  it('to the same size changes nothing', async () => {
    const x = noise(1, [1, 3, 4, 2]);
    const { y } = await play({ x }, p => resizeBilinear(upsampleNearest(p.x, 1), 3, 4));
    close('y', y.data, x.data, 0);
  });

  it('refuses a factor that is no whole number', async () => {
    await initTensors();
    expect(() => upsampleNearest(tf.zeros([1, 2, 2, 1]), 1.5)).toThrow(
      'upsampleNearest: factor: expected a whole number from 1 on, got 1.5',
    );
  });
});
