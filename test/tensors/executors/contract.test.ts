import { describe, expect, it } from 'vitest';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { startOnnxWasm } from '../../../src/tensors/executors/onnx-wasm.ts';
import { packageHost } from '../../../src/tensors/packages.ts';
import { conformance } from './conformance.ts';

/** As if the package had no inner layer, or one of another form. */
const withBinding = (binding: unknown) => ({
  ...packageHost,
  require: (file: string) => (file.endsWith('binding.js') ? binding : packageHost.require(file)),
});

describe.each([
  ['onnx-cpu', true, () => startOnnxCpu()],
  ['onnx-cpu with threads', true, () => startOnnxCpu({ threads: 2 })],
  ['onnx-cpu by its public interface', false, () => startOnnxCpu({}, withBinding({ binding: {} }))],
  ['onnx-wasm', false, () => startOnnxWasm()],
] as const)('%s', (_, sync, start) => {
  it('says whether it runs at once', async () => {
    expect((await start()).sync).toBe(sync);
  });

  it.each(Object.entries(conformance))('%s', async (_, check) => {
    await check(await start());
  });
});
