import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  avgPool2d,
  conv2d,
  conv2dInit,
  conv2dTranspose,
  conv2dTransposeInit,
  depthwiseConv2d,
  depthwiseConv2dInit,
  globalAvgPool,
  initTensors,
  maxPool2d,
  type Tensor,
} from '../../../src/tensors/index.ts';
import { agreesWithTorch } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors('eager/wasm');
});

type Inputs = Readonly<Record<'x' | 'weights' | 'bias', Tensor>>;

describe('convolutions give PyTorch’s outputs and gradients', () => {
  const shapes = { x: [2, 5, 6, 2], weights: [3, 2, 2, 3], bias: [3] };

  it('valid', () =>
    agreesWithTorch('conv valid', shapes, ({ x, ...p }: Inputs) => conv2d(p, x, { padding: 'valid' })));

  it('same, with strides and an activation that needs its sums', () =>
    agreesWithTorch('conv same strided silu', shapes, ({ x, ...p }: Inputs) =>
      conv2d(p, x, { strides: 2, activation: 'silu' }),
    ));

  it('transposed, valid, with an activation', () =>
    agreesWithTorch(
      'transposed valid',
      { x: [2, 3, 2, 3], weights: [3, 3, 2, 3], bias: [2] },
      ({ x, ...p }: Inputs) => conv2dTranspose(p, x, { strides: 2, padding: 'valid', activation: 'tanh' }),
    ));

  it('transposed, same', () =>
    agreesWithTorch(
      'transposed same',
      { x: [1, 3, 2, 2], weights: [4, 4, 2, 2], bias: [2] },
      ({ x, ...p }: Inputs) => conv2dTranspose(p, x, { strides: [2, 2] }),
    ));

  it('depthwise', () =>
    agreesWithTorch(
      'depthwise',
      { x: [1, 4, 4, 2], weights: [3, 3, 2, 2], bias: [4] },
      ({ x, ...p }: Inputs) => depthwiseConv2d(p, x, { activation: 'relu' }),
    ));
});

describe('pooling gives PyTorch’s outputs and gradients', () => {
  const shapes = { x: [2, 4, 5, 2] };
  it('largest', () => agreesWithTorch('max pool', shapes, ({ x }) => maxPool2d(x)));
  it('mean', () => agreesWithTorch('avg pool', shapes, ({ x }) => avgPool2d(x, { size: 2 })));
  it('mean of all', () => agreesWithTorch('global pool', shapes, ({ x }) => globalAvgPool(x)));
});

describe('initial convolutions', () => {
  const random = Random.fromSeed(4);

  it.each([
    // 3 · 3 · 8 = 72 inputs; glorot: 2 / (72 + 3 · 3 · 40)
    ['he', 2 / 72],
    ['torch', 1 / (3 * 72)],
    ['glorot', 2 / (72 + 360)],
  ] as const)('%s has the variance of its definition', (init, variance) => {
    const { weights, bias } = conv2dInit(random.split(init), 3, 8, 40, { init });
    expect(weights.shape).toEqual([3, 3, 8, 40]);
    const found = [...weights.data].reduce((sum, w) => sum + w * w, 0) / weights.data.length;
    expect(Math.abs(found / variance - 1)).toBeLessThan(0.08);
    expect(bias.data.some(value => value !== 0)).toBe(init === 'torch');
  });

  it('have the shapes that their layers take', () => {
    const transposed = conv2dTransposeInit(random, [4, 3], 5, 2);
    expect([transposed.weights.shape, transposed.bias.shape]).toEqual([[4, 3, 2, 5], [2]]);
    const depthwise = depthwiseConv2dInit(random, 3, 4, 2, { init: 'he' });
    expect([depthwise.weights.shape, depthwise.bias.shape]).toEqual([[3, 3, 4, 2], [8]]);
  });
});
