import { smallCases } from '../../../src/bench/cases/index.ts';
import { lossesOf } from './losses.ts';

// What the small cases give on WebGPU, a line each, in a process of its own.
for (const one of smallCases) {
  process.stdout.write(`${JSON.stringify({ [one.name]: await lossesOf(one, 'onnx-webgpu') })}\n`);
}
