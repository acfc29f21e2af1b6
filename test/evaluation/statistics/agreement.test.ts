import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Estimate, TestResult } from '../../../src/evaluation/contract.ts';
import * as distributions from '../../../src/evaluation/distributions.ts';
import * as statistics from '../../../src/evaluation/statistics/index.ts';
import { strataOf } from './helpers.ts';

/** What scipy and statsmodels say: `fixtures/make-tables.py`. `null` where they have no finite number. */
type Row = readonly [...never[]];
const reference = JSON.parse(
  readFileSync(new URL('../fixtures/tables.json', import.meta.url), 'utf8'),
) as Record<string, Row[]>;
const rowsOf = <T>(name: string): T[] => reference[name] as unknown as T[];

type Numbers = readonly number[];
type Maybe = Numbers | null;
type Cells = readonly [number, number, number, number];

/** Relative; beside a 0, what rounding leaves. */
const TOLERANCE = 1e-8;
const error = (got: number, wanted: number): number =>
  Math.abs(got - wanted) / (wanted === 0 ? 1e-7 : Math.abs(wanted));

/** Counts what was held against the reference, and fails at the end with every disagreement. */
class Comparison {
  figures = 0;
  notEstimable = 0;
  readonly disagreements: string[] = [];

  /** @param got the numbers that we have, or undefined where we say that there are none */
  compare(what: string, got: Numbers | undefined, wanted: Maybe): void {
    if (got === undefined || wanted === null || wanted.some(value => value === null)) {
      this.notEstimable++;
      if ((got === undefined) !== (wanted === null || wanted.some(value => value === null)))
        this.disagreements.push(`${what}: ${got ?? 'not estimable'} beside ${wanted}`);
      return;
    }
    got.forEach((value, i) => {
      this.figures++;
      if (!(error(value, wanted[i]) <= TOLERANCE))
        this.disagreements.push(`${what}[${i}]: ${value} beside ${wanted[i]}`);
    });
    if (got.length !== wanted.length) this.disagreements.push(`${what}: ${got.length} numbers`);
  }

  end(figures: number, notEstimable: number): void {
    expect(this.disagreements).toEqual([]);
    expect({ figures: this.figures, notEstimable: this.notEstimable }).toEqual({ figures, notEstimable });
  }
}

const ends = (estimate: Estimate): Numbers | undefined =>
  estimate.estimable ? [estimate.low, estimate.high] : undefined;
const whole = (estimate: Estimate): Numbers | undefined =>
  estimate.estimable ? [estimate.value, estimate.standardError, estimate.low, estimate.high] : undefined;
const outcome = (test: TestResult): Numbers | undefined =>
  test.estimable ? [test.statistic, test.p] : undefined;

describe('scipy and statsmodels agree', () => {
  it('on two arms', () => {
    const all = new Comparison();
    type TwoArm = readonly [Cells, ...Maybe[]];
    const rows = rowsOf<TwoArm>('twoArm');
    for (const [[x1, n1, x0, n0], z, wald, log, delta, fieller, wilson, exact, fisher, boschloo] of rows) {
      const [arm, baseline] = [
        { successes: x1, n: n1 },
        { successes: x0, n: n0 },
      ];
      const of = `${x1}/${n1}, ${x0}/${n0}`;
      const relative = (method: statistics.RelativeMethod) =>
        statistics.relativeEffect(arm, baseline, { method });
      all.compare(`z of ${of}`, outcome(statistics.pooledTest(arm, baseline)), z);
      all.compare(`difference of ${of}`, ends(statistics.difference(arm, baseline)), wald);
      all.compare(`log of ${of}`, ends(relative('log')), log);
      all.compare(`delta of ${of}`, whole(relative('delta')), delta);
      all.compare(`Fieller of ${of}`, ends(relative('fieller')), fieller);
      all.compare(`Wilson of ${of}`, ends(statistics.rateEstimate(arm)), wilson);
      all.compare(`exact of ${of}`, ends(statistics.rateEstimate(arm, { method: 'exact' })), exact);
      const p = (method: 'fisher' | 'boschloo') => {
        const test = statistics.exactTest(arm, baseline, { method });
        return test.estimable ? [test.p] : undefined;
      };
      all.compare(`Fisher of ${of}`, p('fisher'), [fisher as unknown as number]);
      if (boschloo !== null) all.compare(`Boschloo of ${of}`, p('boschloo'), [boschloo as unknown as number]);
    }
    expect(rows).toHaveLength(206);
    all.end(3139, 185);
  });

  it('on strata', () => {
    const all = new Comparison();
    type Strata = readonly [Cells[], ...Maybe[]];
    const rows = rowsOf<Strata>('strata');
    rows.forEach(([cells, test, corrected, odds, risk, riskDifference, equal, tarone, q], i) => {
      const strata = strataOf(...cells);
      const result = statistics.cmh(strata);
      const homogeneity = statistics.breslowDay(strata);
      all.compare(`${i} chi-square`, outcome(result.test), test);
      all.compare(`${i} corrected`, outcome(result.corrected), corrected);
      all.compare(`${i} OR`, whole(result.oddsRatio), odds);
      all.compare(`${i} RR`, whole(result.riskRatio), risk);
      all.compare(`${i} RD`, whole(result.riskDifference), riskDifference);
      all.compare(`${i} Breslow-Day`, outcome(homogeneity.test), equal);
      all.compare(`${i} Tarone`, outcome(homogeneity.tarone), tarone);
      all.compare(`${i} Q`, outcome(statistics.cochranQ(strata)), q);
    });
    expect(rows).toHaveLength(188);
    all.end(3290, 338);
  });

  it('on means', () => {
    const all = new Comparison();
    const rows = rowsOf<readonly [Numbers, Numbers, Maybe, Maybe]>('means');
    rows.forEach(([arm, baseline, welch, paired], i) => {
      const { test, difference } = statistics.welch(
        statistics.momentsOf(arm),
        statistics.momentsOf(baseline),
      );
      all.compare(
        `${i} Welch`,
        test.estimable && difference.estimable
          ? [test.statistic, test.degrees ?? 0, test.p, difference.low, difference.high]
          : undefined,
        welch,
      );
      const n = Math.min(arm.length, baseline.length);
      const pairs = statistics.pairedMeans(arm.slice(0, n).map((value, j) => value - baseline[j]));
      const both = [outcome(pairs.test), ends(pairs.difference)];
      all.compare(`${i} pairs`, both[0] && both[1] ? [...both[0], ...both[1]] : undefined, paired);
    });
    expect(rows).toHaveLength(63);
    all.end(545, 5);
  });

  it('on corrected p values', () => {
    const all = new Comparison();
    for (const [ps, bonferroni, sidak, holm, hochberg] of rowsOf<readonly Numbers[]>('corrections')) {
      all.compare('Bonferroni', statistics.bonferroni(ps), bonferroni);
      all.compare('Šidák', statistics.sidak(ps), sidak);
      all.compare('Holm', statistics.holm(ps), holm);
      all.compare('Benjamini-Hochberg', statistics.benjaminiHochberg(ps), hochberg);
    }
    all.end(1084, 0);
  });

  it('on jackknives', () => {
    const all = new Comparison();
    rowsOf<readonly Numbers[]>('jackknife').forEach(([x1, n1, x0, n0, wanted], i) => {
      const groups = x1.map((_, g) => [x1[g], n1[g], x0[g], n0[g]]);
      const { estimate, biasCorrected } = statistics.jackknife(groups, some => {
        const [a, n, c, m] = [0, 1, 2, 3].map(at => some.reduce((sum, group) => sum + group[at], 0));
        return a / n / (c / m) - 1;
      });
      const figures = whole(estimate);
      all.compare(`${i}`, figures && [...figures, biasCorrected ?? 0], wanted);
    });
    all.end(200, 0);
  });

  it("on Dunnett's critical values and p values", () => {
    const all = new Comparison();
    type Dunnett = readonly [number, number, number | Numbers, number];
    for (const [k, alpha, rho, wanted] of rowsOf<Dunnett>('dunnett')) {
      const loadings = typeof rho === 'number' ? rho : statistics.dunnettLoadings(rho[0], rho.slice(1));
      const got = statistics.dunnettCritical(k, { alpha, rho: loadings });
      all.compare(`k ${k}, alpha ${alpha}, rho ${rho}`, [got], [wanted]);
    }
    for (const [z, k, rho, wanted] of rowsOf<Numbers>('dunnettP')) {
      // Ratios: the smallest is 1e-18.
      all.compare(`z ${z}, k ${k}, rho ${rho}`, [statistics.dunnettAdjustedP(z, k, { rho }) / wanted], [1]);
    }
    all.end(165, 0);
  });

  it('on distributions, tails as well, to 1e-10', () => {
    const wrong: string[] = [];
    const named = new Map(Object.entries(distributions));
    const rows = rowsOf<readonly [string, ...number[]]>('distributions');
    for (const [name, ...figures] of rows) {
      const wanted = figures[figures.length - 1];
      const f = named.get(name) as (...x: number[]) => number;
      const got = f(...figures.slice(0, -1));
      if (!(Math.abs(got / wanted - 1) <= 1e-10))
        wrong.push(`${name}(${figures.slice(0, -1)}): ${got} beside ${wanted}`);
    }
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(700);
  });
});
