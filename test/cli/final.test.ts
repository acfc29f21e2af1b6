import { describe, expect, it } from 'vitest';
import { finalLines } from '../../src/cli/screen/final.ts';
import { styleFor } from '../../src/cli/screen/style.ts';
import type { Summary } from '../../src/report/summary.ts';
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
});
