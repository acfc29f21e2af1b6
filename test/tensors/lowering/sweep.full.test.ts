import { describe, it } from 'vitest';
import type { GraphExecutor } from '../../../src/tensors/executors/contract.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { cases } from './cases/index.ts';
import { sweep } from './sweep.ts';

/** The native executor, given the nodes that WebGPU is given: the forms are right wherever they run. */
const webgpuNodes: GraphExecutor = {
  ...startOnnxCpu(),
  name: 'onnx-cpu with nodes for WebGPU',
  dialect: 'webgpu',
};

/** Every executor but the one of the fast suite, with the difference to eager tfjs that it is allowed. */
const executors: readonly (readonly [GraphExecutor, number])[] = [[webgpuNodes, 2e-5]];

describe.each(executors)('every operation of $name agrees with eager tfjs', (executor, tolerance) => {
  it.each(cases)('$name', async item => {
    await sweep(item, executor, tolerance);
  });
});
