import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { writeExhibit } from '../../../src/report/exhibits.ts';
import { studySections } from '../../../src/report/experiment/study-sections.ts';
import { writeReport } from '../../../src/report/report.ts';
import { runFolder, severalSeeds } from '../fixture.ts';
import { analysisOf, notEstimable } from './fixture.ts';
import { broken, type Element, svgsOf } from './page.ts';
import { studyOf } from './study-fixture.ts';

const parse = (html: string): Element =>
  (parseHTML(`<html><body>${html}</body></html>`) as unknown as { document: Element }).document;
const text = (node: Element | null): string => node?.textContent.replaceAll('\u00a0', ' ') ?? '';

/** Drawn once: the tests look at the same sections. */
const drawn = studySections(studyOf());

describe('the sections of a study', () => {
  it('set the two figures side by side, and colour the intervals that leave 0 out', async () => {
    const page = parse(await drawn);
    const [inOrder, atRandom] = [...page.querySelectorAll('.beside figure')];
    expect(text(inOrder.querySelector('figcaption'))).toMatch(/^8 of 10 intervals leave 0 out\./);
    expect(text(atRandom.querySelector('figcaption'))).toMatch(/^0 of 10 intervals leave 0 out\./);
    const colors = (figure: Element) =>
      [...figure.querySelectorAll('circle')].map(dot => dot.getAttribute('fill'));
    expect(colors(inOrder).filter(color => color === 'var(--quiet)').length).toBe(2);
    expect(colors(atRandom)).toEqual(Array(10).fill('var(--quiet)'));
  });

  it('draw both figures on one scale', async () => {
    const page = parse(await drawn);
    const zero = [...page.querySelectorAll('.beside figure [stroke-opacity="0.7"] line')];
    expect(new Set(zero.map(line => line.getAttribute('x1'))).size).toBe(1);
  });

  it('count the regroupings', async () => {
    const page = parse(await drawn);
    const words = [...page.querySelectorAll('p.legend')].map(text);
    expect(words).toContain(
      'Over 2,000 random regroupings of the same trials, 9.43 of 10 intervals contain 0 on average, and 9.5 are promised. In order of time: 2.',
    );
  });

  it('mark the designs that find more than was promised', async () => {
    const page = parse(await drawn);
    const bars = [...page.querySelectorAll('.wide [aria-label="bar"] rect')].map(bar =>
      bar.getAttribute('fill'),
    );
    // The regroupings' own bars are of one colour, set on their group.
    expect(bars.filter(fill => fill === 'var(--bad)').length).toBe(3);
    expect(bars.filter(fill => fill === 'var(--good)').length).toBe(6);
  });

  it('cross the two layers', async () => {
    const page = parse(await drawn);
    const cells = [...page.querySelectorAll('.crossing td')].map(text);
    expect(cells).toEqual([
      '83.1 %4,140 of 4,984',
      '84.0 %4,231 of 5,036',
      '83.5 %4,190 of 5,019',
      '83.9 %4,160 of 4,961',
    ]);
  });

  it('say which planted faults were caught', async () => {
    const page = parse(await drawn);
    const caught = [...page.querySelectorAll('.guards td.pass, .guards td.fail')].map(text);
    expect(caught.slice(-3)).toEqual(['✓ caught', '✓ caught', '✗ missed']);
  });

  it('draw what lies where its numbers are, and say no NaN, also where nothing can be estimated', async () => {
    const whole = studyOf();
    const without = {
      ...whole,
      drift: undefined,
      sequential: {
        ...whole.sequential,
        groups: whole.sequential.groups.map(group => ({ ...group, change: group.change && notEstimable })),
      },
      regroupings: { intervals: 10, counts: Array(11).fill(0) },
      designs: [],
      peeking: [],
      planted: [],
      layers: { ...whole.layers, independence: notEstimable, interaction: notEstimable },
    };
    for (const study of [whole, without]) {
      const sections = await studySections(study);
      expect(broken(sections)).toEqual([]);
      expect(svgsOf(`<html><body>${sections}</body></html>`).problems).toEqual([]);
    }
  });
});

describe('what a run leaves to be shown', () => {
  const titles = async (folder: string): Promise<string[]> =>
    [...parse(readFileSync(await writeReport(folder), 'utf8')).querySelectorAll('h2')].map(text);

  it('stands in its report, in the order of the names, after the checks', async () => {
    const folder = runFolder();
    writeExhibit(folder, 'b', studyOf());
    writeExhibit(folder, 'a', { kind: 'experiment', analysis: analysisOf({ means: [0.8, 0.9] }) });
    const found = await titles(folder);
    const at = (title: string) => found.findIndex(each => each.startsWith(title));
    expect(at('Checks')).toBeLessThan(at('softer gripper is better'));
    expect(at('softer gripper is better')).toBeLessThan(at('The same trials, compared in two ways'));
    expect(at('The same trials, compared in two ways')).toBeLessThan(at('Return over training'));
  });

  it('stands in the report of several seeds once', async () => {
    const folder = severalSeeds([1, 2]);
    for (const seed of [1, 2]) writeExhibit(join(folder, `seed${seed}`), 'study', studyOf());
    const found = await titles(folder);
    expect(found.filter(title => title === 'Peeking').length).toBe(1);
  });

  it('is refused where nobody draws its kind', async () => {
    const folder = runFolder();
    mkdirSync(join(folder, 'exhibits'));
    writeFileSync(join(folder, 'exhibits', 'x.json'), '{"kind":"hologram"}');
    await expect(writeReport(folder)).rejects.toThrow(/x\.json: kind = "hologram": .*"study"\|"experiment"/);
  });
});
