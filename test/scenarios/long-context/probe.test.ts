import { expect, it } from 'vitest';
import { startSystem } from '../../../src/actors/index.ts';
import { Random } from '../../../src/core/random.ts';
import { languageModelConfig, languageModelInit } from '../../../src/learners/language-model/index.ts';
import { memoryProbe } from '../../../src/scenarios/long-context/probe.ts';
import { flattenTree } from '../../../src/tensors/index.ts';

const model = languageModelConfig.parse({ layers: 2, width: 8, heads: 2, inner: 16 });
const vocabulary = 5;

it('finds that segmentation is seen nowhere, and that no gradient flows into a memory', async () => {
  const system = await startSystem({ seed: 1 });
  try {
    const probe = await system.spawn(
      memoryProbe,
      { model, vocabulary, seed: 1, executor: 'onnx-cpu' },
      { on: 'main' },
    );
    const params = flattenTree(languageModelInit(Random.fromSeed(1), model, vocabulary)).map(x =>
      x === 1 ? 1 : 20 * x,
    );
    const { segmentation, forgetting, memoryGradient } = await probe.call.probe(params);
    expect(forgetting).toBeGreaterThan(0.1);
    expect(segmentation).toBeLessThan(1e-4);
    expect(memoryGradient).toBe(0);
  } finally {
    await system.stop();
  }
});
