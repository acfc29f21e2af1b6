import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { formatRow } from '../../src/core/metric-rows.ts';
import { figuresSection } from '../../src/report/figures.ts';
import { metricTable } from '../../src/report/metrics-table.ts';
import { writeReport } from '../../src/report/report.ts';
import { rowsOf, samples } from '../../src/report/samples.ts';
import { heading, wordsSection } from '../../src/report/sections.ts';
import { writeSummary } from '../../src/report/summary.ts';
import { runFolder, severalSeeds, summaryOf } from './fixture.ts';

interface Element {
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<Element> & { readonly length: number };
  querySelector(selector: string): Element | null;
}
const parse = (html: string): Element =>
  (parseHTML(`<html><body>${html}</body></html>`) as unknown as { document: Element }).document;

async function pageOf(folder: string) {
  const text = readFileSync(await writeReport(folder), 'utf8');
  return { text, document: (parseHTML(text) as unknown as { document: Element }).document };
}

describe('the report', () => {
  it('is one page that needs nothing else', async () => {
    const { text } = await pageOf(runFolder());
    const links = text.match(/(src|href)="[^"]*"|url\([^)]*\)|@import/g) ?? [];
    expect(links).toEqual([]);
    expect(text.match(/https?:\/\/[^"' )]+/g) ?? []).toEqual(
      (text.match(/http:\/\/www\.w3\.org\/2000\/svg/g) ?? []).map(() => 'http://www.w3.org/2000/svg'),
    );
  });

  it('says what was trained and whether it passed', async () => {
    const { document } = await pageOf(runFolder());
    expect(document.querySelector('h1')?.textContent).toBe('PPO teaches a one-legged robot to hop.');
    expect(document.querySelector('header p + h1 + p')?.textContent).toBe(
      '✗ failed 1 of 2 checks after 1,000,000 steps in 4 min 4 s, 4,095 steps a second',
    );
    expect(document.querySelectorAll('td.pass').length).toBe(1);
    expect(document.querySelectorAll('td.fail').length).toBe(1);
    expect(document.querySelector('.warned li')?.textContent).toBe('learner: entropy collapsed');
  });

  it.each<[boolean[], string]>([
    [[true], '✓ passed its check'],
    [[true, true], '✓ passed both checks'],
    [[false], '✗ failed its check'],
    [[false, false], '✗ failed both checks'],
    [[false, false, false], '✗ failed all 3 checks'],
    [[], ''],
  ])('judges in plain words: %j', (passes, verdict) => {
    const checks = passes.map(pass => ({ name: 'x', value: 1, atLeast: 1, pass }));
    const text = parse(heading({ ...summaryOf(1), checks }));
    expect(text.querySelector('.verdict')?.textContent ?? '').toBe(verdict);
  });

  it('sets the arms of a scenario side by side', () => {
    const table = parse(figuresSection(summaryOf(1)));
    const cells = (row: number) =>
      [...table.querySelectorAll(`tbody tr:nth-child(${row}) td`)].map(cell => cell.textContent);
    expect([...table.querySelectorAll('th')].map(cell => cell.textContent)).toEqual([
      '',
      'evaluation',
      'controls · random',
    ]);
    expect([cells(1), cells(2)]).toEqual([
      ['return', '1,804', ''],
      ['x', '6.2', '0.11'],
    ]);
  });

  it('tells how to run it again, on what it ran, and what its figures mean', async () => {
    const { document } = await pageOf(runFolder());
    const facts = Object.fromEntries(
      [...document.querySelectorAll('section tr')]
        .map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))
        .filter(row => row.length === 2),
    ) as Record<string, string>;
    expect(facts).toMatchObject({
      again: 'npx troupe run ./my-hopper.ts --seed 1',
      machine: 'A CPU, 2 cores, 16 GiB, linux x64',
      'machine probe': 'matmul_ms 11.5',
      versions: 'troupe 0.1.0, node 20.19.0',
    });
    const words = [...document.querySelectorAll('details td code')].map(cell => cell.textContent);
    expect(words).toContain('explained_variance');
    expect(words).not.toContain('action_std');
  });

  it('explains figures of one kind once: those of links, and those of the environment’s own', () => {
    const rows = [
      'a_to_b_queued',
      'c_to_d_queued',
      'evaluation_height',
      'evaluation_pitch',
      'entropy',
      'unheard_of',
    ];
    const values = Object.fromEntries(rows.map(name => [name, 1]));
    const page = parse(wordsSection([{ source: 'x', step: 1, values }]));
    const words = [...page.querySelectorAll('tr')].map(row => row.querySelector('td')?.textContent);
    expect(words).toEqual(['<from>_to_<to>_queued', 'evaluation_<name>', 'entropy']);
  });

  it('shows names in its sentences as code', () => {
    const words = wordsSection([{ source: 'x', step: 1, values: { epochs: 3 } }]);
    expect(words).toContain('where <code>targetKl</code> stopped it');
  });

  it('keeps names from turning into markup', async () => {
    const { text } = await pageOf(runFolder());
    expect(text).toContain('metres, &#60;random&#62; actions');
    expect(text).not.toContain('<random>');
  });

  it('draws a curve for each figure it knows, in a size for desks and one for phones', async () => {
    const { document } = await pageOf(runFolder());
    expect([...document.querySelectorAll('.small h3')].map(title => title.textContent)).toEqual([
      'explained_variance',
      'entropy',
      'approx_kl',
      'value_loss',
      'steps_per_second',
    ]);
    expect(document.querySelectorAll('.wide svg, .narrow svg').length).toBe(2);
  });

  it('writes small ticks as powers of ten, and draws what was measured last at a step', async () => {
    const folder = runFolder();
    const row = (step: number, values: Record<string, number>) =>
      appendFileSync(join(folder, 'metrics.jsonl'), `${formatRow({ source: 'learner', step, values })}\n`);
    for (const step of [1, 2, 3]) row(step, { clip_fraction: step });
    row(3, { clip_fraction: 1 });
    expect(samples([rowsOf(folder, 1)], 'clip_fraction').map(point => point.value)).toEqual([1, 2, 1]);
    row(1, { action_std: 0.0012 });
    row(2, { action_std: 0.0014 });
    const { document } = await pageOf(folder);
    const figure = [...document.querySelectorAll('.small figure')].find(
      each => each.querySelector('h3')?.textContent === 'action_std',
    );
    expect(figure?.textContent).toContain('1.2e-3');
  });

  it('draws the figures of a scenario’s own actors too, by who measured them', async () => {
    const folder = runFolder();
    const row = (source: string, step: number, values: Record<string, number>) =>
      appendFileSync(join(folder, 'metrics.jsonl'), `${formatRow({ source, step, values })}\n`);
    for (let step = 1; step <= 10; step++) {
      row('trend', step, { return_change: step ** 2, constructor: -step, never_moves: 3 });
      for (const player of [0, 1, 2]) row(`player/${player}`, step, { speed: step * player });
      row('evaluator', step, { evaluation_x: step, evaluation_terminated: 1 / step });
      row('system', step, { a_to_b_waits: step });
    }
    const { document } = await pageOf(folder);
    const sections = [...document.querySelectorAll('section')].filter(section =>
      section.querySelector('h2')?.textContent.startsWith('Measured by '),
    );
    const found = sections.map(section => [
      section.querySelector('h2 code')?.textContent,
      ...[...section.querySelectorAll('h3')].map(title => title.textContent),
    ]);
    expect(found).toEqual([
      ['evaluator', 'evaluation_x'],
      ['trend', 'return_change', 'constructor'],
      ['player', 'speed'],
    ]);
    // The players' lines, and their median.
    expect(sections[2].querySelectorAll('[aria-label="line"] path').length).toBe(4);
  });

  it('lays several seeds over each other, with their median and range', async () => {
    const folder = severalSeeds([1, 2, 3]);
    const { document } = await pageOf(folder);
    expect(document.querySelector('header p')?.textContent).toBe('hopper · 3 seeds');
    // Training and evaluation: a line a seed, and a median.
    expect(document.querySelectorAll('.wide [aria-label="line"] path').length).toBe(2 * (3 + 1));
    expect(document.querySelector('tbody tr:nth-child(2) td:nth-child(2) .legend')?.textContent).toBe(
      '6.1 … 6.3',
    );
    expect(document.querySelector('td.number + td + td')?.textContent).toBe('6.1, 6.2, 6.3');
  });

  it('does without rows, film and checks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-report-'));
    writeSummary(folder, { ...summaryOf(1), checks: [], metrics: {}, warnings: [] });
    const { document, text } = await pageOf(folder);
    expect(document.querySelectorAll('canvas, .small, .warned, .verdict').length).toBe(0);
    expect(text).not.toContain('undefined');
  });

  it('refuses a folder without a summary', async () => {
    await expect(writeReport(join(runFolder(), 'nowhere'))).rejects.toThrow('expected a run that has ended');
  });
});

describe('metrics', () => {
  it('are explained in whole sentences', () => {
    for (const [name, sentence] of Object.entries(metricTable))
      expect(sentence, name).toMatch(/^[A-Z].{20,}\.$/);
  });
});
