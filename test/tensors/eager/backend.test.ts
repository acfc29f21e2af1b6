import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PackageHost, packageHost } from '../../../src/tensors/eager/native.ts';
import type { Tensor } from '../../../src/tensors/index.ts';
import { importFakeNative } from '../fixtures/fake-native.ts';

type Tensors = typeof import('../../../src/tensors/index.ts');
let tensors: Tensors;

// A backend is picked once a thread, so every test gets modules that have not picked one.
beforeEach(async () => {
  vi.resetModules();
  tensors = await import('../../../src/tensors/index.ts');
});
afterEach(() => {
  if (tensors.tf.findBackendFactory('tensorflow')) tensors.tf.removeBackend('tensorflow');
});

/** A project that has installed some packages, each with what importing it does. */
function hostWith(packages: Record<string, () => unknown>, more: Partial<PackageHost> = {}): PackageHost {
  return {
    resolve: specifier => (specifier in packages ? specifier : undefined),
    load: async file => packages[file](),
    run: async () => {
      throw new Error('not asked for');
    },
    hasLegacyUtil: true,
    ...more,
  };
}

const cudaMissing = () => {
  throw new Error('libcudart.so.11.0: cannot open shared object file\n  at dlopen');
};

describe('initTensors', () => {
  it('takes wasm where no native package is installed, and says so', async () => {
    const [executor, again] = await Promise.all([tensors.initTensors(), tensors.initTensors()]);
    expect(again).toBe(executor);
    expect(executor).toEqual({
      name: 'eager/wasm',
      reason:
        '@tensorflow/tfjs-node-gpu is not installed; @tensorflow/tfjs-node is not installed; ' +
        'wasm: WebAssembly with SIMD, one thread',
    });
    await expect(tensors.initTensors('cpu')).rejects.toThrow(
      'tensors: expected eager/cpu, but this thread runs on eager/wasm already',
    );
  });

  it('takes plain JavaScript where it is asked for', async () => {
    const { name } = await tensors.initTensors('cpu');
    expect(name).toBe('eager/cpu');
    const program = await tensors.compile(({ x }: { x: Tensor }) => ({ y: x }));
    expect(program.executor.name).toBe('eager/cpu');
  });

  it('takes a native package that is installed, and passes over one that does not load', async () => {
    const host = hostWith({
      '@tensorflow/tfjs-node-gpu': cudaMissing,
      '@tensorflow/tfjs-node': () => ({ default: importFakeNative() }),
    });
    expect(await tensors.initTensors(undefined, host)).toEqual({
      name: 'eager/tfjs-node',
      reason:
        '@tensorflow/tfjs-node-gpu failed to load: libcudart.so.11.0: cannot open shared object file; ' +
        'tfjs-node: TensorFlow on the CPU',
    });
  });

  it('says when a native package computes on a GPU', async () => {
    const host = hostWith({ '@tensorflow/tfjs-node-gpu': () => importFakeNative({ gpu: true }) });
    const executor = await tensors.initTensors(undefined, host);
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
    await expect(tensors.initTensors('tfjs-node', host)).rejects.toThrow(
      `tensors: no backend starts: @tensorflow/tfjs-node ${reason}`,
    );
    // A failure is not final.
    expect((await tensors.initTensors('wasm')).name).toBe('eager/wasm');
  });
});

describe('a program on a native package', () => {
  it('computes what it computes on wasm, and holds no array of its caller', async () => {
    const host = hostWith({ '@tensorflow/tfjs-node': () => importFakeNative() });
    await tensors.initTensors(undefined, host);
    const { train } = await import('../fixtures/train.ts');
    const native = await train(4, 10);
    expect(native.executor).toBe('eager/tfjs-node');

    const { compile, hostTensor, tf } = tensors;
    const start = hostTensor([2], [1, 2]);
    const program = await compile(({ kept, x }: { kept: Tensor; x: Tensor }) => ({ kept: x, was: kept }), {
      state: { kept: start },
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
    const wasm = await (await import('../fixtures/train.ts')).train(4, 10);
    expect(wasm.executor).toBe('eager/wasm');
    wasm.params.forEach((value, i) => {
      expect(Math.abs(native.params[i] - value)).toBeLessThan(1e-4);
    });
  });
});

describe('describeExecutors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-native-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A package on disk, looked at as a real one is: in a process of its own. */
  const onDisk = (name: string, source: string): PackageHost => {
    const file = join(folder, `${name}.cjs`);
    writeFileSync(file, source);
    return {
      ...packageHost,
      hasLegacyUtil: true,
      resolve: specifier => (specifier.endsWith(name) ? file : undefined),
    };
  };

  it('names every backend, and why the native ones are absent', async () => {
    const nothing = hostWith({});
    expect(await tensors.describeExecutors(nothing)).toEqual([
      { name: 'eager/tfjs-node-gpu', available: false, reason: '@tensorflow/tfjs-node-gpu is not installed' },
      { name: 'eager/tfjs-node', available: false, reason: '@tensorflow/tfjs-node is not installed' },
      { name: 'eager/wasm', available: true, reason: 'WebAssembly with SIMD, one thread' },
      { name: 'eager/cpu', available: true, reason: 'plain JavaScript' },
    ]);
  });

  it('sees a package that works', async () => {
    const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
    const host = onDisk('tfjs-node', `module.exports = require(${JSON.stringify(tfjs)});`);
    const [, native] = await tensors.describeExecutors(host);
    expect(native).toEqual({ name: 'eager/tfjs-node', available: true, reason: 'TensorFlow on the CPU' });
  });

  it.each([
    [
      'throws',
      `throw new Error('libtensorflow.so.2: cannot open shared object file')`,
      'Error: libtensorflow.so.2: cannot open shared object file',
    ],
    ['aborts the process', 'process.abort()', 'Command failed'],
  ])('survives a package that %s', async (_, source, reason) => {
    const [native] = await tensors.describeExecutors(onDisk('tfjs-node-gpu', source));
    expect(native.available).toBe(false);
    expect(native.reason).toContain(`@tensorflow/tfjs-node-gpu failed to load: ${reason}`);
  });

  it('knows which versions of Node have what tfjs-node calls', () => {
    expect(packageHost.hasLegacyUtil).toBe(Number(process.versions.node.split('.')[0]) < 23);
  });
});
