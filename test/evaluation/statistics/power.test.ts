import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { dunnettCritical } from '../../../src/evaluation/statistics/dunnett.ts';
import { powerOfMeans, powerOfRates, simulatePower } from '../../../src/evaluation/statistics/power.ts';
import {
  allocation,
  designEffect,
  effectiveSize,
  trialsAtEqualPrecision,
  trialsPerArm,
  trialsPerArmMeans,
} from '../../../src/evaluation/statistics/sample-size.ts';
import { apart, fixtures } from './fixtures.ts';

describe('sample sizes', () => {
  it.each([
    [0.8, 0.05, 1446.94, 1936.54],
    [0.8, 0.02, 9511.66, 12732.92],
    [0.5, 0.1, 1564.67, 2094.15],
    [0.9, 0.01, 16739.17, 22408.5],
  ])('are those of the reference for a baseline of %d and %d more', (baseline, more, at80, at90) => {
    const rates = { baseline, arm: baseline * (1 + more) };
    expect(trialsPerArm(rates)).toBeCloseTo(at80, 2);
    expect(trialsPerArm(rates, { power: 0.9 })).toBeCloseTo(at90, 2);
  });

  it('and powers agree with scipy', () => {
    for (const { p0, p1, n0, n1, level, power, wanted, size } of fixtures.power) {
      const rates = { baseline: p0, arm: p1 };
      expect(apart(powerOfRates(rates, { baseline: n0, arm: n1 }, { level }), power)).toBeLessThan(1e-8);
      expect(apart(trialsPerArm(rates, { level, power: wanted }), size)).toBeLessThan(1e-8);
    }
    expect(fixtures.power.length).toBeGreaterThan(30);
  });

  it('of means have the constants 7.849 and 10.507', () => {
    const effect = { difference: 1, sd: 1 };
    expect(trialsPerArmMeans(effect) / 2).toBeCloseTo(7.849, 3);
    expect(trialsPerArmMeans(effect, { power: 0.9 }) / 2).toBeCloseTo(10.507, 3);
    expect(trialsPerArmMeans({ difference: -2, sd: 3, armSd: 4 })).toBeCloseTo((7.8489 * 25) / 4, 3);
  });

  it("grow with Dunnett's critical value, and with sessions", () => {
    const rates = { baseline: 0.8, arm: 0.84 };
    const larger = trialsPerArm(rates, { critical: dunnettCritical(4) }) / trialsPerArm(rates);
    expect(larger).toBeCloseTo(((2.4418 + 0.8416) / (1.96 + 0.8416)) ** 2, 2);
    expect(designEffect(100, 0.03)).toBeCloseTo(3.97, 12);
    expect(designEffect(1, 0.5)).toBe(1);
  });

  it('are shared out as the reference says', () => {
    expect(effectiveSize(3000, 1000)).toBeCloseTo(750, 10);
    expect(allocation(4000, 3, 'equal').varianceFactor).toBeCloseTo(0.002, 12);
    const root = allocation(4000, 3, 'square-root');
    expect(root.baseline).toBeCloseTo(1464.1, 1);
    expect(root.arm).toBeCloseTo(845.3, 1);
    expect(root.varianceFactor).toBeCloseTo(0.001866, 7);
    expect(trialsAtEqualPrecision(4, 100)).toEqual({ separate: 800, shared: 500, squareRoot: 450 });
    expect(trialsAtEqualPrecision(9, 100)).toEqual({ separate: 1800, shared: 1000, squareRoot: 800 });
  });

  it('share out best by the square root', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.3, max: 3, noNaN: true }),
      (arms, off) => {
        const best = allocation(1000, arms, 'square-root');
        const arm = 1000 / (arms + off * Math.sqrt(arms));
        const other = 1 / arm + 1 / (arm * off * Math.sqrt(arms));
        return best.varianceFactor <= other + 1e-12;
      },
    );
    fc.assert(property);
  });

  it('refuse plans that cannot be', () => {
    expect(() => trialsPerArm({ baseline: 0.8, arm: 0.8 })).toThrow(
      'arm = 0.8: expected a rate that differs',
    );
    expect(() => trialsPerArm({ baseline: 0.8, arm: 1.1 })).toThrow(
      'arm = 1.1: expected a number from 0 to 1',
    );
    expect(() => trialsPerArm({ baseline: 0.8, arm: 0.9 }, { power: 80 })).toThrow('power = 80');
    expect(() => trialsPerArmMeans({ difference: 0, sd: 1 })).toThrow('difference = 0');
    expect(() => designEffect(10, 2)).toThrow('icc = 2: expected a number from 0 to 1');
    expect(() => designEffect(0, 0)).toThrow('sessionSize = 0: expected a number of at least 1');
    expect(() => allocation(100, 0, 'square-root')).toThrow(
      'arms = 0: expected a whole number of at least 1',
    );
  });
});

describe('power', () => {
  it('is what the sample size was asked for', () => {
    const property = fc.property(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0.5, max: 0.95, noNaN: true }),
      (baseline, arm, power) => {
        fc.pre(Math.abs(baseline - arm) > 0.01);
        const n = trialsPerArm({ baseline, arm }, { power });
        const reached = powerOfRates({ baseline, arm }, { baseline: n, arm: n });
        expect(reached).toBeGreaterThan(power - 1e-9);
        expect(reached).toBeLessThan(power + 2e-4); // the other tail
      },
    );
    fc.assert(property);
    const n = trialsPerArmMeans({ difference: 0.3, sd: 2 }, { power: 0.9 });
    expect(powerOfMeans({ difference: 0.3, sd: 2 }, { baseline: n, arm: n })).toBeCloseTo(0.9, 6);
  });

  it('without an effect is the chance of a false alarm', () => {
    expect(powerOfRates({ baseline: 0.3, arm: 0.3 }, { baseline: 90, arm: 400 })).toBeCloseTo(0.05, 10);
    expect(powerOfRates({ baseline: 0, arm: 0 }, { baseline: 90, arm: 400 })).toBe(0);
    expect(powerOfRates({ baseline: 0, arm: 1 }, { baseline: 90, arm: 90 })).toBe(1);
  });

  it('by simulation is that of the formula, and its interval holds it', () => {
    const rates = { baseline: 0.5, arm: 0.7 };
    const formula = powerOfRates(rates, { baseline: 90, arm: 90 });
    const simulated = simulatePower({
      trial: (random, index) => ({
        isArm: index % 2 === 0,
        y: random.uniform() < (index % 2 === 0 ? rates.arm : rates.baseline),
      }),
      trials: 180,
      analyse: trials => {
        const of = (isArm: boolean) => trials.filter(t => t.isArm === isArm && t.y).length / 90;
        const pooled = (of(true) + of(false)) / 2;
        return Math.abs(of(true) - of(false)) > 1.96 * Math.sqrt((pooled * (1 - pooled) * 2) / 90);
      },
      experiments: 2000,
      random: Random.fromSeed(2),
    });
    expect(formula).toBeCloseTo(0.79, 1);
    expect(simulated.low).toBeLessThan(formula);
    expect(simulated.high).toBeGreaterThan(formula);
    expect(simulated.high - simulated.low).toBeLessThan(0.04);
  });

  it('by simulation does not depend on how many experiments come after, and has an interval at the edges', () => {
    const seen: number[][] = [];
    const simulate = (experiments: number, found: boolean) =>
      simulatePower({
        trial: random => random.uint32(),
        trials: 3,
        analyse: trials => {
          seen.push([...trials]);
          return found;
        },
        experiments,
        random: Random.fromSeed(9),
      });
    const all = simulate(2, true);
    const none = simulate(4, false);
    expect(seen[0]).toEqual(seen[2]);
    expect(seen[1]).toEqual(seen[3]);
    expect(seen[0]).not.toEqual(seen[1]);
    // Wilson: 1 / (1 + z²/n) and its mirror image.
    expect(all.low).toBeCloseTo(1 / (1 + 3.8414588 / 2), 6);
    expect([all.high, none.low]).toEqual([1, 0]);
    expect(none.high).toBeCloseTo(3.8414588 / 4 / (1 + 3.8414588 / 4), 6);
  });
});
