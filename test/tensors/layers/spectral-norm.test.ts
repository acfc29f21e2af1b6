import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  compile,
  hostTensor,
  spectralNorm,
  spectralStateInit,
  type Tensor,
  tf,
} from '../../../src/tensors/index.ts';
import { agreesWithTorch, close, noise, play } from '../fixtures/torch-cases.ts';

describe('spectral norm', () => {
  it('gives PyTorch’s weights and gradients after one iteration', () =>
    agreesWithTorch('spectral norm', { weights: [2, 3, 3] }, ({ weights }) => {
      const start = tf.tensor(noise(50, [3]).data, [3, 1]);
      const vector = tf.div(start, tf.norm(start));
      const { weights: divided, sigma, state } = spectralNorm(weights, { vector });
      return [divided, sigma, state.vector];
    }));

  it('finds the largest singular value over its updates', async () => {
    const weights = hostTensor([2, 3], [2, 1, 0, 1, 3, 1]);
    const program = await compile(
      ({ w, spectral }: { w: Tensor; spectral: { vector: Tensor } }) => {
        const { sigma, state } = spectralNorm(w, spectral);
        return { sigma, spectral: state };
      },
      { state: { spectral: { vector: hostTensor([3, 1], [1, 0, 0]) } } },
    );
    const found: number[] = [];
    for (let i = 0; i < 4; i++) found.push((await program({ w: weights })).sigma.data[0]);
    program.dispose();
    // The singular value is 3.718999.
    close('sigma', found, [3.193744, 3.701716, 3.71857, 3.718988], 2e-6);
  });

  it('has the gradient of the quotient where it has converged', async () => {
    const weights = hostTensor([2, 2], [2, 1, 1, 3]);
    const { gradients } = await play({ weights }, p => {
      const vector = tf.tensor([0.525731, 0.850651], [2, 1]);
      const { weights: divided } = spectralNorm(p.weights, { vector }, 0);
      return tf.slice(divided, [0, 0], [1, 1]);
    });
    const c = noise(99, [1]).data[0];
    // d(W / σ)₀₀ / dW for σ = 3.618034
    const slopes = [0.234164, -0.068328, -0.068328, -0.110557].map(slope => slope * c);
    close('gradient', gradients['weights'], slopes, 2e-6);
  });

  it('without iterations leaves its state', async () => {
    const start = spectralStateInit(Random.fromSeed(1), 3);
    const length = Array.from(start.vector.data).reduce((sum, value) => sum + value * value, 0);
    expect(length).toBeCloseTo(1, 6);
    const program = await compile(
      ({ w, spectral }: { w: Tensor; spectral: { vector: Tensor } }) => ({
        spectral: spectralNorm(w, spectral, 0).state,
      }),
      { state: { spectral: start } },
    );
    await program({ w: noise(1, [4, 3]) });
    expect(program.state.flat('spectral')).toEqual(start.vector.data);
    program.dispose();
  });
});
