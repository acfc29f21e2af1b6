import { beforeAll, expect, it } from 'vitest';
import { smallCases } from '../../../src/bench/cases/index.ts';
import { initTensors } from '../../../src/tensors/index.ts';
import { apart, lossesOf } from './losses.ts';

beforeAll(async () => void (await initTensors('eager/wasm')));

it.each(smallCases)('$name: 50 steps on onnx-cpu give the losses of eager wasm', async one => {
  expect(apart(await lossesOf(one, 'eager/wasm'), await lossesOf(one, 'onnx-cpu'))).toBeLessThan(2e-5);
});
