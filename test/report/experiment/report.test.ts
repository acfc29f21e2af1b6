import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/evaluation/contract.ts';
import { peekingLesson } from '../../../src/report/experiment/over-time.ts';
import { experimentPage, writeExperimentReport } from '../../../src/report/experiment/report.ts';
import {
  analysisOf,
  bareAnalysis,
  estimateOf,
  notEstimable,
  pairedAnalysis,
  severalArms,
} from './fixture.ts';
import { broken, type Element, svgsOf } from './page.ts';

const parse = (html: string): Element => (parseHTML(html) as unknown as { document: Element }).document;
const text = (node: Element | null): string => node?.textContent.replaceAll('\u00a0', ' ') ?? '';
const titles = (page: Element): string[] => [...page.querySelectorAll('h2')].map(text);

const all: [string, () => Analysis][] = [
  ['two arms', analysisOf],
  ['pairs', pairedAnalysis],
  ['several arms', severalArms],
  ['nothing that can be estimated', bareAnalysis],
];

describe('the page of an experiment', () => {
  it.each(all)('of %s needs nothing else, and never says NaN', async (_name, make) => {
    const page = await experimentPage(make(), { command: 'npx troupe compare a b', logHash: 'ab12' });
    expect(page.match(/(src|href)="[^"]*"|@import/g) ?? []).toEqual([]);
    expect(broken(page)).toEqual([]);
  });

  it.each(all)('of %s holds pictures whose marks lie where their numbers are', async (_name, make) => {
    const { pictures, problems } = svgsOf(await experimentPage(make()));
    expect(problems).toEqual([]);
    expect(pictures).toBeGreaterThan(3);
  });

  it('is the same to the byte for the same analysis', async () => {
    expect(await experimentPage(severalArms())).toBe(await experimentPage(severalArms()));
  });

  it('shows learning runs where it is told of them', async () => {
    const learningRuns = {
      arms: ['baseline', 'softer gripper'].map(arm => ({ arm, runs: 10, iqm: estimateOf(0.8, 0.02) })),
      improvements: [{ arm: 'softer gripper', probability: estimateOf(0.6, 0.1) }],
      resamples: 10_000,
    };
    const html = await experimentPage(analysisOf(), { learningRuns });
    expect(broken(html)).toEqual([]);
    expect(svgsOf(html).problems).toEqual([]);
    const page = parse(html);
    const [own] = [...page.querySelectorAll('section')].filter(each =>
      text(each).startsWith('Learning runs'),
    );
    expect(text(own)).toContain('(10 runs an arm;');
    expect(text(own)).toContain('probability of improvement over baseline');
    expect(text(own)).toContain('60.0 %  (40.4 … 79.6)');
    expect(text(own)).toContain('10,000 bootstrap resamples');
    expect(titles(parse(await experimentPage(analysisOf()))).join()).not.toContain('Learning runs');
  });

  it('begins with the verdict, then pictures, then tables', async () => {
    const page = parse(await experimentPage(analysisOf({ means: [0.8, 0.88] })));
    expect(text(page.querySelector('h1'))).toMatch(
      /^softer gripper is better than baseline: \+\d+\.\d % \(95 % interval/,
    );
    expect(text(page.querySelector('.verdict'))).toBe('▲ better');
    expect(titles(page)).toEqual([
      'Effect',
      'Effect over time',
      'Arms',
      'Effect by stratum',
      'Arms in numbers (trials; 95 % intervals)',
      'Comparisons (against baseline; power: to find 5 %)',
      'Guards',
      'Do the strata agree?',
      'Fixed before the start',
      'The experiment',
      'How to read this',
    ]);
  });

  it('gives each of several arms its own badge', async () => {
    const page = parse(await experimentPage(severalArms()));
    expect(text(page.querySelector('h1'))).toBe(
      'Against baseline: +5 % is better; −5 % is worse; same again is undecided',
    );
    expect([...page.querySelectorAll('.verdicts .verdict')].map(text)).toEqual([
      '○ undecided',
      '▲ better',
      '▼ worse',
    ]);
  });

  it('does not trust what a guard has refused, whatever the numbers say', async () => {
    const good = analysisOf({ means: [0.8, 0.9] });
    const says = '866 outcomes of one arm are missing.';
    const guards = [...good.guards, { name: 'missing trials', passed: false, says }];
    const page = parse(await experimentPage({ ...good, guards }));
    expect(text(page.querySelector('.verdict'))).toBe('✗ not to be trusted');
    expect(text(page.querySelector('.distrusted'))).toContain(says);
    expect(page.querySelectorAll('td.fail').length).toBe(1);
  });

  it('shows every figure of a comparison, with signs and sensible digits', async () => {
    const whole = analysisOf();
    const [first] = whole.comparisons;
    const comparisons = [
      {
        ...first,
        // Of docs' worked example: 991 of 1,180 against 960 of 1,200.
        difference: { ...estimateOf(0.0398305085, 0.0157267062), low: 0.0090067308, high: 0.0706542862 },
        relative: { ...estimateOf(0.0497881356, 0.0192342778), low: 0.010949387, high: 0.0901189949 },
      },
    ];
    const page = parse(await experimentPage({ ...whole, comparisons }));
    const rows = Object.fromEntries(
      [...page.querySelectorAll('table.figures tr')]
        .map(row => [...row.querySelectorAll('td')].map(text))
        .filter(cells => cells.length === 2),
    ) as Record<string, string>;
    expect(rows).toMatchObject({
      relative: '+5.0 % +1.1 … +9.0',
      difference: '+4.0 points +0.9 … +7.1',
      p: '0.0115',
      'adjusted p': '0.0115',
      'always-valid p': '0.0828',
      power: '82 %',
      'made by': 'log ratio, pooled z',
    });
  });

  it('tells what peeking would have led to', async () => {
    const page = parse(await experimentPage(analysisOf()));
    const lesson = [...page.querySelectorAll('figcaption')].map(text).find(each => each.includes('looks'));
    expect(lesson).toMatch(/left 0 out in 9 of 60 looks, and took it back.*The sequence never left 0 out\.$/);
  });

  it.each<[string, (number | undefined)[], (number | undefined)[], string]>([
    ['never', [0, 0, 0], [0, 0, 0], 'never left 0 out. The sequence never left 0 out.'],
    [
      'no sequence',
      [0, 0, 0],
      [undefined, undefined, undefined],
      'The fixed-horizon interval of b never left 0 out.',
    ],
    [
      'at the end',
      [0, 0, 3],
      [0, 0, 0],
      'left 0 out at the planned end alone. The sequence never left 0 out.',
    ],
    [
      'before',
      [0, 3, 3],
      [0, 0, 3],
      'first left 0 out at 20 trials, where that proved nothing yet. The sequence left 0 out at 30 trials, where it may be believed.',
    ],
    ['taken back', [3, 0, 0], [0, undefined, 0], 'left 0 out in 1 of 3 looks, and took it back'],
  ])('reads the looks: %s', (_name, fixed, sequence, says) => {
    const of = (z: number | undefined) => (z === undefined ? notEstimable : estimateOf(z, 1));
    const looks = fixed.map((z, i) => ({ units: 10 * (i + 1), estimate: of(z), sequence: of(sequence[i]) }));
    const comparison = { ...analysisOf().comparisons[0], arm: 'b', looks };
    expect(peekingLesson(comparison, { unit: 'trial', end: 30 })).toContain(says);
  });

  it('gives reasons instead of numbers', async () => {
    const page = parse(await experimentPage(bareAnalysis()));
    const reasons = [...page.querySelectorAll('td')]
      .map(text)
      .filter(each => each.startsWith('not estimable'));
    expect(new Set(reasons)).toEqual(new Set(['not estimable: every trial of <b> failed']));
  });

  it('keeps names from turning into markup, in tables and pictures', async () => {
    const page = await experimentPage(bareAnalysis(), {
      command: '<img src=x>',
      facts: [['<i>', '</table>']],
    });
    expect(page).not.toMatch(/<script>alert|<b>(?! ?failed)<|<img|<i>|<trials>|<1>/);
    expect(parse(page).querySelectorAll('script').length).toBe(0);
    expect(text(parse(page).querySelector('svg'))).toContain('b & "c"');
  });

  it('shows numbers that are not finite as not estimable, whoever made them', async () => {
    const whole = analysisOf();
    const bad = estimateOf(Number.NaN, 1);
    const [first] = whole.comparisons;
    const comparisons = [
      {
        ...first,
        relative: bad,
        difference: { ...bad, value: 0, high: Number.POSITIVE_INFINITY },
        power: Number.NaN,
      },
    ];
    const page = await experimentPage({ ...whole, comparisons });
    expect(broken(page)).toEqual([]);
    expect(text(parse(page).querySelector('table.figures'))).not.toBe('');
  });

  it('draws what was observed: values, and pairs', async () => {
    const analysis = pairedAnalysis();
    const [{ arm, baseline }] = analysis.comparisons;
    const values = [arm, baseline].flatMap(name => [1, 2, 3, 4].map(value => ({ arm: name, value })));
    const paired = [3, -1, 2, 5].map(difference => ({ arm, difference }));
    const page = parse(await experimentPage(analysis, { values, paired }));
    const heads = [...page.querySelectorAll('h3')].map(text);
    expect(heads).toContain('how the values lie; the line is the mean');
    expect(heads).toContain('gamma 0.995 minus gamma 0.99: better in 3 of 4 pairs');
  });

  it('says how to run it again, and by which hashes to know it', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'troupe-report-')), 'deep', 'er');
    const path = await writeExperimentReport(folder, analysisOf(), {
      command: 'npx troupe compare a b',
      logHash: 'ab12',
      facts: [['versions', 'troupe 0.1.0']],
    });
    const page = parse(readFileSync(path, 'utf8'));
    const facts = Object.fromEntries(
      [...page.querySelectorAll('tr')]
        .map(row => [...row.querySelectorAll('td')].map(text))
        .filter(row => row.length === 2),
    ) as Record<string, string>;
    expect(facts).toMatchObject({
      again: 'npx troupe compare a b',
      'log hash': 'ab12',
      versions: 'troupe 0.1.0',
      'design hash': analysisOf().designHash,
      stops: 'after 2,400 trials; looks before then prove nothing',
      arms: 'baseline 50 %, softer gripper 50 %',
    });
  });

  it('is readable in the dark, on a phone and on paper', async () => {
    const page = await experimentPage(analysisOf());
    const styles = text(parse(page).querySelector('style'));
    expect(styles).toContain('@media (prefers-color-scheme: dark)');
    expect(styles).toContain('@media print');
    expect(styles).toContain('@media (max-width: 600px)');
    // Colours of pictures are the style's own, so that they change with it.
    const fixed = [...page.matchAll(/(?:stroke|fill)="(#[0-9a-f]+|steelblue|black|white)"/g)];
    expect(fixed.map(([whole]) => whole)).toEqual([]);
  });
});
