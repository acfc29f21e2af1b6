import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { checksSection } from '../../src/report/checks.ts';
import { figuresSection } from '../../src/report/figures.ts';
import { writeReport } from '../../src/report/report.ts';
import type { CheckResult } from '../../src/report/summary.ts';
import { armsFolder, armsSummary } from './arms-fixture.ts';
import { type Element, parse, texts } from './exhibits/page.ts';
import { armsOfConsistency, groupings } from './exhibits-fixture.ts';
import { summaryOf } from './fixture.ts';

const arms = armsOfConsistency.length;
async function reportOf(seeds: readonly number[]): Promise<Element> {
  const path = await writeReport(armsFolder(seeds, seed => ({ a: groupings(seed) })));
  return (parseHTML(readFileSync(path, 'utf8')) as unknown as { document: Element }).document;
}

describe('the report of a scenario of arms', () => {
  it('has no picture of returns, and shows what each arm logged, figure by figure', async () => {
    const page = await reportOf([1, 2, 3]);
    expect(texts(page, 'h2')).toEqual([
      'Checks',
      'Groupings found',
      'Figures (the median, and the range over seeds)',
      'What the arms logged (a line a seed, and their median)',
      'The run',
    ]);
    expect(texts(page, '.arm-figure summary')).toEqual([
      `accuracy ${arms} arms`,
      `supervised_loss ${arms} arms`,
      `entropy ${arms} arms`,
      'kept 5 arms',
    ]);
    const [accuracy] = page.querySelectorAll('.arm-figure');
    expect(texts(accuracy, 'h4')).toEqual(armsOfConsistency.map(([name]) => name));
    // Three seeds and their median, in a picture each, on the same axes.
    expect(accuracy.querySelectorAll('[aria-label="line"] path').length).toBe(arms * (3 + 1));
    const ticks = [...accuracy.querySelectorAll('svg')].map(svg =>
      texts(svg, '[aria-label="y-axis tick label"] text').join(),
    );
    expect(new Set(ticks).size).toBe(1);
    // What Troupe's learners mean by a figure says nothing of an arm's.
    expect(texts(page, 'details td code')).not.toContain('entropy');
  });

  it('draws one line an arm where there is one seed', async () => {
    const page = await reportOf([4]);
    const [accuracy] = page.querySelectorAll('.arm-figure');
    expect(accuracy.querySelectorAll('[aria-label="line"] path').length).toBe(arms);
  });
});

describe('figures of many arms', () => {
  const cells = (row: Element) => [...row.querySelectorAll('td')].map(cell => cell.textContent);

  it('have a row an arm and a column a figure, and the run’s own before them', () => {
    const page = parse(figuresSection(armsSummary([1])));
    const [own, table] = page.querySelectorAll('table');
    expect([...own.querySelectorAll('tr')].map(cells)).toEqual([['labels', '50']]);
    expect(texts(table, 'th')).toEqual(['', 'hard', 'soft', 'loss', 'kept']);
    const rows = [...table.querySelectorAll('tbody tr')].map(cells);
    expect(rows.map(([name]) => name)).toEqual(armsOfConsistency.map(([name]) => name));
    expect(rows[0].every(text => text !== '')).toBe(true);
    expect(rows[5][4]).toBe('');
  });

  it('have their range over seeds, unless all are the same', () => {
    const page = parse(figuresSection(armsSummary([1, 2, 3])));
    const [own, table] = page.querySelectorAll('table');
    expect(texts(own, 'td')).toEqual(['labels', '50']);
    expect(texts(table, 'tbody tr:first-child td')[1]).toMatch(/^0\.\d+ 0\.\d+ … 0\.\d+$/);
  });

  it('hold what an arm has in groups of its own', () => {
    const metrics = Object.fromEntries(
      ['a', 'b'].flatMap(arm => [
        [`images.${arm}.error`, 1],
        [`images.${arm}.kept.first`, 2],
        [`images.${arm}.kept.last`, 3],
      ]),
    );
    const page = parse(figuresSection({ ...summaryOf(1), metrics }));
    const rows = [...page.querySelectorAll('tr')].map(row => texts(row, 'td, th').join(' '));
    expect(rows).toEqual([' error kept.first kept.last', 'a 1 2 3', 'b 1 2 3']);
    // A figure of all arms does not make them one.
    const more = parse(figuresSection({ ...summaryOf(1), metrics: { ...metrics, 'images.all': 9 } }));
    expect(texts(more, '.by-arm tbody td:first-child')).toEqual(['a', 'b']);
    expect(texts(more, '.listed td')).toEqual(['images · all', '9']);
  });

  it('are several tables where arms measure different things; what stands alone is listed', () => {
    const metrics = {
      'arms.a.x': 1,
      'arms.b.x': 2,
      'c.y': 3,
      'd.y': 4,
      'd.z': 5,
      'e.z': 6,
      'alone.w': 7,
      n: 8,
    };
    const page = parse(figuresSection({ ...summaryOf(1), metrics }));
    const tables = [...page.querySelectorAll('table')].map(table =>
      texts(table, 'tr').map(row => row.trim()),
    );
    expect(tables).toEqual([
      ['alone · w7', 'n8'],
      ['x', 'a1', 'b2'],
      ['yz', 'c3', 'd45', 'e6'],
    ]);
  });
});

describe('the table of checks', () => {
  const check = (name: string, pass = true, more: Partial<CheckResult> = {}): CheckResult => ({
    name,
    value: 0.5,
    atLeast: 0.25,
    pass,
    ...more,
  });

  it('sets controls apart, and says what is expected of them', () => {
    const checks = [
      check('gain'),
      check('control: shuffled'),
      check('loss', false),
      check('control: none', false),
    ];
    const page = parse(checksSection({ ...summaryOf(1), checks }));
    const bodies = [...page.querySelectorAll('tbody')].map(body =>
      [...body.querySelectorAll('tr')].map(row => texts(row, 'th, td').slice(0, 2).join(' ')),
    );
    expect(bodies).toEqual([
      ['✓ passed gain', '✗ failed loss'],
      ['Controls, which must fail to do it', '✓ it fails shuffled', '✗ it does it none'],
    ]);
  });

  it('has no part for controls where there are none, nor one for others where all are', () => {
    const bodies = (checks: CheckResult[]) =>
      parse(checksSection({ ...summaryOf(1), checks })).querySelectorAll('tbody').length;
    expect([bodies([check('gain')]), bodies([check('control: x')])]).toEqual([1, 1]);
  });

  it('lists every seed beside the median, in their order, and marks those that fail', () => {
    const summary = armsSummary([1, 2, 3]);
    const checks = [check('gain', true, { over: 'median', values: [0.5, 0.75, 0.125] })];
    const page = parse(checksSection({ ...summary, checks }));
    expect(texts(page, 'thead th').at(-1)).toBe('seeds 1, 2, 3');
    expect(texts(page, 'td').slice(2)).toEqual(['0.5', '≥ 0.25 (the median)', '0.5, 0.75, 0.125']);
    expect(texts(page, '.seeds .fail')).toEqual(['0.125']);
  });

  it('says what is to be exact', () => {
    const page = parse(
      checksSection({ ...summaryOf(1), checks: [check('ids', true, { atLeast: 7, atMost: 7 })] }),
    );
    expect(texts(page, '.bar')).toEqual(['= 7']);
  });
});

it('names the checks that were not made, where there are no others too', () => {
  const page = parse(checksSection({ ...summaryOf(1), checks: [], notMade: ['ids < 5', 'gap'] }));
  expect(texts(page, 'p')).toEqual([
    'Not made, since the run was without what they are about: ids < 5; gap.',
  ]);
  expect(page.querySelector('table')).toBeNull();
  expect(checksSection({ ...summaryOf(1), checks: [] })).toBe('');
});
