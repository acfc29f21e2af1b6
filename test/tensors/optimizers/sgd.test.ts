import { describe, expect, it } from 'vitest';
import { compile, hostTensor, type Sgd, sgd, sgdInit, type Tensor } from '../../../src/tensors/index.ts';
import { movesAsTorch } from '../fixtures/torch-optimizers.ts';

describe('sgd', () => {
  it('keeps its momentum as PyTorch does', async () => {
    const params = { w: hostTensor([1], [1]) };
    const program = await compile(
      ({
        params,
        optimizer,
        gradient,
      }: {
        params: { w: Tensor };
        optimizer: { velocity: Tensor };
        gradient: Tensor;
      }) => sgd(params, gradient, optimizer, { learningRate: 0.1, momentum: 0.9 }),
      { state: { params, optimizer: sgdInit(params) } },
    );
    const update = async (gradient: number) => {
      await program({ gradient: hostTensor([1], [gradient]) });
      return program.state.flat('params')[0];
    };
    expect(await update(1)).toBeCloseTo(0.9, 6); // u = 1
    expect(await update(2)).toBeCloseTo(0.61, 6); // u = 0.9 + 2 = 2.9
    expect(await update(-1)).toBeCloseTo(0.449, 6); // u = 2.61 − 1 = 1.61
    program.dispose();
  });

  it.each([
    ['sgd', { momentum: 0.9 }],
    ['sgd nesterov decay', { momentum: 0.7, nesterov: true, weightDecay: 0.2 }],
    ['sgd decay', { weightDecay: 0.2 }],
  ] as const)('makes of parameters what PyTorch does: %s', (name, options) =>
    movesAsTorch(name, sgdInit, (params, gradient, state: Sgd<Tensor>, learningRate) =>
      sgd(params, gradient, state, { learningRate, ...options }),
    ),
  );

  it('refuses Nesterov’s momentum without a momentum', async () => {
    const params = { w: hostTensor([1], [1]) };
    const program = await compile(
      ({ params, optimizer }: { params: { w: Tensor }; optimizer: Sgd<Tensor> }) =>
        sgd(params, params.w, optimizer, { learningRate: 0.1, nesterov: true }),
      { state: { params, optimizer: sgdInit(params) } },
    );
    await expect(program({})).rejects.toThrow('sgd: nesterov: expected a momentum with it, got 0');
    program.dispose();
  });
});
