import { describe, expect, it } from 'vitest';
import type { GraphExecutor } from '../../../src/tensors/executors/contract.ts';
import { mayHaveGpu } from '../../../src/tensors/executors/gpu-devices.ts';
import {
  fastestExecutor,
  graphicsCards,
  tooShort,
  type Workload,
} from '../../../src/tensors/executors/measure.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { packageHost } from '../../../src/tensors/packages.ts';
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

const fastest = (
  clock: { time: number },
  usual: ReturnType<typeof slowed>,
  ...rivals: readonly ReturnType<typeof slowed>[]
) =>
  fastestExecutor(usual.executor, workload, {
    start: async () => rivals.map(({ executor }) => executor),
    now: () => clock.time,
  });

describe('fastestExecutor', () => {
  it('takes the faster one and says against what', async () => {
    const clock = { time: 0 };
    const cpu = slowed('onnx-cpu', 1.8, clock);
    const gpu = slowed('onnx-webgpu', 4.2, clock);
    expect(await fastest(clock, cpu, gpu)).toEqual({
      executor: cpu.executor,
      reason: 'onnx-cpu 1.8 ms a step, onnx-webgpu 4.2 ms a step',
    });
    // 50 steps of 1.8 ms, and as many of 4.2 ms as reach 150 ms; three beforehand.
    expect([cpu.seen.steps, gpu.seen.steps]).toEqual([53, 39]);
    // The state was carried: 5 - 0.1 · 53.
    expect(cpu.seen.last).toBeCloseTo(-0.3, 4);
    expect([cpu.seen.released, gpu.seen.released]).toEqual([1, 1]);
  });

  it('takes the other way round', async () => {
    const clock = { time: 0 };
    const choice = await fastest(clock, slowed('onnx-cpu', 12, clock), slowed('onnx-cuda', 0.31, clock));
    expect(choice).toMatchObject({
      executor: { name: 'onnx-cuda' },
      reason: 'onnx-cuda 0.31 ms a step, onnx-cpu 12 ms a step',
    });
  });

  it('leaves out one that fails in the midst, and releases it', async () => {
    const clock = { time: 0 };
    const gpu = slowed('onnx-webgpu', 0.1, clock, 10);
    expect(await fastest(clock, slowed('onnx-cpu', 2, clock), gpu)).toMatchObject({
      executor: { name: 'onnx-cpu' },
      reason: 'onnx-cpu 2.0 ms a step; onnx-webgpu: device lost',
    });
    expect(gpu.seen.released).toBe(1);
  });

  it('fails where the usual one does', async () => {
    const clock = { time: 0 };
    await expect(fastest(clock, slowed('onnx-cpu', 2, clock, 2))).rejects.toThrow('onnx-cpu: device lost');
  });

  it('looks for nobody where a step is too short: of many steps in a run, one of them', async () => {
    const clock = { time: 0 };
    const cost = 0.8 * tooShort;
    const unasked = { start: () => expect.unreachable('rivals were started'), now: () => clock.time };
    const short = slowed('onnx-cpu', cost, clock);
    const reason = 'onnx-cpu 0.20 ms a step, too short for a GPU';
    expect(await fastestExecutor(short.executor, workload, unasked)).toMatchObject({ reason });
    const many = slowed('onnx-cpu', 32 * cost, clock);
    expect(await fastestExecutor(many.executor, { ...workload, steps: 32 }, unasked)).toMatchObject({
      reason,
    });
  });

  it('has nothing to say where there are no rivals', async () => {
    const clock = { time: 0 };
    expect(await fastest(clock, slowed('onnx-cpu', 2, clock))).toBeUndefined();
  });
});

it('without a driver there are no graphics cards', async () => {
  const host = { ...packageHost, run: () => Promise.reject(new Error('no driver')) };
  expect(await graphicsCards(host)).toEqual([]);
});

it.each([
  ['linux', '/dev/dri', true],
  ['linux', '/dev/nvidiactl', true],
  ['linux', '/dev/null', false],
  ['darwin', '/nothing', true],
] as const)('on %s with %s there may be a GPU: %s', (platform, file, may) => {
  expect(mayHaveGpu(platform, path => path === file)).toBe(may);
});
