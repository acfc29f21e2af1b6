import { afterEach, describe, expect, test } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import type { PlantedFault } from '../../../src/learners/pipeline-parallel/index.ts';
import { convNetRef } from '../../../src/learners/pipeline-parallel/nets/index.ts';
import { playGradients } from '../../../src/scenarios/pipeline-parallel/gradients.ts';
import { type GridNet, glyphBatches, glyphMlp } from '../../../src/scenarios/pipeline-parallel/nets.ts';
import { mainLane } from '../deep-bootstrap/main-lane.ts';

let system: System;
afterEach(() => system?.stop());

const rows = 6;
const mlp: GridNet = {
  name: 'mlp',
  net: glyphMlp(2, 8, 0.2),
  layers: 3,
  ...{ rows, stages: [2], micro: [[3, 1, 2]], byMicro: false },
  batch: glyphBatches(1, rows),
};
const conv: GridNet = {
  ...mlp,
  name: 'conv',
  net: convNetRef({ channels: [2] }),
  layers: 4,
  micro: [[4, 2]],
  byMicro: true,
};
async function played(grid: GridNet, fault?: PlantedFault) {
  system = await startSystem({ seed: 1 });
  const { compared } = await playGradients(mainLane(system), grid, 2, 'onnx-cpu', fault);
  return compared[0];
}

describe('a pipeline against the whole net', { timeout: 60_000 }, () => {
  test('agrees with it', async () => {
    for (const grid of [mlp, conv]) {
      const { gradient, params, statistics, apart, clock, uneven } = await played(grid);
      expect(Math.max(gradient, params, statistics)).toBeLessThan(1e-5);
      expect({ apart, clock, uneven }).toEqual({ apart: 0, clock: 0, uneven: true });
      await system.stop();
    }
  });

  test('does not where all micro-batches weigh the same', async () => {
    const { gradient, params } = await played(mlp, { kind: 'meanOfMeans' });
    expect(gradient).toBeGreaterThan(0.01);
    expect(params).toBeGreaterThan(1e-4);
  });

  test('does not where recomputation moves statistics again', async () => {
    const { gradient, statistics, apart } = await played(conv, { kind: 'statisticsTwice' });
    expect(gradient).toBeLessThan(1e-5);
    expect(statistics).toBeGreaterThan(1e-3);
    expect(apart).toBeGreaterThan(0);
  });
});
