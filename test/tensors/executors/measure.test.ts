import { describe, expect, it } from 'vitest';
import type { GraphExecutor } from '../../../src/tensors/executors/contract.ts';
import { compareExecutors, fastestExecutor, type Workload } from '../../../src/tensors/executors/measure.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { stepModel, vector } from './conformance.ts';

const workload: Workload = {
  model: stepModel,
  feeds: executor => ({ w: vector(executor, 5, 6), x: vector(executor, 1, 2) }),
  carried: { next: 'w' },
};

/** onnx-cpu by another name, whose steps take so long on a clock of the test, or fail from one of them on. */
function slowed(name: string, cost: number, clock: { time: number }, failsAt = Number.POSITIVE_INFINITY) {
  const inner = startOnnxCpu();
  const seen = { steps: 0, loaded: 0, released: 0, last: Number.NaN };
  const executor: GraphExecutor = {
    ...inner,
    name,
    async load(model, options) {
      seen.loaded++;
      const session = await inner.load(model, options);
      return {
        async run(feeds) {
          if (++seen.steps >= failsAt) throw new Error(`${name}: device lost`);
          clock.time += cost;
          const outputs = await session.run(feeds);
          seen.last = (outputs.next.data as Float32Array)[0];
          return outputs;
        },
        async release() {
          seen.released++;
          await session.release();
        },
      };
    },
  };
  return { executor, seen };
}

const compare = (clock: { time: number }, ...slow: readonly ReturnType<typeof slowed>[]) =>
  compareExecutors(
    slow.map(({ executor }) => executor),
    workload,
    () => clock.time,
  );

describe('compareExecutors', () => {
  it('takes the faster one and says against what', async () => {
    const clock = { time: 0 };
    const cpu = slowed('onnx-cpu', 1.8, clock);
    const gpu = slowed('onnx-webgpu', 4.2, clock);
    const { executor, reason } = await compare(clock, cpu, gpu);
    expect(executor).toBe(cpu.executor);
    expect(reason).toBe('onnx-cpu: 1.8 ms a step against 4.2 ms on onnx-webgpu');
    // 50 steps of 1.8 ms, and as many of 4.2 ms as reach 150 ms; three beforehand.
    expect([cpu.seen.steps, gpu.seen.steps]).toEqual([53, 39]);
    // The state was carried: 5 - 0.1 · 53.
    expect(cpu.seen.last).toBeCloseTo(-0.3, 4);
    expect([cpu.seen.released, gpu.seen.released]).toEqual([1, 1]);
  });

  it('takes the other way round', async () => {
    const clock = { time: 0 };
    const { executor, reason } = await compare(
      clock,
      slowed('onnx-cpu', 12, clock),
      slowed('onnx-cuda', 0.31, clock),
    );
    expect(executor.name).toBe('onnx-cuda');
    expect(reason).toBe('onnx-cuda: 0.31 ms a step against 12 ms on onnx-cpu');
  });

  it('leaves out one that fails in the midst, and releases it', async () => {
    const clock = { time: 0 };
    const gpu = slowed('onnx-webgpu', 0.1, clock, 10);
    const { executor, reason } = await compare(clock, slowed('onnx-cpu', 2, clock), gpu);
    expect(executor.name).toBe('onnx-cpu');
    expect(reason).toBe('onnx-cpu: 2.0 ms a step; onnx-webgpu: device lost');
    expect(gpu.seen.released).toBe(1);
  });

  it('fails where the first does', async () => {
    const clock = { time: 0 };
    await expect(compare(clock, slowed('onnx-cpu', 2, clock, 2))).rejects.toThrow('onnx-cpu: device lost');
  });
});

it('times nothing where there is no GPU', async () => {
  const { packageHost } = await import('../../../src/tensors/packages.ts');
  const host = { ...packageHost, run: () => Promise.reject(new Error('no driver')) };
  const never = { ...workload, model: () => expect.unreachable('a model was asked for') };
  expect(await fastestExecutor(never, host)).toMatchObject({
    name: 'onnx-cpu',
    reason: 'onnxruntime, native, one thread',
  });
});
