import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { EProcess, type EProcessOptions } from '../../../src/evaluation/statistics/e-process.ts';

const arms = [1, 0, 1, 1, 0, 0, 1, 0];
const outcomes = [1, 1, 0, 1, 0, 1, 1, 0];

describe('the e-process', () => {
  it('has the values of the reference at a fixed bet', () => {
    const process = new EProcess({ alternative: 'greater', bet: 0.25 });
    const values = arms.map((arm, i) => {
      process.push(arm === 1, outcomes[i]);
      return process.value;
    });
    const reference = [1.25, 1.042155, 0.65066, 0.78107, 1.041578, 0.817555, 0.97089, 1.295032];
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(reference[i], 6);
    });
    expect(process.p).toBeCloseTo(1 / 1.295032, 6);
  });

  it('two-sided is the mean of a bet on higher and one on lower', () => {
    for (const bet of [0.1, 'adaptive'] as const) {
      const [two, greater, less] = (['two-sided', 'greater', 'less'] as const).map(
        alternative => new EProcess({ alternative, bet, probability: 0.3 }),
      );
      const random = Random.fromSeed(1);
      for (let t = 0; t < 300; t++) {
        const isArm = random.uniform() < 0.3;
        const y = random.uniform() < (isArm ? 0.8 : 0.6) ? 1 : 0;
        for (const process of [two, greater, less]) process.push(isArm, y);
        expect(two.value).toBeCloseTo((greater.value + less.value) / 2, 9);
      }
    }
  });

  it('is a fair game: over both sides of the coin it stays what it is, at any chance and any past', () => {
    const unit = fc.tuple(fc.boolean(), fc.double({ min: -2, max: 6, noNaN: true }));
    const property = fc.property(
      fc.array(unit, { maxLength: 30 }),
      fc.double({ min: -2, max: 6, noNaN: true }),
      fc.double({ min: 0.02, max: 0.98, noNaN: true }),
      fc.constantFrom<EProcessOptions['bet']>('adaptive', 0.25, 0.03),
      fc.constantFrom<EProcessOptions['alternative']>('two-sided', 'greater', 'less'),
      (past, y, probability, bet, alternative) => {
        const options = { bet, alternative, probability, bounds: [-2, 6] } as const;
        const before = new EProcess(options);
        for (const [isArm, outcome] of past) before.push(isArm, outcome);
        const [arm, baseline] = [true, false].map(isArm => {
          const process = new EProcess(options);
          process.state = before.state;
          process.push(isArm, y);
          return process.value;
        });
        const after = probability * arm + (1 - probability) * baseline;
        expect(after / before.value).toBeCloseTo(1, 10);
        // No bet stakes more than half.
        expect(Math.min(arm, baseline) / before.value).toBeGreaterThanOrEqual(0.5 - 1e-12);
      },
    );
    fc.assert(property);
  });

  it('does not overflow, and its p stays above 0', () => {
    const process = new EProcess();
    for (let t = 0; t < 20_000; t++) process.push(t % 2 === 0, t % 2 === 0 ? 1 : 0);
    expect(process.logValue).toBeGreaterThan(1000);
    expect(process.value).toBe(Number.MAX_VALUE);
    expect(process.p).toBe(Number.MIN_VALUE);
  });

  it('keeps its smallest p, and goes on from a saved state', () => {
    const random = Random.fromSeed(5);
    const whole = new EProcess();
    let part = new EProcess();
    let least = 1;
    for (let t = 0; t < 500; t++) {
      const isArm = random.uniform() < 0.5;
      const effect = t < 150 ? 0.4 : -0.1;
      const y = random.uniform() < 0.5 + (isArm ? effect : 0) ? 1 : 0;
      whole.push(isArm, y);
      part.push(isArm, y);
      least = Math.min(least, 1 / whole.value);
      expect(whole.p).toBeCloseTo(least, 12);
      const state = JSON.parse(JSON.stringify(part.state));
      part = new EProcess();
      part.state = state;
    }
    expect(least).toBeLessThan(0.01);
    expect(part.state).toEqual(whole.state);
    expect(whole.value).toBeLessThan(1 / whole.p);
  });

  it('scales bounded outcomes: their unit does not matter', () => {
    const binary = new EProcess();
    const scaled = new EProcess({ bounds: [-50, 150] });
    arms.forEach((arm, i) => {
      const phi = binary.push(arm === 1, outcomes[i]);
      expect(scaled.push(arm === 1, -50 + 200 * outcomes[i])).toBeCloseTo(phi, 12);
    });
    expect(scaled.value).toBeCloseTo(binary.value, 12);
  });

  it('refuses outcomes out of bounds and bets it could lose all with', () => {
    const process = new EProcess();
    expect(() => process.push(true, 1.5)).toThrow('y = 1.5: expected an outcome from 0 to 1');
    expect(() => process.push(true, Number.NaN)).toThrow('y = NaN: expected a finite number');
    expect(() => new EProcess({ bet: 0.5 })).toThrow('bet = 0.5: expected at most 0.25');
    expect(() => new EProcess({ bounds: [1, 1] })).toThrow('bounds = [1,1]');
    expect(process.state).toEqual(new EProcess().state);
  });
});
