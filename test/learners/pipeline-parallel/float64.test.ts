import { expect, it } from 'vitest';
import { microRows } from '../../../src/learners/pipeline-parallel/index.ts';
import { difference64, layers64, pipeline64 } from './float64.ts';
import { batchOf, residualMlp } from './nets.ts';

const net = residualMlp({ inputs: 6, width: 8, blocks: 5, classes: 3, dropout: 0 });
const layers = layers64(net, 3);
const batch = batchOf(13, 6, 3, 5);
const whole = pipeline64(layers, batch, { cuts: [], rows: [13], recompute: false });

it('has the gradient of finite differences', () => {
  const { w } = layers[2];
  const step = 1e-6;
  const at = layers.slice(0, 2).reduce((sum, layer) => sum + layer.w.length + layer.b.length, 0);
  for (const i of [0, 9, 40]) {
    const before = w[i];
    const losses = [before + step, before - step].map(value => {
      w[i] = value;
      return pipeline64(layers, batch, { cuts: [], rows: [13], recompute: false }).loss;
    });
    w[i] = before;
    expect((losses[0] - losses[1]) / (2 * step)).toBeCloseTo(whole.gradient[at + i], 7);
  }
});

it('is the same to 1e-12 for every number of stages and micro-batches, recomputed or not, uneven or not', () => {
  for (const cuts of [[], [3], [2, 4], [1, 3, 5]]) {
    for (const micro of [1, 2, 4, 8, 12]) {
      for (const recompute of [true, false]) {
        const rows = microRows(13, micro);
        const cut = pipeline64(layers, batch, { cuts, rows, recompute });
        expect(difference64(cut.gradient, whole.gradient)).toBeLessThanOrEqual(1e-12);
      }
    }
  }
});
