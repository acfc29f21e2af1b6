import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { bootstrapConfig } from '../../../src/learners/deep-bootstrap/index.ts';
import { playWorlds, type WorldsPlan } from '../../../src/scenarios/deep-bootstrap/cast.ts';
import { mainLane } from './main-lane.ts';

let system: System;
afterEach(() => system?.stop());

const plan: WorldsPlan = {
  net: { kind: 'mlp', hidden: [8] },
  train: { name: 'glyphs', seed: 1, split: 'train' },
  test: { name: 'glyphs', seed: 1, split: 'test' },
  testCount: 200,
  trainCount: 100,
  training: bootstrapConfig.parse({ steps: 6, batch: 16 }),
  real: [{ world: 'N=100', samples: 100 }],
  strength: 0,
  labelNoise: null,
  seed: 1,
  executor: 'onnx-cpu',
};

async function played(changes: Partial<WorldsPlan> = {}) {
  await system?.stop();
  system = await startSystem({ seed: 1 });
  return playWorlds(mainLane(system), { ...plan, ...changes });
}

describe('coupled worlds', { timeout: 120_000 }, () => {
  it('come to the same curves again, and share no weights after the first step', async () => {
    const { curves, ledgers } = await played();
    expect((await played()).curves).toEqual(curves);
    expect(Object.values(ledgers).flat()).toEqual([]);
    expect(curves['ideal'].map(({ step }) => step)).toEqual([0, 4, 6]);
    expect(curves['ideal'][0].soft).toBe(curves['N=100'][0].soft);
    expect(curves['ideal'][1].soft).not.toBe(curves['N=100'][1].soft);
  });

  it('with augmented draws are judged on images as they are', async () => {
    const [plain, turned] = [await played(), await played({ strength: 0.5 })];
    for (const world of ['ideal', 'N=100']) {
      expect(turned.curves[world][0].soft).toBe(plain.curves[world][0].soft);
      expect(turned.curves[world][0].trainError).toBe(plain.curves[world][0].trainError);
      expect(turned.curves[world][2].soft).not.toBe(plain.curves[world][2].soft);
    }
    expect(Object.values(turned.ledgers).flat()).toEqual([]);
  });

  it('with noisy labels are judged by noisy labels, in training and in the test', async () => {
    const plain = await played();
    const noisy = await played({ labelNoise: { share: 1, seed: 1 } });
    for (const world of ['ideal', 'N=100']) {
      // The same weights, judged by other labels.
      expect(noisy.curves[world][0].hard).not.toBe(plain.curves[world][0].hard);
      expect(noisy.curves[world][2].soft).not.toBe(plain.curves[world][2].soft);
    }
    expect(noisy.curves['N=100'][0].trainError).not.toBe(plain.curves['N=100'][0].trainError);
  });
});
