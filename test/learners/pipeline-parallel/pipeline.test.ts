import { afterEach, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  gradientDifference,
  microRows,
  onSystem,
  openPipeline,
  referenceGradient,
} from '../../../src/learners/pipeline-parallel/index.ts';
import { batchOf, module, residualMlp, twoWeights } from './nets.ts';

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

it('has the gradient of the whole mini-batch, over three stages and uneven micro-batches with dropout', async () => {
  system = await startSystem({ seed: 1 });
  const settings = { inputs: 6, width: 8, blocks: 4, classes: 3, dropout: 0.1 };
  const batch = batchOf(10, 6, 3, 5);
  const t0 = performance.now();
  const pipeline = await openPipeline(onSystem(system), {
    net: { module, name: 'residualMlp', settings },
    cuts: [2, 4],
    rows: 10,
    micro: 4,
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    seed: 3,
  });
  const t1 = performance.now();
  const report = await pipeline.step(batch);
  const t2 = performance.now();
  const reference = await referenceGradient(residualMlp(settings), batch, {
    seed: 3,
    rows: microRows(10, 4),
  });
  console.log(t1 - t0, t2 - t1, report, reference.loss);
  expect(report.loss).toBeCloseTo(reference.loss, 5);
  expect(gradientDifference(await pipeline.gradients(), reference.gradient)).toBeLessThan(1e-5);
  const t3 = performance.now();
  for (let i = 0; i < 20; i++) await pipeline.step(batch);
  console.log((performance.now() - t3) / 20);
});
