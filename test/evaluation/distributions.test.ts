import { describe, expect, it } from 'vitest';
import * as distributions from '../../src/evaluation/distributions.ts';

const {
  betaCdf,
  betaQuantile,
  chiSquareQuantile,
  chiSquareSurvival,
  fSurvival,
  normalCdf,
  normalQuantile,
  normalSurvival,
  studentTCdf,
  studentTQuantile,
  studentTSurvival,
  twoSidedP,
  twoSidedPT,
} = distributions;

const relative = (got: number, wanted: number) => Math.abs(got / wanted - 1);

describe('tails', () => {
  it('keep their digits', () => {
    // scipy.stats.norm.sf(10), t.sf(30, 3), chi2.sf(80, 1)
    expect(relative(normalSurvival(10), 7.61985302416047e-24)).toBeLessThan(1e-13);
    expect(relative(studentTSurvival(30, 3), 4.067640213581979e-5)).toBeLessThan(1e-13);
    expect(relative(chiSquareSurvival(80, 1), 3.744097384202887e-19)).toBeLessThan(1e-13);
    expect(relative(normalQuantile(1e-12), -7.034483825301131)).toBeLessThan(1e-15);
    expect(relative(studentTQuantile(0.975, 9), 2.262157162798205)).toBeLessThan(1e-13);
  });

  it('that are too small for a number are 0, of a p value the smallest number', () => {
    expect([normalSurvival(50), normalSurvival(-50), normalCdf(-50)]).toEqual([0, 1, 0]);
    expect([chiSquareSurvival(1e6, 1), chiSquareSurvival(1e-300, 3000)]).toEqual([0, 1]);
    expect([studentTSurvival(1e5, 2000), fSurvival(1e9, 3, 900)]).toEqual([0, 0]);
    expect([twoSidedP(-50), twoSidedPT(1e5, 2000)]).toEqual([Number.MIN_VALUE, Number.MIN_VALUE]);
    expect([twoSidedP(0), twoSidedPT(0, 3), chiSquareSurvival(0, 3), fSurvival(0, 2, 3)]).toEqual([
      1, 1, 1, 1,
    ]);
  });
});

describe('quantiles', () => {
  it('are where the distribution has got so far', () => {
    for (const p of [1e-9, 0.025, 0.3, 0.5, 0.9, 0.975]) {
      expect(relative(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-13);
      for (const df of [0.4, 1, 2, 7.5, 1999, 2001]) {
        expect(relative(studentTCdf(studentTQuantile(p, df), df), p), `t ${p} ${df}`).toBeLessThan(1e-12);
        expect(relative(1 - chiSquareSurvival(chiSquareQuantile(p, df), df), p), `chi-square ${p} ${df}`)
          // 1 - survival has lost what is below 1e-16.
          .toBeLessThan(1e-12 + 1e-15 / p);
      }
      for (const [a, b] of [
        [0.5, 0.5],
        [3, 40],
        [700, 1],
      ])
        expect(relative(betaCdf(betaQuantile(p, a, b), a, b), p), `beta ${p} ${a} ${b}`).toBeLessThan(2e-12);
    }
  });

  it("of Student's t with one and two degrees have closed forms", () => {
    for (const p of [1e-8, 0.01, 0.2, 0.975]) {
      expect(relative(studentTQuantile(p, 1), -1 / Math.tan(Math.PI * p))).toBeLessThan(1e-11);
      expect(relative(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-11);
    }
  });

  it('are symmetric', () => {
    expect(studentTQuantile(0.25, 3)).toBe(-studentTQuantile(0.75, 3));
    expect([studentTQuantile(0.5, 3), normalQuantile(0.5)]).toEqual([0, 0]);
    expect(relative(betaQuantile(0.025, 3, 8), 1 - betaQuantile(0.975, 8, 3))).toBeLessThan(1e-13);
  });
});

describe('what is out of the domain', () => {
  it('is an error that names it', () => {
    expect(() => normalQuantile(0)).toThrow('p = 0: expected a number between 0 and 1');
    expect(() => studentTQuantile(0.5, 0)).toThrow('df = 0: expected a finite number above 0');
    expect(() => chiSquareSurvival(-1, 1)).toThrow('x = -1: expected a finite number of at least 0');
    expect(() => fSurvival(-1, 1, 2)).toThrow('x = -1: expected');
    expect(() => betaCdf(1.5, 1, 1)).toThrow('x = 1.5: expected a number from 0 to 1');
    for (const bad of [Number.NaN, Infinity]) {
      expect(() => normalSurvival(bad)).toThrow(`z = ${bad}: expected a finite number`);
      expect(() => twoSidedPT(bad, 3)).toThrow(`t = ${bad}: expected a finite number`);
      expect(() => studentTSurvival(1, bad)).toThrow(`df = ${bad}: expected`);
      expect(() => betaQuantile(0.5, bad, 1)).toThrow(`a = ${bad}: expected`);
    }
  });
});
