import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { loadEngine } from '../../../src/env/rapier/engine.ts';
import { Cell } from '../../../src/scenarios/ab-robotics/cell.ts';
import { asSetUp, moved } from '../../../src/scenarios/ab-robotics/drift.ts';

const engine = await loadEngine('simd');
const controller = { squeeze: 1.25, lift: 0.07, correction: 0 };
const noise = Random.fromSeed(11);
const cell = new Cell(engine);
afterAll(() => cell.free());

/** Share of cubes that come to lie within 28 mm of the middle, over the same chances each time. */
function rate(trials: number, chosen = controller, around = asSetUp): number {
  let near = 0;
  for (let i = 0; i < trials; i++) if (cell.play(chosen, around, noise.split(i)).distance < 0.028) near++;
  return near / trials;
}

describe('Cell', { timeout: 120_000 }, () => {
  it('gives a trial the same bits in any order, in another cell, and in one that has just been made', () => {
    const other = new Cell(engine);
    const worlds = Array.from({ length: 60 }, (_, i) =>
      moved({ friction: (i % 5) / 5 - 0.4, gain: (i % 7) / 7 - 0.4, tilt: (i % 3) / 3, offset: (i % 4) / 4 }),
    );
    const play = (from: Cell, i: number) =>
      from.play({ ...controller, squeeze: 0.6 + (i % 6) / 3 }, worlds[i], noise.split('order', i));
    const forward = worlds.map((_, i) => play(cell, i));
    // Some arrive and some do not: trials that leave a cube anywhere come before others.
    expect(forward.some(({ held }) => held) && forward.some(({ held }) => !held)).toBe(true);
    const order = noise.split('shuffled').shuffle(worlds.map((_, i) => i));
    for (const i of order) expect(play(other, i)).toEqual(forward[i]);
    other.free();
    for (const i of [0, 17, 42]) {
      const fresh = new Cell(engine);
      expect(play(fresh, i)).toEqual(forward[i]);
      fresh.free();
    }
  });

  it('succeeds more often with more friction, force and aim, and on a level bench', () => {
    const base = rate(120);
    expect(base).toBeGreaterThan(0.78);
    expect(base).toBeLessThan(0.92);
    for (const part of ['friction', 'gain', 'tilt', 'offset'] as const) {
      const still = { friction: 0, gain: 0, tilt: 0, offset: 0 };
      expect(rate(120, controller, moved({ ...still, [part]: -0.6 })), part).toBeLessThan(base - 0.04);
    }
    expect(rate(120, { ...controller, squeeze: 1.5 })).toBeGreaterThan(base);
    expect(rate(120, { ...controller, squeeze: 0.9 })).toBeLessThan(base);
  });

  it('drops every cube that it does not hold, and moves none without a hand that closes', () => {
    for (let i = 0; i < 20; i++) {
      const played = cell.play({ ...controller, squeeze: 0.01 }, asSetUp, noise.split('weak', i));
      expect(played.held).toBe(false);
      expect(played.distance).toBeGreaterThan(0.2);
    }
  });
});
