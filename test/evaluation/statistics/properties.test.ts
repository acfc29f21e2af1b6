import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estimate, Moments, Proportion, Stratum } from '../../../src/evaluation/contract.ts';
import * as statistics from '../../../src/evaluation/statistics/index.ts';
import { estimated, expectNear, tested } from './helpers.ts';

const proportion = (most: number): fc.Arbitrary<Proportion> =>
  fc
    .integer({ min: 0, max: most })
    .chain(n => fc.integer({ min: 0, max: n }).map(successes => ({ successes, n })));
/** From no trials to many, the ends of the range often. */
const counts = fc.oneof(proportion(4), proportion(60), proportion(1e6));
const stratum = fc.oneof(
  fc.record({ arm: proportion(3), baseline: proportion(3) }),
  fc.record({ arm: counts, baseline: counts }),
);
const strata = fc.array(stratum, { maxLength: 8 });
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, min: -1e150, max: 1e150 }),
  fc.double({ noNaN: true, min: -1e-150, max: 1e-150 }),
);
const moments = fc.array(value, { maxLength: 6 }).map(statistics.momentsOf);
const level = fc.double({ noNaN: true, min: 1e-6, max: 1 - 1e-9 });
const methods = ['log', 'delta', 'fieller'] as const;

/** Every number, however deep, is finite; every interval is in order; every p is one. */
function expectSound(result: unknown): void {
  if (typeof result === 'number') expect(Number.isFinite(result)).toBe(true);
  if (typeof result !== 'object' || result === null) return;
  const { estimable, reason, low, high, p, standardError } = result as Record<string, unknown>;
  if (estimable === false) expect(String(reason)).toMatch(/^.{5,}[^.]$/);
  if (typeof low === 'number' && typeof high === 'number') expect(low).toBeLessThanOrEqual(high);
  if (typeof p === 'number') {
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThanOrEqual(1);
  }
  if (typeof standardError === 'number') expect(standardError).toBeGreaterThanOrEqual(0);
  for (const part of Object.values(result)) expectSound(part);
}

/** The same, to rounding: or neither can be said. */
function expectMirrored(one: Estimate, other: Estimate, mirror: (x: number) => number): void {
  expect(one.estimable).toBe(other.estimable);
  if (!one.estimable || !other.estimable) return;
  const near = (a: number, b: number) =>
    expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3));
  near(one.value, mirror(other.value));
  near(one.low, mirror(other.high));
  near(one.high, mirror(other.low));
}

const swapped = ({ arm, baseline }: Stratum): Stratum => ({ arm: baseline, baseline: arm });
const runs = { numRuns: 500 };

describe('whatever the data', () => {
  it('no NaN and no infinity leaves the tests of two arms', () => {
    fc.assert(
      fc.property(counts, counts, level, (arm, baseline, level) => {
        expectSound(statistics.difference(arm, baseline, level));
        expectSound(statistics.pooledTest(arm, baseline));
        for (const method of methods)
          expectSound(statistics.relativeEffect(arm, baseline, { method, level }));
        expectSound(statistics.rateEstimate(arm, { level }));
        expectSound(statistics.rateEstimate(arm, { level, method: 'exact' }));
      }),
      runs,
    );
  });

  it('nor the exact tests', () => {
    fc.assert(
      fc.property(proportion(25), proportion(25), (arm, baseline) => {
        const exact = statistics.exactTest(arm, baseline);
        expectSound(exact);
        const fisher = statistics.exactTest(arm, baseline, { method: 'fisher' });
        expectSound(fisher);
        const other = statistics.exactTest(baseline, arm);
        expect(exact.estimable).toBe(arm.n > 0 && baseline.n > 0);
        if (!exact.estimable) return;
        expectNear(tested(other).p, exact.p, 1e-9);
        // Boschloo's is never above Fisher's one-sided p, doubled.
        expect(exact.p).toBeLessThanOrEqual(Math.min(1, 2 * exact.statistic) * (1 + 1e-9));
      }),
      { numRuns: 100 },
    );
  });

  it('nor the tests of means', () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        fc.array(value, { maxLength: 6 }),
        level,
        (arm, baseline, pairs, level) => {
          expectSound(statistics.welch(arm, baseline, level));
          expectSound(statistics.meanEstimate(arm, level));
          expectSound(statistics.pairedMeans(pairs, level));
          for (const method of methods)
            expectSound(statistics.relativeMeans(arm, baseline, { method, level }));
        },
      ),
      runs,
    );
  });

  it('nor what strata and groups say', () => {
    fc.assert(
      fc.property(strata, strata, level, (some, others, level) => {
        const result = statistics.cmh(some, level);
        expectSound(result);
        expectSound(statistics.relativeFrom(result.riskRatio));
        expectSound(statistics.breslowDay(some));
        expectSound(statistics.cochranQ(some));
        expectSound(statistics.jackknifeRiskRatio([some, others, [...some, ...others]], { level }));
        const groups = some.map(stratum => [stratum]);
        expectSound(statistics.jackknifeRiskRatio(groups));
        expectSound(statistics.jackknifeRiskRatio(groups, { level, scale: 'log' }));
      }),
      runs,
    );
  });

  it('nor corrections of p values', () => {
    const ps = fc.array(fc.double({ noNaN: true, min: 0, max: 1 }), { maxLength: 9 });
    fc.assert(
      fc.property(ps, ps => {
        const [bonferroni, sidak] = [statistics.bonferroni(ps), statistics.sidak(ps)];
        const [holm, hochberg] = [statistics.holm(ps), statistics.benjaminiHochberg(ps)];
        ps.forEach((p, i) => {
          expect(hochberg[i]).toBeGreaterThanOrEqual(p - 1e-15);
          expect(holm[i]).toBeGreaterThanOrEqual(hochberg[i] - 1e-15);
          expect(bonferroni[i]).toBeGreaterThanOrEqual(holm[i]);
          expect(bonferroni[i]).toBeGreaterThanOrEqual(sidak[i] - 1e-15);
          expect(sidak[i]).toBeGreaterThanOrEqual(p - 1e-15);
          expect(bonferroni[i]).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});

describe('arms that change places', () => {
  const ratio = (x: number) => 1 / x;
  const relative = (x: number) => 1 / (1 + x) - 1;

  it('turn the effect about', () => {
    fc.assert(
      fc.property(counts, counts, (arm, baseline) => {
        const there = statistics.difference(arm, baseline);
        expectMirrored(there, statistics.difference(baseline, arm), x => -x);
        const log = statistics.relativeEffect(arm, baseline);
        expectMirrored(log, statistics.relativeEffect(baseline, arm), relative);
        const [z, back] = [statistics.pooledTest(arm, baseline), statistics.pooledTest(baseline, arm)];
        expect(z.estimable).toBe(back.estimable);
        if (!z.estimable || !back.estimable) return;
        expect(z.statistic + back.statistic).toBe(0);
        expect(z.p).toBe(back.p);
      }),
      runs,
    );
  });

  it('turn the means about', () => {
    const positive = fc.array(fc.double({ noNaN: true, min: 0.1, max: 1e6 }), { maxLength: 6 });
    fc.assert(
      fc.property(positive, positive, (some, others) => {
        const [arm, baseline]: Moments[] = [some, others].map(statistics.momentsOf);
        const there = statistics.welch(arm, baseline);
        const back = statistics.welch(baseline, arm);
        expectMirrored(there.difference, back.difference, x => -x);
        if (there.test.estimable) expectNear(tested(back.test).p, there.test.p, 1e-9);
        const log = statistics.relativeMeans(arm, baseline);
        if (log.estimable && log.high < 1e6)
          expectMirrored(log, statistics.relativeMeans(baseline, arm), relative);
      }),
      runs,
    );
  });

  it('turn the strata about', () => {
    fc.assert(
      fc.property(strata, strata => {
        const [there, back] = [statistics.cmh(strata), statistics.cmh(strata.map(swapped))];
        expectMirrored(there.oddsRatio, back.oddsRatio, ratio);
        expectMirrored(there.riskRatio, back.riskRatio, ratio);
        expectMirrored(there.riskDifference, back.riskDifference, x => -x);
        expect(back.used).toBe(there.used);
        if (!there.test.estimable) return;
        expectNear(tested(back.test).p, there.test.p, 1e-9);
        const [one, other] = [statistics.cochranQ(strata), statistics.cochranQ(strata.map(swapped))];
        if (one.estimable)
          expect(Math.abs(one.statistic - tested(other).statistic)).toBeLessThan(1e-9 * (1 + one.statistic));
      }),
      runs,
    );
  });
});

describe('the same data twice', () => {
  it('differ by 0 with a p of 1, or say nothing', () => {
    fc.assert(
      fc.property(counts, strata, moments, (rate, strata, values) => {
        const figures = [
          statistics.difference(rate, rate),
          ...methods.map(method => statistics.relativeEffect(rate, rate, { method })),
          statistics.welch(values, values).difference,
          ...methods.map(method => statistics.relativeMeans(values, values, { method })),
        ];
        const both = strata.map(({ arm }) => ({ arm, baseline: arm }));
        const { test, corrected, riskRatio, riskDifference, oddsRatio } = statistics.cmh(both);
        figures.push(riskDifference, statistics.relativeFrom(riskRatio), statistics.relativeFrom(oddsRatio));
        for (const figure of figures)
          if (figure.estimable) expect(Math.abs(figure.value)).toBeLessThan(1e-14);
        const tests = [
          test,
          corrected,
          statistics.pooledTest(rate, rate),
          statistics.welch(values, values).test,
          statistics.cochranQ(both),
        ];
        for (const test of tests) if (test.estimable) expect(test.p).toBe(1);
      }),
      runs,
    );
  });

  it('say so where they can', () => {
    const some = { successes: 3, n: 7 };
    expect(estimated(statistics.difference(some, some)).value).toBe(0);
    expect(tested(statistics.pooledTest(some, some)).p).toBe(1);
    expect(tested(statistics.exactTest(some, some)).p).toBe(1);
    expect(tested(statistics.cmh([{ arm: some, baseline: some }]).test).p).toBe(1);
  });
});
