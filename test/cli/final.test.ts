import { describe, expect, it } from 'vitest';
import { finalLines } from '../../src/cli/screen/final.ts';
import { RunScreen } from '../../src/cli/screen/run-screen.ts';
import { styleFor } from '../../src/cli/screen/style.ts';
import type { Summary } from '../../src/report/summary.ts';
import { armsSummary } from '../report/arms-fixture.ts';
import { TestIo } from './io.ts';

const summary: Summary = {
  scenario: 'hop',
  about: 'Hops.',
  seed: 3,
  options: {},
  seconds: 84,
  steps: 300_000,
  stepsPerSecond: 4321,
  executor: 'eager/wasm',
  metrics: { steps: 300_000, 'evaluation.return': 812.4, 'evaluation.x': 5.2 },
  checks: [
    { name: 'metres', value: 5.2, atLeast: 3, unit: 'm', pass: true },
    { name: 'falls', value: 0.4, atMost: 0.2, pass: false },
  ],
  passed: false,
  versions: {},
};
const io = new TestIo();
const lines = (changes: Partial<Summary> = {}, smoke = false, next?: string, columns?: number) =>
  finalLines(
    {
      summary: { ...summary, ...changes },
      report: 'runs/hop/1/report.html',
      smoke,
      next,
    },
    styleFor(io.stdout, io),
    columns,
  );

describe('the last screen of a run', () => {
  it('says how long it took, what was held, what was measured, and where to go from here', () => {
    expect(lines({}, false, 'npx troupe evaluate runs/hop/1').filter(line => line !== '')).toEqual([
      '  hop · seed 3 · done in 1:24 · 300,000 steps · 4,321 steps/s · eager/wasm',
      '  ✓  metres  5.20 m  ≥ 3 m',
      '  ✗  falls   0.400   ≤ 0.2',
      '  evaluation.return  812.4',
      '  evaluation.x        5.20',
      '  report  runs/hop/1/report.html',
      '  next    npx troupe evaluate runs/hop/1',
    ]);
  });

  it('breaks between its facts on a narrow terminal, and leaves out what it ran on', () => {
    expect(lines({}, false, undefined, 80)[1]).toBe(
      '  hop · seed 3 · done in 1:24 · 300,000 steps · 4,321 steps/s · eager/wasm',
    );
    expect(lines({}, false, undefined, 70)[1]).toBe(
      '  hop · seed 3 · done in 1:24 · 300,000 steps · 4,321 steps/s',
    );
    expect(lines({}, false, undefined, 55).slice(1, 3)).toEqual([
      '  hop · seed 3 · done in 1:24 · 300,000 steps',
      '    4,321 steps/s',
    ]);
  });

  it('sets arms that measured the same things side by side', () => {
    const metrics = { gain: 2, ...summary.metrics, 'controls.zero.return': 9.5, 'controls.zero.falls': 1 };
    expect(lines({ metrics }).slice(6, 12)).toEqual([
      '  gain             2',
      '          evaluation  zero',
      '  return       812.4  9.50',
      '  x             5.20',
      '  falls                  1',
      '',
    ]);
  });

  it('keeps to what fits, and says that there is more', () => {
    const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`figure${i}`, i]));
    expect(lines({ metrics })).toContain('  … 18 more in the report');
    expect(lines({ metrics })).not.toContain('  figure12  12');
  });

  it('of several seeds tells each of them, and over what they are taken', () => {
    const over = { atLeast: 4, of: 5 };
    const checks = [{ name: 'metres', value: 5, atLeast: 3, over, values: [5, 2, 6], pass: false }];
    const runs = [1, 2, 3].map(seed => ({ ...summary, seed, folder: `seed${seed}` }));
    const shown = lines({ checks, runs });
    expect(shown[1]).toMatch(/^ {2}hop · 3 seeds · /);
    expect(shown).toContain('  ✗  metres  5  ≥ 3  4 of 5: 5, 2, 6');
    expect(shown).toContain('  medians');
  });

  it('of a smoke run that failed says why, and names nothing to do next where there is nothing', () => {
    expect(lines({}, true)).toContain('  A smoke run is too short to pass its checks.');
    expect(lines().join()).not.toContain('next');
  });

  const control = (name: string, pass: boolean) => ({
    name: `control: ${name}`,
    value: 0.5,
    atMost: 0.6,
    pass,
  });

  it('sets controls apart, under a line of their own', () => {
    const checks = [control('shuffled pairs', true), ...summary.checks, control('no labels', false)];
    const shown = lines({ checks });
    expect(shown.slice(3, 10)).toEqual([
      '  ✓  metres          5.20 m  ≥ 3 m',
      '  ✗  falls           0.400   ≤ 0.2',
      '',
      '  Controls, which must fail to do it',
      '  ✓  shuffled pairs  0.500   ≤ 0.6',
      '  ✗  no labels       0.500   ≤ 0.6',
      '',
    ]);
    expect(lines({ checks: [control('alone', true)] }).slice(3, 5)).toEqual([
      '  Controls, which must fail to do it',
      '  ✓  alone  0.500  ≤ 0.6',
    ]);
  });

  describe('on narrow terminals', () => {
    const name = 'fifty labels, over supervised with augmentation';
    const checks = [
      {
        name,
        value: 17.9,
        atLeast: 10,
        unit: 'points',
        over: 'median' as const,
        values: [17.5, 17.9, 18.5],
        pass: true,
      },
      {
        name: 'ids',
        value: 10_000,
        atLeast: 10_000,
        atMost: 10_000,
        over: 'every' as const,
        values: [10_000, 10_000, 10_000],
        pass: true,
      },
    ];
    const at = (columns: number) => lines({ checks }, false, undefined, columns).slice(columns < 70 ? 4 : 3);

    it('breaks names in their column, with the seeds beside or below', () => {
      expect(at(120).slice(0, 2)).toEqual([
        `  ✓  ${name}  17.90 points  ≥ 10 points  median: 17.50, 17.90, 18.50`,
        `  ✓  ids${' '.repeat(46)}10,000        = 10,000     every seed: 10,000, 10,000, 10,000`,
      ]);
      expect(at(80).slice(0, 4)).toEqual([
        `  ✓  ${name}  17.90 points  ≥ 10`,
        '       median of 17.50, 17.90, 18.50',
        `  ✓  ids${' '.repeat(46)}10,000        = 10,000`,
        '       every seed: 10,000, 10,000, 10,000',
      ]);
      expect(at(60).slice(0, 3)).toEqual([
        '  ✓  fifty labels, over supervised    17.90 points  ≥ 10',
        '     with augmentation',
        '       median of 17.50, 17.90, 18.50',
      ]);
    });

    it('sets figures below names where there is no room beside them', () => {
      const shown = lines({ checks }, false, undefined, 40);
      const from = shown.indexOf('  ✓  fifty labels, over supervised with');
      expect(shown.slice(from, from + 8)).toEqual([
        '  ✓  fifty labels, over supervised with',
        '     augmentation',
        '       17.90 points  ≥ 10',
        '       median of 17.50, 17.90, 18.50',
        '  ✓  ids',
        '       10,000  = 10,000',
        '       every seed: 10,000, 10,000,',
        '       10,000',
      ]);
    });

    it('keeps every line of checks and figures within the terminal', () => {
      for (const seeds of [[1], [1, 2, 3]])
        for (const columns of [80, 60, 40]) {
          const shown = lines(armsSummary(seeds), false, undefined, columns);
          expect(shown.filter(line => [...line].length > columns)).toEqual([]);
        }
    });
  });

  it('has a row for each of many arms, and as many figures as fit', () => {
    const arms = ['wide', 'narrow', 'deep', 'shallow'];
    const metrics = Object.fromEntries(
      arms.flatMap((arm, i) => [
        [`${arm}.error`, i],
        [`${arm}.convolutional_error`, i + 0.5],
      ]),
    );
    const shown = (columns?: number) => {
      const all = lines({ metrics: { seeds: 2, ...metrics } }, false, undefined, columns);
      const from = all.findIndex(line => line.startsWith('  seeds'));
      return all.slice(from, from + 6);
    };
    expect(shown()).toEqual([
      '  seeds        2',
      '           error  convolutional_error',
      '  wide         0                0.500',
      '  narrow       1                 1.50',
      '  deep         2                 2.50',
      '  shallow      3                 3.50',
    ]);
    expect(shown(30)).toEqual([
      '  seeds        2',
      '           error',
      '  wide         0',
      '  narrow       1',
      '  deep         2',
      '  shallow      3',
    ]);
  });

  it('leaves out an arm whose figures found no room', () => {
    const metrics = {
      'gradients.mlp.gradient': 0.1,
      'gradients.conv.gradient': 0.2,
      'gradients.other.gradient': 0.3,
      'control.timed_out_and_nothing_else': 1,
    };
    const shown = (columns: number) => lines({ metrics }, false, undefined, columns).join('\n');
    expect(shown(100)).toContain('timed_out_and_nothing_else');
    expect(shown(40)).toContain('gradients.mlp');
    expect(shown(40)).not.toContain('control');
  });
});

describe('the line of a seed that is done, while others go on', () => {
  const line = (checks: Summary['checks'], columns = 100) => {
    const paper = new TestIo({ columns });
    const screen = new RunScreen(paper.stdout, paper);
    const run = {
      scenario: 'hop',
      summary: 'Hops.',
      folder: 'runs/hop/1',
      smoke: false,
      resumedAt: undefined,
    };
    screen.started({ ...run, seed: 3, index: 1, count: 3 });
    screen.finished({ ...summary, checks, passed: checks.every(({ pass }) => pass) });
    return paper.stdout.lines.slice(1);
  };
  const many = armsSummary([1]).checks;

  it('tells what few checks came to, and of many those that failed', () => {
    expect(line(summary.checks)).toEqual(['  ✗ seed 3  metres 5.20 m, falls 0.400  1:24']);
    expect(line(many.filter(({ pass }) => pass))).toEqual(['  ✓ seed 3  all 13 checks  1:24']);
    expect(line(many, 60)).toEqual([
      '  ✗ seed 3  13 of 14 checks, not control: identity',
      '    augmentation, over augmented supervised 6.87 points',
      '    1:24',
    ]);
  });
});
