import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { CentredScores } from '../../../src/evaluation/statistics/centred-scores.ts';
import { confidenceSequence } from '../../../src/evaluation/statistics/sequential.ts';

const arms = [1, 0, 1, 1, 0, 0, 1, 0];
const outcomes = [1, 1, 0, 1, 0, 1, 1, 0];
const planned = { planned: 1000 };

const trial = fc.tuple(
  fc.boolean(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: 0.05, max: 0.95, noNaN: true }),
);

describe('centred scores', () => {
  it('are those of the reference', () => {
    const scores = new CentredScores();
    const phi = arms.map((arm, i) => scores.push(arm === 1, outcomes[i]));
    const reference = [1, -0.665104, -1.502636, 0.801705, 1.334113, -0.860323, 0.750215, 1.335439];
    phi.forEach((score, i) => {
      expect(score).toBeCloseTo(reference[i], 6);
    });
  });

  it('have the mean of their list, the larger of two standard errors, and the sequence of level 1 about them', () => {
    const property = fc.property(fc.array(trial, { minLength: 10, maxLength: 60 }), trials => {
      const scores = new CentredScores();
      const phi = trials.map(([isArm, y, chance]) => scores.push(isArm, y, chance));
      const n = phi.length;
      const value = phi.reduce((sum, score) => sum + score, 0) / n;
      const own = phi.reduce((sum, score) => sum + (score - value) ** 2 / (n - 1), 0);
      const coins = trials.reduce((sum, [isArm, , chance], i) => {
        const far = phi[i] * (isArm ? chance : 1 - chance);
        return sum + far ** 2 / (chance * (1 - chance)) / n;
      }, 0);
      const { estimate } = scores.sequence(planned);
      const standardError = Math.sqrt(Math.max(own, coins) / n);
      const expected = confidenceSequence({ value, standardError, n }, planned).estimate;
      if (!estimate.estimable || !expected.estimable) return estimate.estimable === expected.estimable;
      const size = Math.max(1, ...phi.map(Math.abs));
      expect(estimate.value / size).toBeCloseTo(expected.value / size, 10);
      expect(estimate.high / size).toBeCloseTo(expected.high / size, 8);
      return true;
    });
    fc.assert(property);
  });

  it('are without bias for any chance of the arm and any centre: over both sides of the coin they mean the effect', () => {
    const property = fc.property(fc.array(trial, { maxLength: 20 }), trial, trial, (past, next, other) => {
      const before = new CentredScores({ start: { mean: 1.5, weight: 2 } });
      for (const [isArm, y, chance] of past) before.push(isArm, y, chance);
      const [, armOutcome, chance] = next;
      const [, baselineOutcome] = other;
      const both = [true, false].map(isArm => {
        const scores = new CentredScores();
        scores.state = before.state;
        return scores.push(isArm, isArm ? armOutcome : baselineOutcome, chance);
      });
      const expectation = chance * both[0] + (1 - chance) * both[1];
      expect(expectation).toBeCloseTo(armOutcome - baselineOutcome, 6);
    });
    fc.assert(property);
  });

  it('go on from a saved state as if they had not stopped', () => {
    const random = Random.fromSeed(3);
    const whole = new CentredScores({ start: 'first', probability: 0.3 });
    let part = new CentredScores({ start: 'first', probability: 0.3 });
    for (let t = 0; t < 200; t++) {
      const isArm = random.uniform() < 0.3;
      const y = random.normal() * 5 + 1000;
      whole.push(isArm, y);
      part.push(isArm, y);
      if (t % 17 === 0) {
        const state = JSON.parse(JSON.stringify(part.state));
        part = new CentredScores({ start: 'first', probability: 0.3 });
        part.state = state;
      }
    }
    expect(part.state).toEqual(whole.state);
    expect(part.sequence(planned)).toEqual(whole.sequence(planned));
  });

  it('of outcomes on any scale begin at the first one, and find an effect of theirs at unequal chances', () => {
    const random = Random.fromSeed(11);
    const scores = new CentredScores({ start: 'first', probability: 0.25 });
    expect(scores.push(true, 1000)).toBe(0);
    expect(scores.n).toBe(0);
    for (let t = 0; t < 4000; t++) {
      const isArm = random.uniform() < 0.25;
      // A world that drifts twenty times as far as the effect.
      scores.push(isArm, 1000 + 20 * Math.sin(t / 300) + (isArm ? 1 : 0) + random.normal());
    }
    const { estimate, p } = scores.sequence({ planned: 4000 });
    if (!estimate.estimable) throw new Error(estimate.reason);
    expect(estimate.low).toBeGreaterThan(0);
    expect(estimate.low).toBeLessThan(1);
    expect(estimate.high).toBeGreaterThan(1);
    expect(p).toBeLessThan(0.05);
  });

  it('say nothing before ten units, nor where nothing varies', () => {
    const scores = new CentredScores();
    for (let t = 0; t < 9; t++) scores.push(t % 2 === 0, t % 3 === 0 ? 1 : 0);
    const few = { estimate: { estimable: false, reason: 'there are fewer than 10 units' }, p: undefined };
    expect(scores.sequence(planned)).toEqual(few);
    const still = new CentredScores({ start: 'first' });
    for (let t = 0; t < 50; t++) still.push(t % 2 === 0, 7);
    expect(still.sequence(planned).estimate).toEqual({ estimable: false, reason: 'the standard error is 0' });
  });

  it('refuse what is no outcome and no chance', () => {
    const scores = new CentredScores();
    expect(() => scores.push(true, Number.NaN)).toThrow('y = NaN: expected a finite number');
    expect(() => scores.push(true, '1' as unknown as number)).toThrow('y = "1": expected a finite number');
    expect(() => scores.push(true, 1, 1)).toThrow('probability = 1: expected a chance between 0 and 1');
    expect(() => new CentredScores({ discount: 1.2 })).toThrow('discount = 1.2: expected at most 1');
    expect(scores.n).toBe(0);
  });
});
