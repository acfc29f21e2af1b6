import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { Design, LogRecord } from '../../../src/evaluation/contract.ts';
import { analyse } from '../../../src/evaluation/experiment/index.ts';
import { designOf, logOf, lone, numbersIn, pairRows, type Row, rateRows } from './logs.ts';

const success = { name: 'success', kind: 'binary', better: 'higher' } as const;
const trials = (over: Partial<Design> = {}): Design =>
  designOf({ unit: 'trial', stopping: { rule: 'fixed', units: 1 }, ...over });

/** Both arms in turn, so that the looks have something of each. */
const shuffled = (rows: readonly Row[]): Row[] => Random.fromSeed(3).shuffle([...rows]);

describe('an analysis', () => {
  it('is the same to the byte when it is made again, in whatever order the outcomes came', () => {
    const design = designOf({ stopping: { rule: 'always-valid', planned: 40, cap: 40 } });
    const random = Random.fromSeed(1);
    const pairs = Array.from({ length: 40 }, () => [random.normal(), random.normal() + 0.5] as const);
    const log = logOf(design, pairRows(pairs));
    const [opened, ...rest] = log;
    const end = rest.pop() as LogRecord;
    const assigned = rest.filter(record => record.type === 'assigned');
    const outcomes = random.shuffle(rest.filter(record => record.type === 'outcome'));
    const text = JSON.stringify(analyse(log));
    expect(JSON.stringify(analyse(log))).toBe(text);
    expect(JSON.stringify(analyse([opened, ...assigned, ...outcomes, end]))).toBe(text);
    expect(JSON.stringify(analyse(JSON.parse(JSON.stringify(log))))).toBe(text);
  });

  it('of rates has the log ratio and the pooled test (rl-and-simulation 2e-2)', () => {
    const rows = shuffled(rateRows({ A: [960, 240], B: [991, 189] }));
    const { comparison } = lone(analyse(logOf(trials({ metric: success }), rows)));
    expect(comparison.difference).toMatchObject({ value: expect.closeTo(0.0398305085, 9) });
    expect(comparison.test).toMatchObject({
      statistic: expect.closeTo(2.5274273165, 8),
      p: expect.closeTo(0.0114901605, 8),
    });
    expect(comparison.relative).toMatchObject({
      value: expect.closeTo(0.0497881356, 9),
      low: expect.closeTo(0.010949387, 8),
      high: expect.closeTo(0.0901189949, 8),
    });
    expect(comparison.adjustedP).toBe(comparison.test.estimable && comparison.test.p);
  });

  it('of rates on pairs has the exact test of McNemar, and rates whose intervals stay within 0 and 1', () => {
    const metric = success;
    const of = (won: number, lost: number, both: number) => {
      const kinds = { won: [0, 1], lost: [1, 0], both: [1, 1] } as const;
      const pairs = Object.entries({ won, lost, both }).flatMap(([name, count]) =>
        Array.from({ length: count }, () => kinds[name as keyof typeof kinds]),
      );
      const stopping = { rule: 'fixed', units: pairs.length } as const;
      return analyse(logOf(designOf({ metric, stopping }), pairRows(pairs)));
    };
    // 2 (1 + 12 + 66) / 2^12
    expect(lone(of(10, 2, 48)).comparison.test).toMatchObject({ p: expect.closeTo(158 / 4096, 12) });
    expect(lone(of(3, 3, 20)).comparison.test).toMatchObject({ p: 1 });
    const four = of(4, 0, 56);
    // Student's t makes 0.045 of it.
    expect(lone(four).comparison.test).toMatchObject({ p: expect.closeTo(2 / 16, 12) });
    expect(lone(four).verdict.standing).toBe('undecided');
    expect(four.arms[0].mean).toMatchObject({ high: expect.closeTo(0.9738, 4) });
    expect(four.arms[1].mean).toMatchObject({ low: expect.closeTo(0.9398, 4), high: 1 });
  });

  it('of rates in strata is that of Cochran, Mantel and Haenszel (2e-3)', () => {
    const design = trials({ metric: success, strata: ['operator'] });
    const rows = [
      ...rateRows({ B: [176, 24], A: [84, 16] }, { operator: 'x' }, 'x'),
      ...rateRows({ B: [66, 34], A: [118, 82] }, { operator: 'y' }, 'y'),
      ...rateRows({ B: [30, 70], A: [45, 155] }, { operator: 'z' }, 'z'),
    ];
    const analysis = analyse(logOf(design, shuffled(rows)));
    const { comparison } = lone(analysis);
    expect(comparison.method).toBe('CMH over operator');
    expect(comparison.relative).toMatchObject({
      value: expect.closeTo(0.1117824773, 9),
      low: expect.closeTo(0.0054679541, 8),
      high: expect.closeTo(0.2293383115, 8),
    });
    expect(comparison.test).toMatchObject({ p: expect.closeTo(0.0401963226, 8) });
    expect(comparison.strata.map(({ stratum, value }) => `${stratum} ${value}`)).toEqual([
      'operator x',
      'operator y',
      'operator z',
    ]);
    expect(comparison.homogeneity).toEqual([
      { stratum: 'operator', test: expect.objectContaining({ estimable: true }) },
    ]);
  });

  it('leaves strata out that are too sparse, and says so', () => {
    const design = trials({ metric: success, strata: ['object'] });
    const rows = rateRows({ A: [10, 10], B: [15, 5] }).map((row, i) => ({
      ...row,
      strata: { object: `o${i}` },
    }));
    const { comparison } = lone(analyse(logOf(design, rows)));
    expect(comparison.method).toContain('object too sparse: 40 of 40 trials stand in strata of one arm');
    expect(comparison.relative).toMatchObject({ value: expect.closeTo(0.5, 12) });
  });

  it('of means is that of Welch (2e-2)', () => {
    const a = [812, 790, 845, 770, 802, 828, 795, 815];
    const b = [846, 829, 861, 818, 852, 839, 870, 811];
    const rows = a.flatMap((value, i) => [
      { arm: 'A', unit: `a${i}`, value },
      { arm: 'B', unit: `b${i}`, value: b[i] },
    ]);
    const { comparison } = lone(analyse(logOf(trials(), rows)));
    expect(comparison.test).toMatchObject({
      statistic: expect.closeTo(3.0594437205, 8),
      p: expect.closeTo(0.0086156721, 8),
    });
    expect(comparison.difference).toMatchObject({
      low: expect.closeTo(10.0186583, 6),
      high: expect.closeTo(57.2313417, 6),
    });
    expect(comparison.relative).toMatchObject({ value: expect.closeTo(840.75 / 807.125 - 1, 12) });
  });

  it('of means that may be below 0 has a difference alone', () => {
    const rows = [-3, -2, -4, -1].flatMap((value, i) => [
      { arm: 'A', unit: `a${i}`, value },
      { arm: 'B', unit: `b${i}`, value: value + i },
    ]);
    const { comparison, verdict } = lone(analyse(logOf(trials(), rows)));
    expect(comparison.relative).toEqual({ estimable: false, reason: 'a ratio needs means above 0' });
    expect(comparison.difference).toMatchObject({ value: 1.5 });
    expect(verdict.sentence).toMatch(/^B measured 1\.5 \[/);
  });

  it('of pairs flips signs where they are few, and takes the ratio of their means', () => {
    // Differences 1 2 3 4 5 6: all of one sign, so p = 2 / 2^6.
    const pairs = [1, 2, 3, 4, 5, 6].map(d => [10, 10 + d] as const);
    const { comparison } = lone(analyse(logOf(designOf(), pairRows(pairs))));
    expect(comparison.test).toMatchObject({ p: 2 / 64 });
    // ln(13.5/10), SE = sd of b/13.5 - 1 over sqrt 6 = sqrt(3.5)/13.5/sqrt(6); t with 5 degrees 2.5705818
    const half = (2.570581836 * Math.sqrt(3.5 / 6)) / 13.5;
    expect(comparison.relative).toMatchObject({
      value: expect.closeTo(0.35, 12),
      low: expect.closeTo(1.35 * Math.exp(-half) - 1, 7),
      high: expect.closeTo(1.35 * Math.exp(half) - 1, 7),
    });
    expect(comparison.difference).toMatchObject({ value: 3.5, degrees: 5 });
  });

  it('of sessions takes the spread between them: the trials of a session count together', () => {
    const design = designOf({ unit: 'session', metric: success });
    const random = Random.fromSeed(2);
    const rows = Array.from({ length: 24 }, (_, session) => {
      const rate = 0.2 + 0.6 * random.uniform();
      return Array.from({ length: 50 }, () => ({
        arm: session % 2 ? 'B' : 'A',
        unit: `s${session}`,
        value: random.uniform() < rate ? 1 : 0,
      }));
    }).flat();
    const whole = lone(analyse(logOf(design, rows))).comparison;
    const naive = lone(
      analyse(
        logOf(
          trials({ metric: success }),
          rows.map((row, i) => ({ ...row, unit: `u${i}` })),
        ),
      ),
    ).comparison;
    expect(whole.method).toBe('session jackknife with t');
    const width = (of: typeof whole) =>
      of.difference.estimable ? of.difference.high - of.difference.low : Number.NaN;
    expect(whole.difference).toMatchObject({ degrees: 23 });
    expect(width(whole)).toBeGreaterThan(1.7 * width(naive));
  });

  it('corrects the p values of several arms (Dunnett), and those of secondary metrics (Holm)', () => {
    const names = ['A', 'B', 'C', 'D'];
    const design = designOf({
      arms: names.map(name => ({ name, weight: 1 })),
      secondary: [{ name: 'length', kind: 'number', better: 'lower' }],
    });
    const random = Random.fromSeed(5);
    const rows = Array.from({ length: 30 }, (_, i) =>
      names.map((arm, k) => ({
        arm,
        unit: `p${i}`,
        metrics: { return: 10 + random.normal() + 0.3 * k, length: 5 + random.normal() },
      })),
    ).flat();
    const { comparisons, secondary } = analyse(logOf(design, rows));
    expect(comparisons.map(({ arm }) => arm)).toEqual(['B', 'C', 'D']);
    for (const { test, adjustedP = 0 } of comparisons) {
      const p = test.estimable ? test.p : 1;
      expect(adjustedP).toBeGreaterThan(p);
      expect(adjustedP).toBeLessThanOrEqual(Math.min(1, 3 * p) + 1e-9);
    }
    const ps = secondary.map(({ comparison }) => (comparison.test.estimable ? comparison.test.p : 1));
    const smallest = ps.indexOf(Math.min(...ps));
    expect(secondary[smallest].comparison.adjustedP).toBeCloseTo(3 * ps[smallest], 12);
  });

  it('looks at whole units lone, at most 60 times, and ends with the estimate itself', () => {
    const random = Random.fromSeed(4);
    const pairs = Array.from({ length: 200 }, () => [5 + random.normal(), 5 + random.normal()] as const);
    const { looks, difference, sequential } = lone(analyse(logOf(designOf(), pairRows(pairs)))).comparison;
    expect(looks).toHaveLength(60);
    expect(looks.map(look => look.units)).toEqual([...new Set(looks.map(look => look.units))]);
    expect(looks.at(-1)).toEqual({ units: 200, estimate: difference, sequence: sequential.estimate });
    expect(looks[0].sequence).toMatchObject({ estimable: false });
  });

  it('has the same always-valid interval of a difference wherever the scale of a metric begins', () => {
    const random = Random.fromSeed(6);
    const noise = Array.from({ length: 400 }, () => random.normal());
    const sequence = (from: number) => {
      const rows = noise.map((value, i) => ({
        arm: random.split(i).uniform() < 0.5 ? 'A' : 'B',
        unit: `u${i}`,
        value: from + value,
      }));
      return lone(analyse(logOf(trials(), rows))).comparison.sequential.estimate;
    };
    const near = sequence(0);
    const far = sequence(1e6);
    if (!near.estimable || !far.estimable) throw new Error('expected intervals');
    expect(far.value).toBeCloseTo(near.value, 6);
    expect(far.low).toBeCloseTo(near.low, 6);
    expect(far.high).toBeCloseTo(near.high, 6);
  });

  it('knows the power to find what is worth finding', () => {
    // Differences of ±1 about 0: SE = sqrt(1.0101.../100); worth finding 0.05 × 10 = 0.5, nearly always found.
    const pairs = Array.from({ length: 100 }, (_, i) => [10, i % 2 ? 11 : 9] as const);
    const found = (worthFinding: number) =>
      lone(analyse(logOf(designOf({ worthFinding }), pairRows(pairs)))).comparison.power ?? Number.NaN;
    expect(found(0.05)).toBeGreaterThan(0.995);
    // Half of the time where the effect is where the interval ends: 1.959964 SE, SE = sqrt(100/99)/10.
    expect(found(0.1959964 * Math.sqrt(100 / 99) * 0.1)).toBeCloseTo(0.5, 4);
    // The same with three arms: each must pass Dunnett's 2.3490 (2e-5), not 1.96.
    const names = ['A', 'B', 'C', 'D'];
    const design = designOf({
      arms: names.map(name => ({ name, weight: 1 })),
      worthFinding: 0.1 * 2.349 * Math.sqrt(100 / 99) * 0.1,
    });
    const rows = pairs.flatMap(([a, b], i) =>
      names.map((arm, k) => ({ arm, unit: `p${i}`, value: k === 0 ? a : b })),
    );
    expect(lone(analyse(logOf(design, rows))).comparison.power).toBeCloseTo(0.5, 4);
  });
});

describe('a log that cannot be analysed as it is', () => {
  const told = (rows: readonly Row[], design = designOf()) => {
    const analysis = analyse(logOf(design, rows));
    for (const number of numbersIn(analysis)) expect(Number.isFinite(number)).toBe(true);
    return { ...lone(analysis), analysis };
  };

  it('no success in the baseline: the ratio is not estimable, the difference is', () => {
    const { comparison } = told(rateRows({ A: [0, 20], B: [5, 15] }), trials({ metric: success }));
    expect(comparison.relative).toMatchObject({ estimable: false });
    expect(comparison.difference).toMatchObject({ estimable: true, value: 0.25 });
  });

  it('no success at all, or nothing but successes', () => {
    for (const rates of [
      { A: [0, 20], B: [0, 20] },
      { A: [20, 0], B: [20, 0] },
    ] as const) {
      const { verdict } = told(rateRows(rates), trials({ metric: success }));
      expect(verdict.standing).toBe('undecided');
    }
  });

  it('an arm that always comes to the same has that mean', () => {
    const pairs = [3, 4, 2, 5, 6, 1].map(a => [a, 7] as const);
    const { analysis, comparison } = told(pairRows(pairs));
    expect(analysis.arms[1].mean).toMatchObject({ value: 7, standardError: 0, low: 7, high: 7 });
    expect(comparison.difference).toMatchObject({ value: 3.5 });
  });

  it('pairs that all differ by the same have no spread to judge by', () => {
    const { comparison, verdict } = told(pairRows([1, 2, 3, 4, 5, 6, 7].map(a => [a, a + 1] as const)));
    expect(comparison.difference.estimable).toBe(false);
    expect(verdict.standing).toBe('undecided');
  });

  it('one value of a stratum', () => {
    const design = trials({ metric: success, strata: ['robot'] });
    const { comparison } = told(rateRows({ A: [10, 10], B: [12, 8] }, { robot: 'r1' }), design);
    expect(comparison.homogeneity[0].test).toMatchObject({ estimable: false });
  });

  it('one arm, no trial, one trial of each, one pair', () => {
    const one = told(rateRows({ A: [10, 10] }), trials({ metric: success }));
    expect(one.comparison.difference.estimable).toBe(false);
    expect(told([], trials()).analysis.arms[0].mean).toMatchObject({ estimable: false });
    const single = [
      { arm: 'A', unit: 'a', value: 1 },
      { arm: 'B', unit: 'b', value: 2 },
    ];
    expect(told(single, trials()).verdict.sentence).toContain('too few to tell anything');
    expect(told(pairRows([[1, 2]])).verdict.sentence).toContain('1 pair: too few');
  });

  it('every trial has failed', () => {
    const rows = pairRows(Array.from({ length: 8 }, () => [1, 2] as const)).map(({ arm, unit }) => ({
      arm,
      unit,
    }));
    const { analysis, verdict } = told(rows);
    expect(analysis.arms.map(arm => arm.missing)).toEqual([8, 8]);
    expect(verdict.standing).toBe('undecided');
  });

  it('a pair of which one has failed counts for neither', () => {
    const rows = pairRows([
      [1, 2],
      [2, 4],
      [3, 3],
      [1, 5],
      [2, 6],
      [4, 5],
      [1, 9],
    ]).map((row, i) => (i === 13 ? { arm: row.arm, unit: row.unit } : row));
    const { analysis, comparison } = told(rows);
    expect(analysis.arms.map(arm => arm.analysed)).toEqual([6, 6]);
    expect(comparison.difference).toMatchObject({ value: 2 });
  });

  it.each([
    [Number.NaN, 'return = NaN: expected a finite number'],
    [Number.POSITIVE_INFINITY, 'return = Infinity: expected a finite number'],
    ['12', 'return = "12": expected a finite number'],
  ])('a value of %s is wrong use, in one line', (value, message) => {
    const log = logOf(designOf(), pairRows([[value as number, 2]]));
    expect(() => analyse(log)).toThrow(`trial t0: ${message}`);
  });

  it('a binary metric of 0.5, a stratum that is missing, a trial twice, a unit twice', () => {
    const binary = trials({ metric: success });
    const say = (design: Design, rows: readonly Row[]) => () => analyse(logOf(design, rows));
    expect(say(binary, [{ arm: 'A', unit: 'u', value: 0.5 }])).toThrow('success = 0.5: expected 0 or 1');
    expect(say({ ...binary, strata: ['day'] }, [{ arm: 'A', unit: 'u', value: 1 }])).toThrow(
      'trial t0: no value of the stratum day',
    );
    const twice = [
      { arm: 'A', unit: 'u', value: 1 },
      { arm: 'B', unit: 'u', value: 1 },
    ];
    expect(say(binary, twice)).toThrow('unit u: has 2 trials, expected one (unit: trial)');
    expect(say(designOf({ unit: 'session' }), twice)).toThrow('unit u: has trials of two arms');
    expect(say(designOf(), [...twice, ...twice])).toThrow('unit u: an arm played it twice');
    const log = logOf(binary, [{ arm: 'A', unit: 'u', value: 1 }]);
    expect(() => analyse([...log, log[1]])).toThrow('trial t0: assigned twice');
    expect(() => analyse(log.slice(1))).toThrow('no opening record');
  });
});
