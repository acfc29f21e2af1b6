import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { blindingLeak } from '../../../src/evaluation/statistics/blinding.ts';
import type { Features } from '../../../src/evaluation/statistics/features.ts';
import { fitLogistic } from '../../../src/evaluation/statistics/logistic.ts';
import { rankAuc } from '../../../src/evaluation/statistics/rank-auc.ts';
import { fixtures } from './fixtures.ts';

/** Trials of a cell, with what an operator sees: nothing of the arm unless `leak` puts it there. */
function trials(
  seed: number,
  n: number,
  leak: (isArm: boolean, random: Random) => Features = () => ({}),
): { readonly features: Features[]; readonly arms: string[] } {
  const random = Random.fromSeed(seed);
  const features: Features[] = [];
  const arms: string[] = [];
  for (let t = 0; t < n; t++) {
    const isArm = random.uniform() < 0.5;
    arms.push(isArm ? 'new' : 'old');
    features.push({
      handle: random.uint32().toString(36).padStart(7, '0'),
      robot: random.integer(2),
      operator: `o${random.integer(3)}`,
      tilt: random.normal(),
      spare: random.uniform() < 0.1,
      ...leak(isArm, random),
    });
  }
  return { features, arms };
}

function leakOf(seed: number, n: number, leak?: (isArm: boolean, random: Random) => Features) {
  const { features, arms } = trials(seed, n, leak);
  const test = blindingLeak(features, arms, Random.fromSeed(seed).split('test'));
  if (!test.estimable) throw new Error(test.reason);
  return test;
}

describe('the leak test', () => {
  it('passes where nothing leaks, with z of mean 0 and spread 1', () => {
    const zs = Array.from({ length: 150 }, (_, seed) => {
      const { auc, standardError } = leakOf(seed, 120);
      return (auc - 0.5) / standardError;
    });
    const mean = zs.reduce((sum, z) => sum + z / zs.length, 0);
    const sd = Math.sqrt(zs.reduce((sum, z) => sum + (z - mean) ** 2 / (zs.length - 1), 0));
    expect(Math.abs(mean)).toBeLessThan(0.25);
    expect(sd).toBeGreaterThan(0.8);
    expect(sd).toBeLessThan(1.2);
    expect(zs.filter(z => Math.abs(z) > 3).length).toBeLessThanOrEqual(3);
  });

  it.each<[string, (isArm: boolean, random: Random) => Features]>([
    ['its name', isArm => ({ policy: isArm ? 'b' : 'a' })],
    ['a number shifted by 0.6 sd', (isArm, random) => ({ force: random.normal() + (isArm ? 0.6 : 0) })],
    ['a spread alone', (isArm, random) => ({ force: random.normal() * (isArm ? 2 : 0.7) })],
    [
      'a field that only one has',
      (isArm, random): Features => (isArm && random.uniform() < 0.5 ? { note: 'x' } : {}),
    ],
    [
      'the first letter of a handle',
      (isArm, random) => ({
        handle: `${isArm ? 'n' : 'o'}${random.uint32()}`,
      }),
    ],
    ['a flag at three of four', (isArm, random) => ({ hot: random.uniform() < 0.75 === isArm })],
  ])('catches %s', (_, leak) => {
    const test = leakOf(1, 400, leak);
    expect(test.passed).toBe(false);
    expect(test.auc).toBeGreaterThan(0.55);
  });

  it('gives the same answer for the same stream', () => {
    expect(leakOf(7, 200)).toEqual(leakOf(7, 200));
  });

  it('names the arm that is told of several', () => {
    const random = Random.fromSeed(8);
    const arms = Array.from({ length: 600 }, () => ['a', 'b', 'c'][random.integer(3)]);
    const told = arms.map(arm => ({ seen: random.normal() + (arm === 'b' ? 1 : 0) }));
    const blind = arms.map(() => ({ seen: random.normal() }));
    expect(blindingLeak(told, arms, random)).toMatchObject({ arm: 'b', passed: false });
    expect(blindingLeak(blind, arms, random)).toMatchObject({ passed: true });
  });

  it('passes where all rows are the same, and does not judge few', () => {
    const arms = Array.from({ length: 40 }, (_, t) => (t % 2 ? 'a' : 'b'));
    const same = arms.map(() => ({ robot: 1 }));
    const random = Random.fromSeed(1);
    expect(blindingLeak(same, arms, random)).toMatchObject({ auc: 0.5, standardError: 0, passed: true });
    const few = { estimable: false, reason: 'a has 4 units, too few to tell' };
    expect(blindingLeak(same.slice(0, 9), arms.slice(0, 9), random)).toEqual(few);
    const one = { estimable: false, reason: 'there are fewer than two arms' };
    expect(
      blindingLeak(
        same,
        arms.map(() => 'a'),
        random,
      ),
    ).toEqual(one);
    expect(() => blindingLeak(same.slice(1), arms, random)).toThrow('features.length = 39: expected 40');
    expect(() =>
      blindingLeak(
        arms.map(() => ({ tilt: Number.NaN })),
        arms,
        random,
      ),
    ).toThrow('features.tilt = NaN: expected a finite number');
  });
});

describe('its parts', () => {
  it("have Mann and Whitney's statistic and variance, with ties, as scipy", () => {
    for (const { first, scores, auc, z } of fixtures.auc) {
      const ranked = rankAuc(
        scores,
        scores.map((_, at) => at < first),
      );
      expect(ranked.auc).toBeCloseTo(auc, 12);
      expect(Math.abs(ranked.auc - 0.5) / Math.sqrt(ranked.nullVariance)).toBeCloseTo(z, 7);
    }
    expect(fixtures.auc.length).toBe(40);
  });

  it('have the minimum of the ridge loss, as scipy', () => {
    for (const { x, y, weights } of fixtures.logistic) {
      const rows = x.map(values => ({ columns: values.map((_, column) => column), values }));
      const odds = fitLogistic(
        rows,
        y.map(label => label === 1),
        3,
      );
      const none = odds({ columns: [], values: [] });
      expect(none).toBeCloseTo(weights[3], 4);
      for (let column = 0; column < 3; column++) {
        expect(odds({ columns: [column], values: [1] }) - none).toBeCloseTo(weights[column], 4);
      }
    }
    expect(fixtures.logistic.length).toBe(6);
  });
});
