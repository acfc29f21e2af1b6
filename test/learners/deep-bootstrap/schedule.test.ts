import { describe, expect, it } from 'vitest';
import { learningRateAt, measuredSteps } from '../../../src/learners/deep-bootstrap/index.ts';

describe('the learning rate', () => {
  it('falls from 0.1 to 0 as half a cosine over 100 steps', () => {
    const rates = [0, 25, 50, 75, 100].map(step => learningRateAt(step, 100, 0.1));
    const wanted = [0.1, 0.085355, 0.05, 0.014645, 0];
    for (const [i, rate] of rates.entries()) expect(rate).toBeCloseTo(wanted[i], 6);
  });
});

describe('the measured steps', () => {
  it('are every fourth at first, ever fewer later, and the first and the last', () => {
    const steps = measuredSteps(1_500);
    expect(steps.slice(0, 4)).toEqual([0, 4, 8, 12]);
    expect(steps.filter(step => step <= 128)).toHaveLength(33);
    expect(steps.at(-1)).toBe(1_500);
    steps.slice(1).forEach((step, i) => {
      expect(step).toBeGreaterThan(steps[i]);
      expect(step - steps[i]).toBeLessThanOrEqual(Math.max(4, step / 16));
    });
    expect(steps.length).toBeLessThan(80);
  });

  it('are both ends of a single step', () => {
    expect(measuredSteps(1)).toEqual([0, 1]);
  });
});
