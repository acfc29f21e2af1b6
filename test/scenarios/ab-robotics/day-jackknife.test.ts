import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { Stratum } from '../../../src/evaluation/contract.ts';
import { jackknife, mergeStrata, riskRatioOf } from '../../../src/evaluation/statistics/index.ts';
import { dayJackknife } from '../../../src/scenarios/ab-robotics/day-jackknife.ts';

// The method page's ten days: trials and successes of the baseline and of the arm.
const baseN = [118, 121, 125, 117, 120, 122, 119, 123, 116, 119];
const baseX = [95, 99, 104, 90, 97, 96, 93, 101, 88, 97];
const armN = [122, 119, 116, 124, 120, 118, 121, 117, 123, 120];
const armX = [103, 99, 97, 104, 102, 94, 101, 101, 100, 103];
const table = (x: readonly number[], n: readonly number[]) =>
  Int32Array.from(x.flatMap((each, i) => [each, n[i]]));

describe('dayJackknife', () => {
  it('gives the method page’s figures for one stratum', () => {
    const effect = dayJackknife(table(armX, armN), table(baseX, baseN), 1, 0.95);
    expect(effect).toMatchObject({ estimable: true, degrees: 9, level: 0.95 });
    if (!effect.estimable) throw new Error(effect.reason);
    expect(effect.value).toBeCloseTo(0.0458333333, 10);
    expect(effect.standardError).toBeCloseTo(0.0085949121, 10);
    expect(effect.low).toBeCloseTo(0.0263902914, 9);
    expect(effect.high).toBeCloseTo(0.0652763752, 9);
  });

  it('agrees with the jackknife of the CMH ratio over strata, days without trials left aside', () => {
    const random = Random.fromSeed(4);
    for (let round = 0; round < 20; round++) {
      const [days, strata] = [6, 3];
      const arm = new Int32Array(days * strata * 2);
      const baseline = new Int32Array(days * strata * 2);
      for (const side of [arm, baseline]) {
        for (let cell = 0; cell < days * strata; cell++) {
          if (Math.floor(cell / strata) === 2) continue;
          const n = random.integer(30);
          side[2 * cell + 1] = n;
          for (let i = 0; i < n; i++) side[2 * cell] += random.uniform() < 0.8 ? 1 : 0;
        }
      }
      const groups = [0, 1, 3, 4, 5].map(day =>
        Array.from({ length: strata }, (_, s): Stratum => {
          const at = (day * strata + s) * 2;
          const of = (side: Int32Array) => ({ successes: side[at], n: side[at + 1] });
          return { name: String(s), arm: of(arm), baseline: of(baseline) };
        }),
      );
      const { estimate } = jackknife(groups, some => riskRatioOf(mergeStrata(some.flat())));
      const mine = dayJackknife(arm, baseline, strata, 0.95);
      if (!estimate.estimable || !mine.estimable) throw new Error('expected both to be estimable');
      expect(mine.value).toBeCloseTo(estimate.value - 1, 12);
      expect(mine.standardError).toBeCloseTo(estimate.standardError, 10);
      expect(mine.low).toBeCloseTo(estimate.low - 1, 10);
      expect(mine.degrees).toBe(estimate.degrees);
    }
  });

  it('says so where there is nothing to estimate', () => {
    const none = table([0, 0], [5, 5]);
    expect(dayJackknife(none, none, 1, 0.95)).toMatchObject({ estimable: false });
    expect(dayJackknife(table([3], [5]), table([4], [5]), 1, 0.95)).toMatchObject({ estimable: false });
    expect(dayJackknife(new Int32Array(4), new Int32Array(4), 1, 0.95)).toMatchObject({ estimable: false });
  });
});
