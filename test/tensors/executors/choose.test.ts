import { beforeEach, describe, expect, it, vi } from 'vitest';
import { packageHost } from '../../../src/tensors/packages.ts';
import { hostWith } from '../fixtures/fake-host.ts';

let choose: typeof import('../../../src/tensors/executors/choose.ts');

// What a thread runs on is decided once, so every test gets modules that have not decided.
beforeEach(async () => {
  vi.resetModules();
  choose = await import('../../../src/tensors/executors/choose.ts');
});

describe('startExecutor', () => {
  it('takes onnx-cpu unasked, once', async () => {
    const [one, two] = await Promise.all([choose.startExecutor(), choose.startExecutor('auto')]);
    expect(one).toBe(two);
    expect(one).toMatchObject({ name: 'onnx-cpu', reason: 'onnxruntime, native, one thread' });
    expect(one.graph?.name).toBe('onnx-cpu');
  });

  it('has several beside each other', async () => {
    const names = ['onnx-cpu', 'onnx-wasm', 'eager/cpu'];
    const found = await Promise.all(names.map(name => choose.startExecutor(name)));
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(found.map(({ graph }) => graph?.sync)).toEqual([true, false, undefined]);
    expect(await choose.startExecutor('eager')).toMatchObject({ name: 'eager/cpu' });
  });

  it.each(['onnx-cpu/2', 'cpu/2'])('has the threads that %s asks for', async name => {
    expect(await choose.startExecutor(name)).toMatchObject({
      name: 'onnx-cpu/2',
      reason: 'onnxruntime, native, 2 threads',
    });
  });

  it.each(['onnx-cpu/1', 'onnx-cpu/0', 'onnx-cpu/100', 'onnx-cpu/two', 'onnx-wasm/2'])(
    'refuses %s',
    async name => {
      await expect(choose.startExecutor(name)).rejects.toThrow(`executor = ${name}: expected onnx-cpu, `);
    },
  );

  it('takes onnx-wasm where the native one does not load, and says why', async () => {
    const broken = () => {
      throw new Error('GLIBC_2.99 not found\n  required by');
    };
    const host = hostWith({
      'onnxruntime-node': broken,
      'onnxruntime-web': () => packageHost.load(packageHost.resolve('onnxruntime-web')!),
    });
    expect(await choose.startExecutor('auto', host)).toMatchObject({
      name: 'onnx-wasm',
      reason:
        'onnx-cpu: onnxruntime-node does not load here: GLIBC_2.99 not found; ' +
        'onnxruntime, WebAssembly, one thread',
    });
  });

  it('takes tfjs where there is no onnxruntime', async () => {
    const found = await choose.startExecutor('auto', hostWith({}));
    expect(found.name).toBe('eager/wasm');
    expect(found.graph).toBeUndefined();
    expect(found.reason).toMatch(
      /^onnx-cpu: onnxruntime-node is not installed: .*; onnx-wasm: onnxruntime-web is not installed: .*; .*wasm: WebAssembly/,
    );
  });

  it.each([
    [
      'onnx-cpu',
      hostWith({}),
      'onnx-cpu: onnxruntime-node is not installed: ONNXRUNTIME_NODE_INSTALL=skip npm i',
    ],
    ['onnx-wasm', hostWith({}), 'onnx-wasm: onnxruntime-web is not installed: npm i onnxruntime-web'],
    ['onnx-cuda', hostWith({ 'onnxruntime-node': () => ({}) }), 'onnx-cuda: its CUDA provider is '],
    [
      'webgpu',
      hostWith(
        { 'onnxruntime-node': () => ({}) },
        { run: async () => Promise.reject(new Error('no driver')) },
      ),
      'onnx-webgpu: no driver',
    ],
  ])('says why %s does not start, and tries again the next time', async (name, host, reason) => {
    await expect(choose.startExecutor(name, host)).rejects.toThrow(reason);
    await expect(choose.startExecutor(name, host)).rejects.toThrow(reason);
  });

  it('refuses names that mean none or several', async () => {
    await expect(choose.startExecutor('wasm')).rejects.toThrow(
      'executor = wasm: expected onnx-wasm or eager/wasm',
    );
    await expect(choose.startExecutor('gpu')).rejects.toThrow(
      'executor = gpu: expected onnx-cpu, onnx-webgpu',
    );
  });
});

describe('initTensors', () => {
  it('decides once a thread', async () => {
    const [first, again] = await Promise.all([choose.initTensors('eager/cpu'), choose.initTensors()]);
    expect(first).toBe(again);
    expect(await choose.initTensors('eager')).toBe(first);
    await expect(choose.initTensors('eager/wasm')).rejects.toThrow(
      'tensors: expected eager/wasm, but this thread runs on eager/cpu already',
    );
  });

  it('takes another where the first did not start', async () => {
    await expect(choose.initTensors('onnx-cuda')).rejects.toThrow('onnx-cuda: ');
    expect((await choose.initTensors('onnx-cpu')).graph?.name).toBe('onnx-cpu');
  });
});
