import { describe, expect, it } from 'vitest';
import type { Proportion } from '../../../src/evaluation/contract.ts';
import { mergeStrata, riskRatioOf } from '../../../src/evaluation/statistics/cmh.ts';
import { jackknife, jackknifeRiskRatio } from '../../../src/evaluation/statistics/jackknife.ts';
import { estimated, expectInterval, expectNear, expectPrinted, strataOf } from './helpers.ts';

interface Day {
  readonly arm: Proportion;
  readonly baseline: Proportion;
}
const rates = (ns: readonly number[], xs: readonly number[]) => ns.map((n, i) => ({ n, successes: xs[i] }));
const baselines = rates(
  [118, 121, 125, 117, 120, 122, 119, 123, 116, 119],
  [95, 99, 104, 90, 97, 96, 93, 101, 88, 97],
);
const arms = rates(
  [122, 119, 116, 124, 120, 118, 121, 117, 123, 120],
  [103, 99, 97, 104, 102, 94, 101, 101, 100, 103],
);
const days: Day[] = arms.map((arm, i) => ({ arm, baseline: baselines[i] }));

const relative = (some: readonly Day[]): number | undefined => {
  const total = (of: (day: Day) => number) => some.reduce((sum, day) => sum + of(day), 0);
  const p1 = total(day => day.arm.successes) / total(day => day.arm.n);
  const p0 = total(day => day.baseline.successes) / total(day => day.baseline.n);
  return p0 === 0 ? undefined : p1 / p0 - 1;
};

describe('ten days', () => {
  it('give the figures of the page', () => {
    const { estimate, biasCorrected, leaveOneOut } = jackknife(days, relative);
    expectInterval(estimate, '0.0458333333', '0.0263902914', '0.0652763752');
    expectPrinted(estimated(estimate).standardError, '0.0085949121');
    expect(estimated(estimate).degrees).toBe(9);
    expectPrinted(biasCorrected ?? 0, '0.0457182871');
    const printed =
      '0.045484 0.049159 0.050782 0.041213 0.045191 0.049347 0.043453 0.045398 0.043435 0.044999';
    printed.split(' ').forEach((value, i) => {
      expectPrinted(leaveOneOut[i] ?? 0, value, `without day ${i}`);
    });
    const { estimate: z } = jackknife(days, relative, { quantile: 'z' });
    // With 1.959964 for z.
    expectNear(estimated(z).low, 0.0289876151, 1e-8);
    expectNear(estimated(z).high, 0.0626790516, 1e-8);
  });

  it('give the CMH ratio, too', () => {
    const strata = days.map(day => [day]);
    const { estimate, leaveOneOut } = jackknifeRiskRatio(strata);
    expectNear(estimated(estimate).value, (riskRatioOf(days) ?? 0) - 1, 1e-14);
    expectNear(leaveOneOut[3] ?? 0, (riskRatioOf(days.filter((_, i) => i !== 3)) ?? 0) - 1, 1e-14);
    // Strata add little here: the error is that of the plain ratio but for a few per cent.
    expectNear(estimated(estimate).standardError, 0.0085949121, 0.05);
  });

  it('give it by its logarithm, as near as makes no matter', () => {
    const strata = days.map(day => [day]);
    const plain = jackknifeRiskRatio(strata);
    const log = jackknifeRiskRatio(strata, { scale: 'log' });
    const [a, b] = [estimated(plain.estimate), estimated(log.estimate)];
    expectNear(b.value, a.value, 1e-12);
    expectNear(b.standardError, a.standardError / (1 + a.value), 0.01);
    // exp(ln RR ± t9 SE)
    expectNear(Math.log1p(b.high) - Math.log1p(b.low), 2 * 2.262157162798205 * b.standardError, 1e-10);
    expectNear(log.leaveOneOut[4] ?? 0, plain.leaveOneOut[4] ?? 1, 1e-12);
    expectNear(log.biasCorrected ?? 0, plain.biasCorrected ?? 1, 0.01);
    expect(jackknifeRiskRatio(strata.slice(0, 1), { scale: 'log' }).estimate).toMatchObject({
      estimable: false,
    });
  });

  it('may be added up by operator', () => {
    const byOperator = days.map(day => [{ ...day, name: 'Ada' }]);
    const { estimate } = jackknife(byOperator, some => {
      const ratio = riskRatioOf(mergeStrata(some.flat()));
      return ratio === undefined ? undefined : ratio - 1;
    });
    expectInterval(estimate, '0.0458333333', '0.0263902914', '0.0652763752');
  });
});

describe('the jackknife of a mean', () => {
  it("is Student's interval", () => {
    // For a mean the jackknife's error is s / √n: of 1 … 5, 3 ± 2.776 · √(2.5 / 5).
    const mean = (some: readonly number[]) => some.reduce((sum, x) => sum + x, 0) / some.length;
    const { estimate, biasCorrected } = jackknife([1, 2, 3, 4, 5], mean);
    expectNear(estimated(estimate).standardError, Math.sqrt(0.5), 1e-14);
    expectNear(biasCorrected ?? 0, 3, 1e-14);
    expectInterval(estimate, '3', '1.04', '4.96');
  });
});

describe('what groups cannot say', () => {
  it('is said', () => {
    expect(jackknifeRiskRatio([]).estimate).toMatchObject({
      reason: 'the groups together give no estimate',
    });
    expect(jackknifeRiskRatio([strataOf([3, 2, 4, 1])]).estimate).toMatchObject({
      reason: 'a jackknife needs at least two groups',
    });
    const spared = jackknifeRiskRatio([strataOf([3, 2, 4, 1]), strataOf([2, 3, 0, 5])]);
    expect(spared.estimate).toMatchObject({ reason: 'without group 1 of 2 there is no estimate' });
    expect(spared.leaveOneOut[0]).toBeUndefined();
    const same = jackknifeRiskRatio([strataOf([3, 2, 3, 2]), strataOf([4, 1, 4, 1])]);
    expect(same.estimate).toMatchObject({
      reason: 'the estimate is the same whichever group is left out',
    });
    expect(same.biasCorrected).toBe(0);
  });
});
