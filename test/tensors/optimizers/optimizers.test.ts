import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  type Adam,
  type AdamOptions,
  adam,
  adamInit,
  clipByGlobalNorm,
  clipByValue,
  compile,
  type HostTensor,
  hostTensor,
  sgd,
  sgdInit,
  type Tensor,
} from '../../../src/tensors/index.ts';

interface AdamStep {
  readonly params: { readonly w: Tensor };
  readonly optimizer: Adam<Tensor>;
  readonly gradient: Tensor;
  readonly learningRate: Tensor;
}

function adamProgram(params: { w: HostTensor }, options: Omit<AdamOptions, 'learningRate'>) {
  const step = ({ params, optimizer, gradient, learningRate }: AdamStep) =>
    adam(params, gradient, optimizer, { learningRate, ...options });
  return compile(step, { state: { params, optimizer: adamInit(params) } });
}

describe('adam', () => {
  it('takes three steps as by hand', async () => {
    const program = await adamProgram({ w: hostTensor([1], [1]) }, { epsilon: 1e-8 });
    const update = async (gradient: number) => {
      await program({ gradient: hostTensor([1], [gradient]), learningRate: 0.1 });
      return program.state.flat('params')[0];
    };
    // m = 0.1, v = 0.001; m̂ = 0.1 / 0.1 = 1, v̂ = 0.001 / 0.001 = 1; p = 1 − 0.1 · 1 / 1
    expect(await update(1)).toBeCloseTo(0.9, 6);
    // m = 0.09 − 0.2 = −0.11, v = 0.000999 + 0.004 = 0.004999; m̂ = −0.11 / 0.19 = −0.578947,
    // v̂ = 0.004999 / 0.001999 = 2.500750; p = 0.9 + 0.1 · 0.578947 / 1.581376
    expect(await update(-2)).toBeCloseTo(0.9366103, 6);
    // m = −0.099 + 0.3 = 0.201, v = 0.004994001 + 0.009 = 0.013994001; m̂ = 0.201 / 0.271 = 0.741697,
    // v̂ = 0.013994001 / 0.002997001 = 4.669335; p = 0.9366103 − 0.1 · 0.741697 / 2.160864
    expect(await update(3)).toBeCloseTo(0.9022862, 6);
    expect(program.state.get().optimizer.step.data[0]).toBe(3);
    program.dispose();
  });

  it('adds 1e-8 to the root where nothing else is said', async () => {
    const program = await adamProgram({ w: hostTensor([1], [0]) }, {});
    await program({ gradient: hostTensor([1], [1e-8]), learningRate: 0.1 });
    // m̂ = 1e-8, √v̂ = 1e-8: 0.1 · 1e-8 / (1e-8 + 1e-8)
    expect(program.state.flat('params')[0]).toBeCloseTo(-0.05, 5);
    program.dispose();
  });

  // torch.optim.Adam, single tensor: denom = √v / √(1 − β₂ᵗ) + ε; p −= rate / (1 − β₁ᵗ) · m / denom
  it.each([
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-5 },
    { beta1: 0.5, beta2: 0.99, epsilon: 0.1 },
  ])('follows PyTorch’s form for 50 steps, %o', async options => {
    const random = Random.fromSeed(3);
    const size = 37;
    const start = new Float32Array(size);
    random.fillNormal(start);
    const program = await adamProgram({ w: hostTensor([size], start) }, options);
    const [p, m, v] = [Float64Array.from(start), new Float64Array(size), new Float64Array(size)];
    const gradient = new Float32Array(size);
    for (let t = 1; t <= 50; t++) {
      random.fillNormal(gradient);
      const learningRate = 0.01 / t;
      await program({ gradient: hostTensor([size], gradient), learningRate });
      for (let i = 0; i < size; i++) {
        m[i] = options.beta1 * m[i] + (1 - options.beta1) * gradient[i];
        v[i] = options.beta2 * v[i] + (1 - options.beta2) * gradient[i] ** 2;
        const denominator = Math.sqrt(v[i]) / Math.sqrt(1 - options.beta2 ** t) + options.epsilon;
        p[i] -= ((learningRate / (1 - options.beta1 ** t)) * m[i]) / denominator;
      }
      const now = program.state.flat('params');
      for (let i = 0; i < size; i++)
        expect(Math.abs(now[i] - p[i])).toBeLessThan(5e-7 * Math.max(1, Math.abs(p[i])));
    }
    program.dispose();
  });
});

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
});

describe('clipping', () => {
  const clip = async (values: number[], maxNorm: number) => {
    const program = await compile(({ g }: { g: Tensor }) => clipByGlobalNorm(g, maxNorm));
    const { gradient, norm } = await program({ g: hostTensor([values.length], values) });
    program.dispose();
    return { gradient: [...gradient.data], norm: norm.data[0] };
  };

  it('scales a long gradient down to the length', async () => {
    // |(3, 4)| = 5; torch scales by 1 / (5 + 1e-6)
    const { gradient, norm } = await clip([3, 4], 1);
    expect(norm).toBe(5);
    expect(gradient[0]).toBeCloseTo(0.6, 6);
    expect(gradient[1]).toBeCloseTo(0.8, 6);
  });

  it('leaves a short gradient, and any with no limit, as they are', async () => {
    expect(await clip([0.3, 0.4], 1)).toEqual({ gradient: [0.3, 0.4].map(Math.fround), norm: 0.5 });
    expect((await clip([3, 4], Number.POSITIVE_INFINITY)).gradient).toEqual([3, 4]);
    expect((await clip([0, 0], 1)).gradient).toEqual([0, 0]);
  });

  it('by value bounds each element', async () => {
    const program = await compile(({ g }: { g: Tensor }) => ({ out: clipByValue(g, 0.5) }));
    const { out } = await program({ g: hostTensor([3], [-2, 0.25, 2]) });
    expect([...out.data]).toEqual([-0.5, 0.25, 0.5]);
    program.dispose();
  });
});
