import { beforeAll, describe, expect, it } from 'vitest';
import { type Activation, activate, initTensors, tf, valueAndGrad } from '../../../src/tensors/index.ts';
import { agreesWithTorch, noise, play } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

describe('activations', () => {
  it.each(['gelu', 'geluTanh', 'silu', 'softplus', 'leakyRelu', 'elu'] as const)(
    '%s gives PyTorch’s values and slopes',
    name => agreesWithTorch(name, { x: [9] }, ({ x }) => activate(tf.mul(x, 3), name)),
  );

  it.each([
    // Second derivatives at x, worked out from the definitions: φ(x) (2 − x²); …
    ['gelu', x => (Math.exp(-x * x * 0.5) / Math.sqrt(2 * Math.PI)) * (2 - x * x)],
    ['tanh', x => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
    ['softplus', x => 1 / (2 + 2 * Math.cosh(x))],
    [
      'silu',
      x => {
        const s = 1 / (1 + Math.exp(-x));
        return s * (1 - s) * (2 + x * (1 - 2 * s));
      },
    ],
  ] as [Activation, (x: number) => number][])('%s can be differentiated twice', async (name, second) => {
    const x = noise(3, [7]);
    const { gradients } = await play({ x }, variables => {
      const { gradient } = valueAndGrad(z => ({ loss: tf.sum(activate(z, name)) }), variables.x);
      return gradient;
    });
    const c = noise(99, [7]).data;
    x.data.forEach((at, i) => {
      expect(Math.abs(gradients['x'][i] - c[i] * second(at))).toBeLessThan(2e-6);
    });
  });

  it('linear is nothing', () => {
    const x = tf.tensor([1, 2], [2]);
    expect(activate(x, 'linear')).toBe(x);
  });
});
