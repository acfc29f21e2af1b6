import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playShort } from '../short-run.ts';

const few = ['candidates=8', 'steps=24', 'sweepHorizons=[3]', 'sweepCandidates=[4]'];

test('arms come to the same on one lane and on two', async () => {
  const one = await playShort('cart-pole-mpc', 1, few);
  const two = await playShort('cart-pole-mpc', 2, few);
  expect(two.summary.metrics).toEqual(one.summary.metrics);
  expect(one.summary.metrics['stepsCounted']).toBe(1);
  expect(readdirSync(join(one.folder, 'exhibits')).sort()).toEqual([
    '1-returns.json',
    '2-candidates.json',
    '2-horizons.json',
    '3-episode.json',
    '4-promises.json',
    '5-cost.json',
  ]);
  expect(readdirSync(one.folder)).toContain('film.json');
});

test('a short run swings up, and its controls do not', async () => {
  const { summary } = await playShort('cart-pole-mpc', 2);
  expect(summary.checks.filter(({ pass }) => !pass)).toEqual([]);
});
