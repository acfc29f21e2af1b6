import { describe, expect, it } from 'vitest';
import {
  clipByGlobalNorm,
  clipByValue,
  compile,
  hostTensor,
  type Tensor,
} from '../../../src/tensors/index.ts';

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
