import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import type { Estimate } from '../../../../src/evaluation/contract.ts';
import {
  type Aggregate,
  iqm,
  iqmOf,
  meanOf,
  medianOf,
  optimalityGapOf,
  performanceProfile,
  probabilityOfImprovement,
  stratifiedBootstrap,
} from '../../../../src/evaluation/statistics/learning-runs/index.ts';
import { apart, fixtures } from '../fixtures.ts';

const scores = [0.42, 0.55, 0.58, 0.61, 0.66, 0.7, 0.73, 0.95];
const random = () => Random.fromSeed(1);

function estimated(estimate: Estimate) {
  if (!estimate.estimable) throw new Error(estimate.reason);
  return estimate;
}

describe('aggregates', () => {
  it('are those of the reference', () => {
    const value = (aggregate: Aggregate) =>
      estimated(stratifiedBootstrap([scores], aggregate, { random: random(), resamples: 10 })).value;
    expect(iqm(scores)).toBeCloseTo(0.6375, 12);
    expect(value(iqmOf)).toBeCloseTo(0.6375, 12);
    expect(value(meanOf)).toBeCloseTo(0.65, 12);
    expect(value(medianOf)).toBeCloseTo(0.635, 12);
    expect(value(optimalityGapOf(0.7))).toBeCloseTo((0.28 + 0.15 + 0.12 + 0.09 + 0.04) / 8, 12);
  });

  it("cut as scipy's trim_mean", () => {
    for (const { scores, value } of fixtures.iqm) expect(apart(iqm(scores), value)).toBeLessThan(1e-11);
    expect(fixtures.iqm.length).toBe(60);
  });

  it('do not depend on the order of seeds, and lie within the scores', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    const property = fc.property(numbers, values => {
      const value = iqm(values);
      expect(iqm([...values].reverse())).toBe(value);
      expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
      expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
    });
    fc.assert(property);
  });

  it('refuse what is no score', () => {
    expect(() => iqm([])).toThrow('scores = []: expected at least one');
    expect(() => iqm([1, Number.NaN])).toThrow('scores[1] = NaN: expected a finite number');
    expect(() => stratifiedBootstrap([[1, 2], []], iqmOf, { random: random() })).toThrow('scores[1] = []');
  });
});

describe('the stratified bootstrap', () => {
  it("comes near numpy's million resamples", () => {
    const { scores, ...reference } = fixtures.bootstrap;
    const aggregates = { iqm: iqmOf, gap: optimalityGapOf(), median: medianOf };
    for (const name of ['iqm', 'gap', 'median'] as const) {
      const [error, low, high] = reference[name];
      const estimate = estimated(stratifiedBootstrap(scores, aggregates[name], { random: random() }));
      expect(apart(estimate.standardError, error)).toBeLessThan(0.015);
      expect(Math.abs(estimate.low - low)).toBeLessThan(0.05 * error);
      expect(Math.abs(estimate.high - high)).toBeLessThan(0.05 * error);
    }
  });

  it('gives resamples whose sorted scores are those of their tasks', () => {
    let resamples = 0;
    const check: Aggregate = ({ tasks, sorted }) => {
      resamples++;
      const all = tasks.flatMap(task => [...task]).sort((a, b) => a - b);
      expect([...sorted]).toEqual(all);
      expect(tasks[1].every(score => score === 2 || score === 3)).toBe(true);
      return sorted[0];
    };
    stratifiedBootstrap(
      [
        [5, 1, 1, 4],
        [2, 3],
      ],
      check,
      { random: random(), resamples: 200 },
    );
    expect(resamples).toBe(201);
  });

  it('is the same for the same stream', () => {
    const bootstrap = (seed: number) =>
      stratifiedBootstrap([scores], iqmOf, { random: Random.fromSeed(seed), resamples: 500 });
    expect(bootstrap(4)).toEqual(bootstrap(4));
    expect(bootstrap(4)).not.toEqual(bootstrap(5));
  });

  it('has nothing to say of one seed, and no width where seeds agree', () => {
    const one = { estimable: false, reason: 'there is one seed' };
    expect(stratifiedBootstrap([[1]], iqmOf, { random: random() })).toEqual(one);
    const task = { estimable: false, reason: 'a task has one seed' };
    expect(stratifiedBootstrap([[1, 2], [3]], iqmOf, { random: random() })).toEqual(task);
    const agree = stratifiedBootstrap([[500, 500, 500]], iqmOf, { random: random(), resamples: 100 });
    expect(agree).toMatchObject({ value: 500, low: 500, high: 500, standardError: 0 });
  });

  it('draws 50,000 of 26 tasks with 10 seeds in seconds', { timeout: 20_000 }, () => {
    const stream = random();
    const many = Array.from({ length: 26 }, () => Array.from({ length: 10 }, () => stream.uniform()));
    const estimate = estimated(stratifiedBootstrap(many, iqmOf, { random: random() }));
    expect(estimate.low).toBeLessThan(estimate.value);
    expect(estimate.high).toBeGreaterThan(estimate.value);
  });
});

describe('the probability of improvement', () => {
  const x = [0.61, 0.66, 0.7, 0.58, 0.73];
  const y = [0.42, 0.55, 0.6, 0.47, 0.58];

  it('is that of the reference', () => {
    // 23 of 25 pairs, and 0.58 on both sides counts half.
    const estimate = estimated(probabilityOfImprovement([x], [y], { random: random() }));
    expect(estimate.value).toBeCloseTo(0.94, 12);
    expect(estimate.low).toBeGreaterThan(0.6);
    expect(estimate.high).toBe(1);
  });

  it("agrees with Mann and Whitney's U of scipy", () => {
    for (const { x, y, value } of fixtures.improvement) {
      const options = { random: random(), resamples: 2 };
      expect(estimated(probabilityOfImprovement(x, y, options)).value).toBeCloseTo(value, 12);
    }
    expect(fixtures.improvement.length).toBe(40);
  });

  it('and that of the other way round make 1', () => {
    const options = () => ({ random: random(), resamples: 50 });
    const there = estimated(probabilityOfImprovement([x, y], [y, y], options())).value;
    const back = estimated(probabilityOfImprovement([y, y], [x, y], options())).value;
    expect(there + back).toBeCloseTo(1, 12);
    expect(there).toBeCloseTo((0.94 + 0.5) / 2, 12);
  });

  it('wants the same tasks, and two seeds', () => {
    expect(() => probabilityOfImprovement([x, x], [y], { random: random() })).toThrow(
      'y.length = 1: expected 2, the tasks of x',
    );
    const one = { estimable: false, reason: 'there is one seed' };
    expect(probabilityOfImprovement([x], [[1]], { random: random() })).toEqual(one);
  });
});

describe('performance profiles', () => {
  it('are the shares above each threshold, inside their bands, and never rise', () => {
    const profile = performanceProfile([scores], [0, 0.58, 0.6, 0.95, 2], { random: random() });
    expect(profile.map(point => point.share)).toEqual([1, 5 / 8, 5 / 8, 0, 0]);
    for (const { share, band } of profile) {
      expect(band?.low).toBeLessThanOrEqual(share);
      expect(band?.high).toBeGreaterThanOrEqual(share);
    }
    // A binomial with 8 draws of 5/8: the 2.5 and 97.5 percentiles are 2 and 7 (or 8) of them.
    expect(profile[1].band?.low).toBe(2 / 8);
    expect(profile[1].band?.high).toBeGreaterThanOrEqual(7 / 8);
  });

  it('have no band where a task has one seed', () => {
    const profile = performanceProfile([[1, 2], [3]], [1.5], { random: random() });
    expect(profile).toEqual([{ threshold: 1.5, share: 2 / 3, band: undefined }]);
    expect(() => performanceProfile([[1, 2]], [], { random: random() })).toThrow('thresholds = []');
  });
});
