import { describe, expect, it } from 'vitest';
import type { GraphExecutor } from '../../../src/tensors/executors/contract.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { startOnnxWasm } from '../../../src/tensors/executors/onnx-wasm.ts';
import { answersOf, noWebgpu } from '../fixtures/webgpu.ts';
import { cases } from './cases/index.ts';
import { sweep } from './sweep.ts';

/** The native executor, given the nodes that WebGPU is given: the forms are right wherever they run. */
const webgpuNodes: GraphExecutor = {
  ...startOnnxCpu(),
  name: 'onnx-cpu with nodes for WebGPU',
  dialect: 'webgpu',
};

/** Executors that run in this process; the one of the fast suite is not among them. */
const executors: readonly GraphExecutor[] = [webgpuNodes, await startOnnxWasm()];

describe.each(executors)('every operation of $name agrees with eager tfjs', executor => {
  it.each(cases)('$name', async item => {
    await sweep(item, executor, 2e-5);
  });
});

describe.skipIf(noWebgpu)(`onnx-webgpu${noWebgpu ? ` (skipped: ${noWebgpu})` : ''}`, () => {
  it('agrees with eager tfjs in every operation', async () => {
    const failures = Object.assign({}, ...(await answersOf('check-sweep.ts', 'onnx-webgpu', '2e-4')));
    expect(failures).toEqual(Object.fromEntries(cases.map(({ name }) => [name, null])));
  });
});
