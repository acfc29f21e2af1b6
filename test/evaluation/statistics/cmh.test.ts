import { describe, expect, it } from 'vitest';
import { cmh, mergeStrata, relativeFrom, riskRatioOf } from '../../../src/evaluation/statistics/cmh.ts';
import { pooledTest, relativeEffect } from '../../../src/evaluation/statistics/two-arm.ts';
import { estimated, expectInterval, expectNear, expectPrinted, strataOf, tested } from './helpers.ts';

const operators = strataOf([176, 24, 84, 16], [66, 34, 118, 82], [30, 70, 45, 155]);

describe('three operators', () => {
  const result = cmh(operators);

  it('give the chi-square of the page', () => {
    expectPrinted(tested(result.test).statistic, '4.2095785598');
    expectPrinted(tested(result.test).p, '0.0401963226');
    expectPrinted(tested(result.corrected).statistic, '3.8751799708');
    expectPrinted(tested(result.corrected).p, '0.0490050556');
    expect(result.used).toBe(3);
    expect(result.droppedTrials).toBe(0);
  });

  it('come to it stratum by stratum', () => {
    // Σ (a - E) = 12.3333333 and V = 7.729468599 + 15.863247863 + 12.541806020 = 36.1345224823.
    const alone = operators.map(stratum => tested(cmh([stratum]).test).statistic);
    const excess = [176 - 173.3333333333, 66 - 61.3333333333, 30 - 25];
    const variances = ['7.729468599', '15.863247863', '12.541806020'];
    alone.forEach((statistic, i) => {
      expectPrinted(excess[i] ** 2 / statistic, variances[i]);
    });
  });

  it('give the odds ratio, the risk ratio and the risk difference', () => {
    expectInterval(result.oddsRatio, '1.4031379385', '1.0147179514', '1.9402397206');
    expectPrinted(estimated(result.oddsRatio).standardError, '0.1653603955');
    expectInterval(result.riskRatio, '1.1117824773', '1.0054679541', '1.2293383115');
    expectPrinted(estimated(result.riskRatio).standardError, '0.0512823218');
    expectInterval(result.riskDifference, '0.0616666667', '0.0020347647', '0.1212985687');
    expectPrinted(estimated(result.riskDifference).standardError, '0.0304249989');
    expectInterval(relativeFrom(result.riskRatio), '0.1117824773', '0.0054679541', '0.2293383115');
    expect(riskRatioOf(operators)).toBe(estimated(result.riskRatio).value);
  });

  it('pooled say what is not so', () => {
    const [arm, baseline] = [
      { successes: 272, n: 400 },
      { successes: 247, n: 500 },
    ];
    expectPrinted(estimated(relativeEffect(arm, baseline)).value, '0.3765182186');
    const { statistic, p } = tested(pooledTest(arm, baseline));
    expectPrinted(statistic ** 2, '31.4924218288');
    expectPrinted(p, '2.0e-8');
  });
});

describe('the reversal', () => {
  it('is seen by strata alone', () => {
    const result = cmh(strataOf([95, 5, 270, 30], [120, 180, 35, 65]));
    // With 1.959964 for z.
    const { value, low, high } = estimated(result.riskRatio);
    expectNear(value, 1.08, 1e-12);
    expectNear(low, 0.980929627, 1e-8);
    expectNear(high, 1.1890761251, 1e-8);
    expectPrinted(tested(result.test).statistic, '2.3586206897');
    expectPrinted(tested(result.test).p, '0.1245923081');
    const [arm, baseline] = [
      { successes: 215, n: 400 },
      { successes: 305, n: 400 },
    ];
    expectPrinted(1 + estimated(relativeEffect(arm, baseline)).value, '0.7049');
    expectPrinted(tested(pooledTest(arm, baseline)).p, '2.5e-11');
  });
});

describe('strata that say nothing', () => {
  it('are left out and their trials counted', () => {
    const alone = strataOf([7, 3, 0, 0], [0, 0, 2, 1]);
    const { used, droppedTrials, ...rest } = cmh([...operators, ...alone]);
    const { used: before, droppedTrials: dropped, ...without } = cmh(operators);
    expect(rest).toEqual(without);
    expect([used, droppedTrials, before, dropped]).toEqual([3, 13, 3, 0]);
  });

  it('leave nothing to estimate where there are no others', () => {
    const { test, riskRatio, droppedTrials } = cmh(strataOf([7, 3, 0, 0]));
    expect(test).toEqual({ estimable: false, reason: 'no stratum has trials of both arms' });
    expect(riskRatio).toEqual(test);
    expect(droppedTrials).toBe(10);
    expect(cmh([]).oddsRatio).toEqual(test);
  });

  it('leave each figure that needs what is not there', () => {
    const allSucceed = cmh(strataOf([5, 0, 7, 0], [4, 0, 2, 0]));
    expect(allSucceed.test).toMatchObject({ reason: 'no stratum has both successes and failures' });
    expect(allSucceed.riskRatio).toMatchObject({
      reason: 'no stratum has both successes and failures',
    });
    expect(allSucceed.riskDifference).toMatchObject({ estimable: false });
    const noneOfArm = cmh(strataOf([0, 5, 3, 4], [0, 6, 2, 7]));
    expect(noneOfArm.riskRatio).toMatchObject({ reason: 'the arm has no success' });
    expect(noneOfArm.oddsRatio).toMatchObject({
      reason: 'no stratum has a success of the arm and a failure of the baseline',
    });
    expect(estimated(noneOfArm.riskDifference).high).toBeLessThan(0);
    expect(tested(noneOfArm.test).p).toBeLessThan(0.1);
    const apart = cmh(strataOf([5, 0, 0, 7]));
    expect(apart.riskDifference).toMatchObject({
      reason: 'the variance that the strata give is not above 0',
    });
  });
});

describe('mergeStrata', () => {
  it('adds up strata of one name', () => {
    const [first, second, third] = operators;
    const merged = mergeStrata([
      { ...first, name: 'Ada' },
      { ...second, name: 'Bo' },
      { ...third, name: 'Ada' },
      first,
    ]);
    expect(merged).toEqual([
      { name: 'Ada', arm: { successes: 206, n: 300 }, baseline: { successes: 129, n: 300 } },
      { ...second, name: 'Bo' },
      first,
    ]);
  });
});
