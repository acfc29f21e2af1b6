import { describe, expect, it } from 'vitest';
import { pixelChecks } from '../../../src/scenarios/latent-planning/checks-pixels.ts';
import type { OpenLoops } from '../../../src/scenarios/latent-planning/imagined.ts';
import { pixelFiguresOf, pixelSteps } from '../../../src/scenarios/latent-planning/pixel-figures.ts';
import { pixelSettings, presetOf } from '../../../src/scenarios/latent-planning/pixel-settings.ts';

const horizon = 50;
/** Errors that are `early` over the steps that count, and huge beyond. */
const errors = (early: number, reward = early) => {
  const of = (value: number) => Array.from({ length: horizon }, (_, t) => (t < pixelSteps ? value : 1e6));
  return { observation: of(early), reward: of(reward) };
};
const loops = (model: number, reward = 1): OpenLoops => ({
  ...{ context: 5, horizon, count: 4, imagined: 4, samples: 2, examples: [] },
  errors: {
    model: errors(model, reward),
    otherActions: errors(6),
    constant: errors(5),
    lastSeen: errors(10),
  },
});
const rows = (kls: readonly number[]) =>
  kls.map((kl, i) => ({ version: i + 1, updates: 100 * (i + 1), episodes: i + 5, figures: { kl } }));
const base = { side: 32, freeNats: 1, tests: [300, 320, 340, 360], random: [90, 130, 110, 110] };

describe('figures of pixels', () => {
  it('are of the first twenty steps, the last permits and the noise-free returns', () => {
    const kls = [...new Array<number>(18).fill(1), 3, 5];
    const figures = pixelFiguresOf({ ...base, loops: loops(3), learning: rows(kls) });
    expect(figures).toMatchObject({
      side: 32,
      steps: 20,
      overLastFrame: 0.3,
      overMeanFrame: 0.6,
      reward: 0.2,
    });
    expect(figures.otherActions).toBe(2);
    expect(figures.rewardOtherActions).toBe(6);
    expect([figures.kl, figures.klOverFree]).toEqual([4, 4]);
    // Means 330 and 110; variances 2000/3 and 800/3 over 4 each.
    expect(figures.overRandom).toBeCloseTo(220 / Math.sqrt(700 / 3), 10);
  });

  it('leave out what there is nothing to compare with', () => {
    const figures = pixelFiguresOf({ ...base, random: undefined, loops: loops(3), learning: [] });
    expect(figures.overRandom).toBeUndefined();
    expect(figures.kl).toBe(0);
  });
});

describe('checks of pixels', () => {
  const held = (
    kl: number,
    model: number,
    tests: readonly number[],
    pixelBars: 'full' | 'short' = 'full',
  ) => {
    const result = {
      pixelBars,
      pixels: pixelFiguresOf({ ...base, tests, loops: loops(model), learning: rows([kl]) }),
    };
    return pixelChecks
      .filter(check => check.applies?.(result))
      .filter(({ value, atLeast = -Infinity, atMost = Infinity }) => {
        const measured = value(result);
        return !(measured >= atLeast && measured <= atMost);
      })
      .map(({ name }) => name);
  };

  it('hold a model that sees ahead, and fail one that has collapsed, repeats or does not act', () => {
    expect(held(3, 3, base.tests)).toEqual([]);
    expect(held(1.05, 3, base.tests)).toEqual(['pixels: KL over the free nats, times']);
    expect(held(3, 4, base.tests)).toEqual(['pixels: error over that of the mean frame']);
    expect(held(3, 5.6, base.tests)).toEqual([
      'pixels: error over that of the mean frame',
      'pixels: control: error with another episode’s actions, times',
    ]);
    expect(held(3, 3, base.random)).toEqual(['pixels: return over random actions']);
  });

  it('hold a short run to a latent state that has not collapsed, and nothing of a full one', () => {
    expect(held(3, 6, base.random, 'short')).toEqual([]);
    expect(held(1.05, 6, base.random, 'short')).toEqual(['pixels, short: KL over the free nats, times']);
    expect(held(3, 11, base.random, 'short')).toEqual(['pixels, short: error over that of the last frame']);
  });

  it('apply only where pixels are seen', () => {
    expect(pixelChecks.some(check => check.applies?.({}))).toBe(false);
  });
});

it('the paper’s preset has its sizes, but pictures as the run has them', () => {
  expect(presetOf('paper', 64)).toMatchObject({ depth: 32, deterministic: 200, batch: 50, freeNats: 3 });
  expect(presetOf('paper', 64)).not.toHaveProperty('side');
  expect(presetOf('small', 64)).toEqual(pixelSettings(64));
  expect(([64, 32] as const).map(side => pixelSettings(side).imageDecoder?.channels.length)).toEqual([3, 2]);
  // Grey 246, which scenes are drawn on, at five bits.
  expect(pixelSettings(32).pixelCenter).toBe((Math.floor(246 / 8) + 0.5) / 32 - 0.5);
});
