import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { Cell } from '../../../src/scenarios/ab-robotics/cell.ts';
import type { Surroundings } from '../../../src/scenarios/ab-robotics/contract.ts';
import { asSetUp, moved } from '../../../src/scenarios/ab-robotics/drift.ts';
import { controllers, truths } from '../../../src/scenarios/ab-robotics/plans.ts';

const cell = new Cell(await loadEngine('simd'));
const noise = Random.fromSeed(77);
afterAll(() => cell.free());

function rate(trials: number, squeeze: number, around: Surroundings = asSetUp): number {
  let near = 0;
  for (let i = 0; i < trials; i++)
    if (cell.play({ squeeze, lift: 0.07, correction: 0 }, around, noise.split(i)).distance < 0.028) near++;
  return near / trials;
}
const logit = (p: number) => Math.log(p / (1 - p));

describe('the world as it was set up', () => {
  it('has the effects of the controllers that the plans name, over 12,000 trials each', () => {
    const [baseline, ...others] = controllers.arms;
    const base = rate(12_000, baseline.parameters['squeeze']);
    expect(base).toBeGreaterThan(0.8);
    expect(base).toBeLessThan(0.9);
    for (const { name, parameters } of others) {
      const effect = rate(12_000, parameters['squeeze']) / base - 1;
      expect(Math.abs(effect - truths[name]), `${name}: ${effect}`).toBeLessThan(0.006);
    }
  });

  it('moves by about as many logits as the drift says, each part alone and all together', () => {
    const trials = 3_000;
    const base = logit(rate(trials, 1.25));
    const still = { friction: 0, gain: 0, tilt: 0, offset: 0 };
    const gains: Record<string, number> = {};
    for (const part of ['friction', 'gain', 'tilt', 'offset'] as const) {
      const better = logit(rate(trials, 1.25, moved({ ...still, [part]: 0.3 })));
      const worse = logit(rate(trials, 1.25, moved({ ...still, [part]: -0.3 })));
      gains[part] = (better - worse) / 0.6;
    }
    for (const [part, gain] of Object.entries(gains)) {
      expect(gain, part).toBeGreaterThan(0.7);
      expect(gain, part).toBeLessThan(1.3);
    }
    const all = (by: number) =>
      logit(rate(trials, 1.25, moved({ friction: by, gain: by, tilt: by, offset: by })));
    expect((all(0.1) - all(-0.1)) / 0.8).toBeGreaterThan(0.7);
    expect((all(0.1) - all(-0.1)) / 0.8).toBeLessThan(1.3);
    expect(Math.abs(base - 1.75)).toBeLessThan(0.1);
  });
});
