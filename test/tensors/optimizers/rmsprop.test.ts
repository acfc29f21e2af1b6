import { describe, expect, it } from 'vitest';
import {
  compile,
  hostTensor,
  type RmsProp,
  type RmsPropOptions,
  rmsProp,
  rmsPropInit,
  type Tensor,
} from '../../../src/tensors/index.ts';
import { movesAsTorch } from '../fixtures/torch-optimizers.ts';

describe('rmsProp', () => {
  it.each([
    ['rmsprop', 0],
    ['rmsprop momentum', 0.5],
  ])('makes of parameters what PyTorch’s %s does', (name, momentum) =>
    movesAsTorch(name, rmsPropInit, (params, gradient, state: RmsProp<Tensor>, learningRate) =>
      rmsProp(params, gradient, state, { learningRate, decay: 0.9, epsilon: 1e-2, momentum }),
    ),
  );

  const oneStep = async (options: Partial<RmsPropOptions>) => {
    const params = { w: hostTensor([1], [1]) };
    const program = await compile(
      ({
        params,
        optimizer,
        gradient,
      }: {
        params: { w: Tensor };
        optimizer: RmsProp<Tensor>;
        gradient: Tensor;
      }) => rmsProp(params, gradient, optimizer, { learningRate: 0.1, decay: 0.75, epsilon: 3, ...options }),
      { state: { params, optimizer: rmsPropInit(params) } },
    );
    await program({ gradient: hostTensor([1], [2]) });
    const [w] = program.state.flat('params');
    program.dispose();
    return w;
  };

  it('puts ε where it is told', async () => {
    // s = ¼ · 2² = 1: 2 / (√1 + 3) outside, 2 / √(1 + 3) inside
    expect(await oneStep({})).toBeCloseTo(1 - 0.1 * 0.5, 6);
    expect(await oneStep({ epsilonPlace: 'inside' })).toBeCloseTo(1 - 0.1 * 1, 6);
  });
});
