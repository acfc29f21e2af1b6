import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { Design, Stopping } from '../../../src/evaluation/contract.ts';
import { analyse } from '../../../src/evaluation/experiment/index.ts';
import { designOf, logOf, lone, pairRows, rateRows } from './logs.ts';

/** Pairs whose second is better by so much on average. */
const better = (by: number, count = 40, seed = 1) => {
  const random = Random.fromSeed(seed);
  return pairRows(
    Array.from({ length: count }, () => {
      const start = 100 + 5 * random.normal();
      return [start, start + by + 2 * random.normal()] as const;
    }),
  );
};
const sentence = (over: Partial<Design>, rows = better(5), stopped = true) =>
  lone(analyse(logOf(designOf(over), rows, stopped))).verdict;
const always: Stopping = { rule: 'always-valid', planned: 40, cap: 40 };
const fixed: Stopping = { rule: 'fixed', units: 40 };

describe('a verdict', () => {
  it('says better, worse or not decided, with the effect, its interval and p', () => {
    const up = sentence({ stopping: fixed });
    expect(up.standing).toBe('better');
    expect(up.notWorse).toBe(true);
    expect(up.sentence).toMatch(
      /^B is better than A by [45]\.\d % \[[34]\.\d, 5\.\d\] in return \(95 % interval, p < 0\.0001, 40 pairs\)\.$/,
    );
    const down = sentence({ stopping: fixed }, better(-5));
    expect(down).toMatchObject({ standing: 'worse', notWorse: false });
    expect(down.sentence).toMatch(/^B is worse than A by [45]\.\d % \[4\.\d, [56]\.\d\] in return/);
    const open = sentence({ stopping: fixed }, better(0.2, 40, 3));
    expect(open.standing).toBe('undecided');
    expect(open.sentence).toMatch(
      /^B measured 0\.1 % \[-0\.\d, 0\.\d\] above A in return \(95 % interval\); p = 0\.\d+, so which is better is not decided by 40 pairs\.$/,
    );
  });

  it('where lower is better says which way the metric went', () => {
    const lower = { name: 'loss', kind: 'number', better: 'lower' } as const;
    const rows = better(-5);
    expect(sentence({ stopping: fixed, metric: lower }, rows)).toMatchObject({
      standing: 'better',
      notWorse: true,
      sentence: expect.stringMatching(/^B is better than A: loss is lower by [45]\.\d % \[/),
    });
    expect(sentence({ stopping: fixed, metric: lower })).toMatchObject({
      standing: 'worse',
      notWorse: false,
      sentence: expect.stringMatching(/^B is worse than A: loss is higher by /),
    });
  });

  it('before its fixed end decides nothing', () => {
    const {
      standing,
      sentence: said,
      notWorse,
    } = sentence({ stopping: { rule: 'fixed', units: 1000 } }, better(5), false);
    expect(standing).toBe('undecided');
    expect(notWorse).toBe(false);
    expect(said).toContain('but only 40 of 1,000 planned pairs are in, so nothing is decided.');
  });

  it('that is always valid may be given at any time', () => {
    const settled = sentence({ stopping: always }, better(5), false);
    expect(settled.standing).toBe('better');
    expect(settled.sentence).toMatch(
      /\(always-valid 95 % interval, always-valid p (=|<) 0\.\d+, 40 pairs\)\.$/,
    );
    const open = sentence({ stopping: { ...always, cap: 1000 } }, better(0.6), false);
    expect(open.standing).toBe('undecided');
    expect(open.sentence).toMatch(/always-valid p = (0\.\d+|1\.00), so not yet settled after 40 pairs\.$/);
    expect(sentence({ stopping: always }, better(0.6)).sentence).toContain(
      'not settled by the cap of 40 pairs.',
    );
    const few = sentence({ stopping: always }, better(5, 12), false);
    expect(few.standing).toBe('undecided');
    expect(few.sentence).toContain('an always-valid interval wants at least 30 pairs, there are 12');
  });

  it('always valid is the more careful of the two', () => {
    // p of about 0.02 at the fixed end is nothing to stop at.
    const rows = better(0.75);
    expect(sentence({ stopping: fixed }, rows).standing).toBe('better');
    expect(sentence({ stopping: always }, rows).standing).toBe('undecided');
  });

  it('on arms that did the same says so', () => {
    const same = sentence(
      { stopping: fixed },
      better(0).map((row, i, rows) => ({ ...row, value: rows[i - (i % 2)].value })),
    );
    expect(same).toEqual({
      arm: 'B',
      standing: 'undecided',
      notWorse: true,
      sentence: 'A and B did exactly the same in return on all 40 paired seeds.',
    });
  });

  it('is withheld where a guard failed, which it names', () => {
    const metric = { name: 'success', kind: 'binary', better: 'higher' } as const;
    const design = designOf({ unit: 'trial', metric, stopping: { rule: 'fixed', units: 1000 } });
    const { verdict } = lone(analyse(logOf(design, rateRows({ A: [300, 100], B: [550, 50] }))));
    expect(verdict).toMatchObject({ standing: 'undecided', notWorse: false });
    expect(verdict.sentence).toMatch(
      /^The verdict on B against A cannot be trusted: the guard "sample ratio \(assigned\)" failed, 400 : 600 trials for the planned 1 : 1 \(p < 0\.0001, below 0\.001\)\.$/,
    );
  });

  it('counts sessions, where they were assigned', () => {
    const design = designOf({ unit: 'session', stopping: { rule: 'fixed', units: 60 } });
    const rows = Array.from({ length: 60 }, (_, i) => ({
      arm: i % 10 ? 'B' : 'A',
      unit: `s${i}`,
      value: 5 + (i % 7),
    }));
    const { verdict } = lone(analyse(logOf(design, rows)));
    expect(verdict.sentence).toContain('6 : 54 sessions for the planned 1 : 1 (p < 0.0001, below 0.001)');
  });

  it('finds trials that go missing in one arm', () => {
    const rows = better(5, 200).map((row, i) => (i % 2 && i < 80 ? { arm: row.arm, unit: row.unit } : row));
    const { verdict } = lone(analyse(logOf(designOf({ stopping: { rule: 'fixed', units: 200 } }), rows)));
    expect(verdict.sentence).toContain(
      'the guard "missing trials" failed, missing: 0 of 200 of A, 40 of 200 of B',
    );
  });

  it('finds them in a small experiment, and lets a few pass', () => {
    const losing = (lost: number) => {
      const rows = better(5, 16).map((row, i) =>
        i % 2 && i < 2 * lost ? { arm: row.arm, unit: row.unit } : row,
      );
      return analyse(logOf(designOf({ stopping: { rule: 'fixed', units: 16 } }), rows)).guards;
    };
    const missing = { name: 'missing trials' };
    expect(losing(8)).toContainEqual(expect.objectContaining({ ...missing, passed: false }));
    expect(losing(3)).toContainEqual(expect.objectContaining({ ...missing, passed: true }));
  });

  it('of several arms has one sentence each, with the corrected p', () => {
    const arms = ['A', 'B', 'C'].map(name => ({ name, weight: 1 }));
    const random = Random.fromSeed(9);
    const rows = Array.from({ length: 40 }, (_, i) =>
      arms.map(({ name }, k) => ({
        arm: name,
        unit: `p${i}`,
        value: 50 + random.normal() + (k === 2 ? 2 : 0),
      })),
    ).flat();
    const { verdicts } = analyse(logOf(designOf({ arms, stopping: fixed }), rows));
    expect(verdicts.map(({ arm, standing }) => [arm, standing])).toEqual([
      ['B', 'undecided'],
      ['C', 'better'],
    ]);
    for (const { sentence: said } of verdicts) {
      expect(said).toContain('(Dunnett, 2 arms)');
      expect(said).toContain('(95 % interval of this arm alone');
    }
  });

  it('not worse is judged by what is worth finding', () => {
    const rows = better(0.2, 40, 3);
    expect(sentence({ stopping: fixed, worthFinding: 0.05 }, rows).notWorse).toBe(true);
    expect(sentence({ stopping: fixed, worthFinding: 0.0001 }, rows).notWorse).toBe(false);
  });
});
