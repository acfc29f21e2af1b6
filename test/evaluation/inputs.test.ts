import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { pickArm } from '../../src/evaluation/assignment/assign.ts';
import * as assignment from '../../src/evaluation/assignment/index.ts';
import * as distributions from '../../src/evaluation/distributions.ts';
import { finite, shown, whole, wrong } from '../../src/evaluation/inputs.ts';
import * as statistics from '../../src/evaluation/statistics/index.ts';

const some = { successes: 3, n: 7 };
const moments = { n: 5, mean: 1, variance: 2 };
const stratum = { arm: some, baseline: some };
const planned = { planned: 100 };
const random = () => Random.fromSeed(1);
const process = () => new statistics.EProcess();
const scores = () => new statistics.CentredScores();

/** A number of each public function, in its turn: what comes from outside need not be one. */
const calls: Readonly<Record<string, (x: number) => unknown>> = {
  'normalSurvival z': x => distributions.normalSurvival(x),
  'normalQuantile p': x => distributions.normalQuantile(x),
  'twoSidedP z': x => distributions.twoSidedP(x),
  'studentTSurvival t': x => distributions.studentTSurvival(x, 3),
  'studentTQuantile df': x => distributions.studentTQuantile(0.9, x),
  'chiSquareSurvival x': x => distributions.chiSquareSurvival(x, 2),
  'chiSquareQuantile df': x => distributions.chiSquareQuantile(0.9, x),
  'fSurvival df1': x => distributions.fSurvival(1, x, 2),
  'betaCdf x': x => distributions.betaCdf(x, 1, 2),
  'betaQuantile b': x => distributions.betaQuantile(0.5, 1, x),
  'rateEstimate level': x => statistics.rateEstimate(some, { level: x }),
  'difference successes': x => statistics.difference({ successes: x, n: 7 }, some),
  'pooledTest n': x => statistics.pooledTest(some, { successes: 3, n: x }),
  'relativeEffect level': x => statistics.relativeEffect(some, some, { level: x }),
  'exactTest successes': x => statistics.exactTest(some, { successes: x, n: 7 }),
  'momentsOf values': x => statistics.momentsOf([1, x]),
  'meanEstimate n': x => statistics.meanEstimate({ ...moments, n: x }),
  'welch mean': x => statistics.welch({ ...moments, mean: x }, moments),
  'relativeMeans variance': x => statistics.relativeMeans(moments, { ...moments, variance: x }),
  'pairedMeans differences': x => statistics.pairedMeans([1, 2, x]),
  'cmh level': x => statistics.cmh([stratum], x),
  'cmh successes': x => statistics.cmh([{ arm: { successes: x, n: 7 }, baseline: some }]),
  'breslowDay n': x => statistics.breslowDay([{ arm: some, baseline: { successes: 0, n: x } }]),
  'cochranQEstimates value': x => statistics.cochranQEstimates([{ value: x, standardError: 1 }]),
  'jackknife level': x => statistics.jackknife([1, 2], () => 1, { level: x }),
  'jackknifeRiskRatio n': x =>
    statistics.jackknifeRiskRatio([[{ arm: some, baseline: { successes: 0, n: x } }], [stratum]]),
  'dunnettCritical alpha': x => statistics.dunnettCritical(3, { alpha: x }),
  'dunnettAdjustedP z': x => statistics.dunnettAdjustedP(x, 3),
  'dunnettLoadings arms': x => statistics.dunnettLoadings(10, [10, x]),
  'holm ps': x => statistics.holm([0.1, x]),
  'mixtureRho planned': x => statistics.mixtureRho(x, 0.05),
  'confidenceSequence standardError': x =>
    statistics.confidenceSequence({ value: 1, standardError: x, n: 9 }, planned),
  'CentredScores push': x => scores().push(true, x),
  'EProcess push': x => process().push(true, x),
  'EProcess probability': x => process().push(true, 1, x),
  'trialsPerArm arm': x => statistics.trialsPerArm({ baseline: 0.8, arm: x }),
  'trialsPerArmMeans sd': x => statistics.trialsPerArmMeans({ difference: 1, sd: x }),
  'powerOfRates sizes': x => statistics.powerOfRates({ baseline: 0.8, arm: 0.9 }, { baseline: 90, arm: x }),
  'designEffect icc': x => statistics.designEffect(10, x),
  'effectiveSize arm': x => statistics.effectiveSize(10, x),
  'allocation total': x => statistics.allocation(x, 3, 'equal'),
  'simulatePower experiments': x =>
    statistics.simulatePower({
      trial: () => 1,
      trials: 1,
      analyse: () => true,
      experiments: x,
      random: random(),
    }),
  'sampleRatio counts': x => statistics.sampleRatio([5, x], [1, 1]),
  'missingness missing': x => statistics.missingness([5, 5], [1, x]),
  'iqm scores': x => statistics.iqm([1, 2, x]),
  'stratifiedBootstrap scores': x =>
    statistics.stratifiedBootstrap([[1, x]], statistics.meanOf, { random: random(), resamples: 2 }),
  'signFlipTest differences': x => statistics.signFlipTest([1, x], { random: random() }),
  'pickArm weight': x => pickArm([{ weight: 1 }, { weight: x }], 0.5),
  'secretFromSeed seed': x => assignment.secretFromSeed(x),
  'independence table': x =>
    assignment.independence([
      [1, 2],
      [3, x],
    ]),
  'interaction level': x =>
    assignment.interaction({ neither: some, first: some, second: some, both: some }, x),
};

describe('what is no number', () => {
  it.each(Object.entries(calls))('is refused, and named, as %s', (_name, call) => {
    for (const bad of [Number.NaN, Infinity, -Infinity, '1', null, [1]]) {
      expect(() => call(bad as number)).toThrow(/^[^=]+ = .+: expected /);
    }
  });
});

describe('a message', () => {
  it('names the field, its value and what was expected', () => {
    expect(() => finite('return', '12' as unknown as number)).toThrow(
      'return = "12": expected a finite number',
    );
    expect(() => whole('arms', -1, 1)).toThrow('arms = -1: expected a whole number of at least 1');
    expect(wrong('weights', [1, 2], 'three')).toMatchObject({
      kind: 'usage',
      message: 'weights = [1,2]: expected three',
    });
  });

  it('shows a value in little room, whatever it is', () => {
    expect(['a', undefined, null, Number.NaN, 3n, {}].map(shown)).toEqual([
      '"a"',
      'undefined',
      'null',
      'NaN',
      '3',
      '{}',
    ]);
    expect(shown('x'.repeat(100))).toHaveLength(80);
  });
});
