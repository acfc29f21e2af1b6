import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { analyst, logRatio, type SimulatedAnalysis } from '../../../src/evaluation/simulate/analyses.ts';
import { strataOf, tableMaker } from '../../../src/evaluation/simulate/tables.ts';
import { experimentMaker } from '../../../src/evaluation/simulate/trials.ts';
import { cmh, mergeStrata, riskRatioOf } from '../../../src/evaluation/statistics/cmh.ts';
import { jackknife } from '../../../src/evaluation/statistics/jackknife.ts';
import { relativeEffect } from '../../../src/evaluation/statistics/two-arm.ts';

const make = experimentMaker({
  world: { base: 0.7, walk: 0.02, operators: { offsets: [0.3, 0, -0.4] } },
  design: { assign: 'per trial' },
  trials: 600,
  effects: [0.1],
});
const random = Random.fromSeed(21);
const seeds = Array.from({ length: 50 }, (_, i) => i);
const judge = (analysis: SimulatedAnalysis, i: number) => {
  const trials = make(random.split(i));
  return analyst(analysis, trials, 3)(trials);
};

describe('the ratio that simulations jackknife', () => {
  it('is the RR of the library, and its RR_MH over strata', () => {
    for (const i of seeds) {
      const trials = make(random.split(i));
      const whole = tableMaker({}, trials, 3)(trials);
      const { riskRatio } = cmh(strataOf(whole));
      const [{ arm, baseline }] = strataOf(whole);
      const relative = relativeEffect(arm, baseline, { method: 'log' });
      const byOperator = tableMaker({ operator: true }, trials, 3)(trials);
      const { riskRatio: overOperators } = cmh(strataOf(byOperator));
      if (!riskRatio.estimable || !relative.estimable || !overOperators.estimable)
        throw new Error('no ratio');
      expect(logRatio([whole.counts])).toBeCloseTo(Math.log(riskRatio.value), 12);
      expect(logRatio([whole.counts])).toBeCloseTo(Math.log1p(relative.value), 12);
      expect(logRatio([byOperator.counts])).toBeCloseTo(Math.log(overOperators.value), 12);
    }
  });

  it('has the library jackknife groups of time', () => {
    const analysis = { name: 'j', analysis: 'jackknife', groups: { trials: 60 }, quantile: 't' } as const;
    for (const i of seeds) {
      const judgement = judge({ ...analysis, strata: { operator: true } }, i);
      const trials = make(random.split(i));
      // Ten groups, each with a table for each of three operators, added up by the library's own functions.
      const tables = strataOf(tableMaker({ trials: 60, operator: true }, trials, 3)(trials));
      const groups = Array.from({ length: 10 }, (_, g) =>
        [0, 1, 2].map(o => ({ name: `operator ${o}`, ...tables[3 * g + o] })),
      );
      const { estimate } = jackknife(groups, kept => {
        const ratio = riskRatioOf(mergeStrata(kept.flat()));
        return ratio === undefined ? undefined : Math.log(ratio);
      });
      if (!estimate.estimable) throw new Error(estimate.reason);
      expect(judgement.low).toBeCloseTo(Math.exp(estimate.low), 10);
      expect(judgement.high).toBeCloseTo(Math.exp(estimate.high), 10);
      expect(judgement.rejects).toBe(estimate.low > 0 || estimate.high < 0);
    }
  });

  it('has wider intervals with fewer degrees, and the narrowest with z', () => {
    const [z, t, fewer] = (['z', 't', 4] as const).map(quantile => {
      const { low = 1, high = 1 } = judge(
        { name: 'j', analysis: 'jackknife', groups: { trials: 60 }, quantile },
        0,
      );
      return Math.log(high / low);
    });
    // 1.96, t(9) and t(4).
    expect(t / z).toBeCloseTo(2.2621571628 / 1.9599639845, 8);
    expect(fewer / z).toBeCloseTo(2.7764451052 / 1.9599639845, 8);
  });
});

describe('analyses that look early', () => {
  it('stop at the first look that rejects, and a look more never takes that back', () => {
    const many = seeds.map(i => judge({ name: 'p', analysis: 'peeking z', looks: 20 }, i));
    const few = seeds.map(i => judge({ name: 'p', analysis: 'peeking z', looks: 2 }, i));
    expect(many.some(({ stoppedAt }) => stoppedAt === 600)).toBe(true);
    for (const [i, { rejects, stoppedAt = NaN }] of many.entries()) {
      expect(stoppedAt % 30).toBe(0);
      if (few[i].rejects) expect(rejects).toBe(true);
    }
    const once = seeds.map(i => judge({ name: 'p', analysis: 'peeking z', looks: 1 }, i).rejects);
    expect(once).toEqual(seeds.map(i => judge({ name: 'z', analysis: 'pooled z' }, i).rejects));
  });

  it('are asked for looks that there can be', () => {
    expect(() => judge({ name: 'p', analysis: 'peeking z', looks: 601 }, 0)).toThrow(
      'looks = 601: expected a number from 1 to the 600 trials',
    );
  });
});
