import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeExecutor, describeExecutors } from '../../../src/tensors/executors/describe.ts';
import { adapterOf } from '../../../src/tensors/executors/onnx-webgpu.ts';
import { type PackageHost, packageHost } from '../../../src/tensors/packages.ts';
import { hostWith } from '../fixtures/fake-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-packages-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A package on disk, looked at as a real one is: in a process of its own. */
function onDisk(name: string, source: string): PackageHost {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, source);
  const resolve = (specifier: string) => (specifier.endsWith(name) ? file : undefined);
  return { ...packageHost, hasLegacyUtil: true, resolve };
}

/** onnxruntime-node that does something else in a session on WebGPU. */
const onWebgpu = (what: string): PackageHost =>
  onDisk(
    'onnxruntime-node',
    `const ort = require(${JSON.stringify(createRequire(import.meta.url).resolve('onnxruntime-node'))});
    exports.Tensor = ort.Tensor;
    exports.InferenceSession = { async create(model, options) {
      const webgpu = options.executionProviders[0] === 'webgpu';
      const session = await ort.InferenceSession.create(model, { executionProviders: ['cpu'] });
      if (!webgpu) return session;
      ${what}
    } };`,
  );

describe('describeExecutors', () => {
  it('names every executor, why those that need a package are absent, and how to get them', async () => {
    const missing = 'onnxruntime-node is not installed: ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node';
    const web = 'onnxruntime-web is not installed: npm i onnxruntime-web';
    expect(await describeExecutors(hostWith({}))).toEqual([
      { name: 'onnx-cpu', available: false, reason: missing },
      { name: 'onnx-webgpu', available: false, reason: missing },
      { name: 'onnx-cuda', available: false, reason: missing },
      { name: 'onnx-wasm', available: false, reason: web },
      { name: 'eager/tfjs-node-gpu', available: false, reason: '@tensorflow/tfjs-node-gpu is not installed' },
      { name: 'eager/tfjs-node', available: false, reason: '@tensorflow/tfjs-node is not installed' },
      { name: 'eager/wasm', available: true, reason: 'WebAssembly with SIMD, one thread' },
      { name: 'eager/cpu', available: true, reason: 'plain JavaScript' },
    ]);
  });

  it('finds what is installed here', async () => {
    expect(await describeExecutor('onnx-cpu')).toMatchObject({
      available: true,
      reason: 'onnxruntime, native',
    });
    expect(await describeExecutor('onnx-wasm')).toMatchObject({ available: true });
  });

  it('sees a package that works', async () => {
    const { resolve } = createRequire(import.meta.url);
    const [cpu, core] = ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-core'].map(name =>
      JSON.stringify(resolve(name)),
    );
    const host = onDisk('tfjs-node', `require(${cpu}); module.exports = require(${core});`);
    expect(await describeExecutor('eager/tfjs-node', host)).toEqual({
      name: 'eager/tfjs-node',
      available: true,
      reason: 'TensorFlow on the CPU',
    });
  });

  it.each([
    [
      'throws',
      `throw new Error('libtensorflow.so.2: cannot open shared object file')`,
      'Error: libtensorflow.so.2: cannot open shared object file',
    ],
    ['aborts the process', 'process.abort()', 'the process ended with SIGABRT'],
  ])('survives a package that %s', async (_, source, reason) => {
    const native = await describeExecutor('eager/tfjs-node-gpu', onDisk('tfjs-node-gpu', source));
    expect(native.available).toBe(false);
    expect(native.reason).toContain(`@tensorflow/tfjs-node-gpu failed to load: ${reason}`);
  });

  it.each([
    ['does not load', `throw new Error('GLIBC_2.99 not found');`, 'GLIBC_2.99 not found'],
    ['ends the process as it is loaded', 'process.abort();', 'the process ended with SIGABRT'],
  ])('says of onnxruntime-node that it %s', async (_, source, reason) => {
    const host = onDisk('onnxruntime-node', source);
    expect(await describeExecutor('onnx-cpu', host)).toEqual({ name: 'onnx-cpu', available: false, reason });
  });

  it.each([
    [
      'finds no adapter',
      `throw new Error('Failed to get a WebGPU adapter: No supported adapters');`,
      'no GPU is found',
    ],
    [
      'fails at a step',
      `session.run = async () => { throw new Error('device lost'); }; return session;`,
      'device lost',
    ],
    ['ends the process at a step', 'session.run = () => process.abort(); return session;', 'SIGABRT'],
    [
      'computes wrong',
      `const run = session.run.bind(session);
      session.run = async feeds => {
        const outputs = await run(feeds);
        outputs.y?.data.fill(9);
        return outputs;
      };
      return session;`,
      'it computes wrong: ',
    ],
  ])('does not take WebGPU that %s', async (_, what, reason) => {
    const found = await describeExecutor('onnx-webgpu', onWebgpu(what));
    expect(found.available).toBe(false);
    expect(found.reason).toContain(reason);
  });

  it('takes WebGPU that trains as the processor does', async () => {
    const found = await describeExecutor('onnx-webgpu', onWebgpu('return session;'));
    expect(found).toMatchObject({ available: true, reason: 'onnxruntime, WebGPU on a GPU' });
  });

  it('knows which versions of Node have what tfjs-node calls', () => {
    expect(packageHost.hasLegacyUtil).toBe(Number(process.versions.node.split('.')[0]) < 23);
  });
});

describe('an adapter', () => {
  it.each([
    [['libvulkan.so.1', 'libvk_swiftshader.so'], true],
    [['libvulkan.so.1.3.239', 'libvulkan_lvp.so'], true],
    [['libvulkan.so.1', 'libvulkan_lvp.so', 'libvulkan_radeon.so'], false],
    [['libvulkan.so.1', 'libGLX_nvidia.so.0'], false],
    [['d3d10warp.dll'], true],
    [[], false],
  ])('whose process loaded %j is a program: %s', (drivers, software) => {
    expect(adapterOf(drivers).software).toBe(software);
  });
});
