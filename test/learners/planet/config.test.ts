import { expect, it } from 'vitest';
import { box, discrete } from '../../../src/env/spaces.ts';
import { paperSettings, planetConfig } from '../../../src/learners/planet/config.ts';
import { openLoopErrors } from '../../../src/learners/planet/imagination.ts';
import { planetSizes } from '../../../src/learners/planet/spaces.ts';

const spaces = (o: number | number[], action = box(1, { low: -2, high: 4 })) => ({
  observation: box(o),
  action,
});

it('the paper’s settings are valid', () => {
  const config = planetConfig.parse(paperSettings);
  expect(planetSizes(config, spaces([64, 64, 3]))).toMatchObject({ latent: 230, observation: 12_288 });
});

it('actions have a middle and half a width; a stochastic model has no h', () => {
  const sizes = planetSizes(planetConfig.parse({ latent: 'stochastic' }), spaces(3));
  expect(sizes).toMatchObject({ deterministic: 0, latent: 16, action: 1 });
  expect([sizes.middle[0], sizes.half[0]]).toEqual([1, 3]);
});

it.each([
  [{ overshooting: { distance: 20 } }, 'expected less than length = 20'],
  [{ decodeEvery: 3 }, 'expected a divisor of length = 20'],
  [{ side: 32, firstStride: 4 }, 'expected 2 where side = 32'],
  [{ side: 32, imageDecoder: { hidden: 9, channels: [6, 5, 4] } }, 'expected 2 where side = 32'],
  [{ planning: { elites: 101 } }, 'expected at most candidates = 100'],
  [{ observe: 'pixels', observationUnits: [1] }, 'expected null where pixels are observed'],
] as const)('%j is refused', (settings, message) => {
  expect(() => planetConfig.parse(settings)).toThrow(message);
});

it('spaces that do not fit are refused, in one line', () => {
  const config = planetConfig.parse({});
  expect(() => planetSizes(config, { ...spaces(3), action: discrete(2) })).toThrow('expected a box');
  expect(() => planetSizes(config, spaces(3, box(1)))).toThrow('expected finite bounds apart');
  expect(() => planetSizes(planetConfig.parse({ observe: 'pixels' }), spaces(3))).toThrow('expected 12288');
  expect(() => planetSizes(planetConfig.parse({ observationUnits: [1] }), spaces(3))).toThrow('expected 3');
});

it('errors are over those of the best constant, each number having its own', () => {
  const truth = [0, 10, 2, 12, 4, 14, 2, 12];
  expect(openLoopErrors(truth, truth, 2, 2).mean).toBe(0);
  const constants = [2, 12, 2, 12, 2, 12, 2, 12];
  expect(openLoopErrors(constants, truth, 2, 2)).toEqual({ bySteps: [2, 0], mean: 1 });
  expect(() => openLoopErrors([1, 1], [1, 1], 2)).toThrow('truth never changes');
  expect(() => openLoopErrors([1], [1, 2], 2)).toThrow('expected as many');
});
