import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tensor } from '../../../src/tensors/index.ts';
import { hostWith } from '../fixtures/fake-host.ts';
import { importFakeNative } from '../fixtures/fake-native.ts';

type Tensors = typeof import('../../../src/tensors/index.ts');
let tensors: Tensors;
let eager: typeof import('../../../src/tensors/eager/backend.ts');

// A backend is picked once a thread, so every test gets modules that have not picked one.
beforeEach(async () => {
  vi.resetModules();
  tensors = await import('../../../src/tensors/index.ts');
  eager = await import('../../../src/tensors/eager/backend.ts');
});
afterEach(() => {
  if (tensors.tf.findBackendFactory('tensorflow')) tensors.tf.removeBackend('tensorflow');
});

const cudaMissing = () => {
  throw new Error('libcudart.so.11.0: cannot open shared object file\n  at dlopen');
};

describe('startEager', () => {
  it('takes wasm where no native package is installed, and says so', async () => {
    const [executor, again] = await Promise.all([eager.startEager(), eager.startEager()]);
    expect(again).toBe(executor);
    expect(executor).toEqual({
      name: 'eager/wasm',
      reason:
        '@tensorflow/tfjs-node-gpu is not installed; @tensorflow/tfjs-node is not installed; ' +
        'wasm: WebAssembly with SIMD, one thread',
    });
    await expect(eager.startEager('cpu')).rejects.toThrow(
      'tensors: expected eager/cpu, but this thread runs on eager/wasm already',
    );
  });

  it('takes plain JavaScript where it is asked for', async () => {
    const { name } = await eager.startEager('cpu');
    expect(name).toBe('eager/cpu');
    const program = await tensors.compile(({ x }: { x: Tensor }) => ({ y: x }), { executor: 'eager' });
    expect(program.executor.name).toBe('eager/cpu');
  });

  it('takes a native package that is installed, and passes over one that does not load', async () => {
    const host = hostWith({
      '@tensorflow/tfjs-node-gpu': cudaMissing,
      '@tensorflow/tfjs-node': () => ({ default: importFakeNative() }),
    });
    expect(await eager.startEager(undefined, host)).toEqual({
      name: 'eager/tfjs-node',
      reason:
        '@tensorflow/tfjs-node-gpu failed to load: libcudart.so.11.0: cannot open shared object file; ' +
        'tfjs-node: TensorFlow on the CPU',
    });
  });

  it('says when a native package computes on a GPU', async () => {
    const host = hostWith({ '@tensorflow/tfjs-node-gpu': () => importFakeNative({ gpu: true }) });
    const executor = await eager.startEager(undefined, host);
    expect(executor.reason).toBe('tfjs-node-gpu: TensorFlow on a GPU');
  });

  it.each([
    ['is not installed', {}, {}],
    [
      '4.22 does not run on Node 23 or newer (tfjs#8609)',
      { '@tensorflow/tfjs-node': importFakeNative },
      { hasLegacyUtil: false },
    ],
    [
      'brings tfjs-core 3.0.0, expected 4.22.0: install the same version',
      { '@tensorflow/tfjs-node': () => importFakeNative({ core: '3.0.0' }) },
      {},
    ],
  ])('fails with the reason where the package that was asked for %s', async (reason, packages, more) => {
    const host = hostWith(packages, more);
    await expect(eager.startEager('tfjs-node', host)).rejects.toThrow(
      `tensors: no backend starts: @tensorflow/tfjs-node ${reason}`,
    );
    // A failure is not final.
    expect((await eager.startEager('wasm')).name).toBe('eager/wasm');
  });
});

describe('a program on a native package', () => {
  it('computes what it computes on wasm, and holds no array of its caller', async () => {
    const host = hostWith({ '@tensorflow/tfjs-node': () => importFakeNative() });
    await eager.startEager(undefined, host);
    const { train } = await import('../fixtures/train.ts');
    const native = await train(4, 10, 'eager');
    expect(native.executor).toBe('eager/tfjs-node');

    const { compile, hostTensor, tf } = tensors;
    const start = hostTensor([2], [1, 2]);
    const program = await compile(({ kept, x }: { kept: Tensor; x: Tensor }) => ({ kept: x, was: kept }), {
      state: { kept: start },
      executor: 'eager',
    });
    const x = hostTensor([2], [3, 4]);
    const { was } = await program({ x });
    const { numTensors } = tf.memory();
    start.data.fill(8);
    x.data.fill(8);
    was.data.fill(8);
    expect([...program.state.get().kept.data]).toEqual([3, 4]);
    program.state.get().kept.data.fill(8);
    expect([...(await program({ x })).was.data]).toEqual([3, 4]);
    expect(tf.memory().numTensors).toBe(numTensors);
    program.dispose();

    vi.resetModules();
    const wasm = await (await import('../fixtures/train.ts')).train(4, 10, 'eager');
    expect(wasm.executor).toBe('eager/wasm');
    wasm.params.forEach((value, i) => {
      expect(Math.abs(native.params[i] - value)).toBeLessThan(1e-4);
    });
  });
});
