import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { type CasesExhibit, type ImagesExhibit, pixelsOf } from '../../../src/report/exhibits/index.ts';
import { type Exhibit, exhibitSections, writeExhibit } from '../../../src/report/exhibits.ts';
import {
  accuracyBars,
  affinities,
  allExhibits,
  errorOverLabels,
  groupings,
  samples,
} from '../exhibits-fixture.ts';
import { foldersOf, shown, texts } from './page.ts';

describe('exhibits', () => {
  it('come in the order of their names, over all seeds', async () => {
    const page = await shown([{ b: accuracyBars(1) }, { a: errorOverLabels(2), b: accuracyBars(2) }]);
    expect(texts(page, 'h2')).toEqual(['Error over labels', 'Accuracy by arm']);
    expect(texts(page, '.lacks')).toEqual(['Not shown by seed 1.']);
  });

  it('of the same name but another kind stay apart', async () => {
    const page = await shown([{ a: groupings(1) }, { a: affinities(2) }]);
    expect(texts(page, 'h2')).toEqual(['Groupings found']);
    expect(texts(page, '.lacks')).toEqual(['Not shown by seed 2.']);
  });

  it('are the same text whenever they are drawn, and need nothing from elsewhere', async () => {
    const folders = foldersOf([allExhibits(1), allExhibits(2)]);
    const [once, again] = [await exhibitSections(folders), await exhibitSections(folders)];
    expect(again).toEqual(once);
    const text = once.join('\n');
    expect(text.match(/https?:\/\/(?!www\.w3\.org\/2000\/svg)[^"' )]+/g)).toBeNull();
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('keep names from turning into markup', async () => {
    const bars = accuracyBars(1);
    const [{ name: group, bars: arms }] = bars.groups;
    const odd = '<b>&"x';
    const page = await shown([
      {
        a: {
          ...bars,
          title: odd,
          note: odd,
          groups: [{ name: group + odd, bars: [{ ...arms[0], name: odd }] }],
        },
        b: { ...groupings(1), columns: [odd], rows: [[odd]] },
        c: {
          ...affinities(1),
          rows: [odd],
          columns: [odd],
          values: [[1]],
          groups: [{ name: odd, members: [odd] }],
        },
        d: { ...samples(1), rows: samples(1).rows.map(row => ({ ...row, label: odd })) },
        e: {
          ...errorOverLabels(1),
          panels: [
            {
              title: odd,
              series: [
                {
                  name: odd,
                  points: [
                    [20, 1],
                    [30, 2],
                  ],
                },
              ],
            },
          ],
        },
      },
    ]);
    expect(texts(page, 'b').filter(text => text.includes('x'))).toEqual([]);
    expect(texts(page, 'h2')[0]).toBe(odd);
    expect(page.querySelector('.cases td')?.textContent).toBe(odd);
  });

  it.each<[string, Exhibit, string]>([
    ['lines', { ...errorOverLabels(1), panels: [] }, 'panels = []'],
    [
      'bars',
      {
        ...accuracyBars(1),
        groups: [{ name: '', bars: [{ name: 'x', role: 'hero' as 'method', value: 1 }] }],
      },
      'groups.0.bars.0.role = "hero"',
    ],
    [
      'matrix',
      { ...affinities(1), values: [[1]] },
      'values.length = 1: expected 6, one for each of the rows',
    ],
    [
      'matrix',
      { ...affinities(1), groups: [{ name: 'A', members: ['nobody'] }] },
      'groups.0.members.0 = "nobody": expected the name of a row or column',
    ],
    ['images', { ...samples(1), width: 13 }, 'holds 196 bytes, expected 13 × 14 × 1'],
    ['images', { ...samples(1), heads: ['0'] }, 'heads.length = 1: expected 10, one for each of the columns'],
    [
      'cases',
      { ...groupings(1), rows: [['x']] },
      'rows.0.length = 1: expected 5, one for each of the columns',
    ],
  ])('that are broken are refused by name and field: %s', async (_, broken, message) => {
    const [{ folder }] = foldersOf([{ other: groupings(1) }]);
    expect(() => writeExhibit(folder, 'a', broken)).toThrow(message);
    // The same, of a file that somebody else wrote.
    const path = join(folder, 'exhibits', 'a.json');
    writeFileSync(path, JSON.stringify(broken));
    await expect(exhibitSections([{ seed: 1, folder }])).rejects.toThrow(`${path}: `);
    await expect(exhibitSections([{ seed: 1, folder }])).rejects.toThrow(message);
    await expect(exhibitSections([{ seed: 1, folder }])).rejects.toMatchObject({ kind: 'usage' });
  });

  it('hold null for what is no number', () => {
    const bars = accuracyBars(1);
    const [{ folder }] = foldersOf([
      { a: { ...bars, groups: [{ name: '', bars: [{ name: 'x', role: 'method', value: Number.NaN }] }] } },
    ]);
    expect(readFileSync(join(folder, 'exhibits', 'a.json'), 'utf8')).toContain('"value":null');
  });
});

describe('images', () => {
  const grey: ImagesExhibit = {
    kind: 'images',
    title: 'Samples',
    columns: 2,
    heads: ['0', '1'],
    width: 2,
    height: 1,
    rows: [{ label: 'ours', images: [pixelsOf([0, 255]), pixelsOf([10, 20]), pixelsOf([-1, 1], -1, 1)] }],
  };

  it('are a PNG a row, seen through between them', async () => {
    const page = await shown([{ a: grey }]);
    const image = page.querySelector('img');
    expect(image?.getAttribute('alt')).toBe('ours: 3 images of 2 by 1 pixels');
    const [, base64 = ''] = (image?.getAttribute('src') ?? '').split('data:image/png;base64,');
    const { width, height, channels, data } = decode(Buffer.from(base64, 'base64'));
    expect([width, height, channels]).toEqual([5, 3, 2]);
    const pixel = (x: number, y: number) => [...data.slice((y * 5 + x) * 2, (y * 5 + x) * 2 + 2)];
    expect([0, 1, 2, 3, 4].map(x => pixel(x, 0))).toEqual([
      [0, 255],
      [255, 255],
      [0, 0],
      [10, 255],
      [20, 255],
    ]);
    expect([pixel(0, 1), pixel(0, 2), pixel(1, 2), pixel(3, 2)]).toEqual([
      [0, 0],
      [0, 255],
      [255, 255],
      [0, 0],
    ]);
    // Scaled by a whole number.
    expect(Number(image?.getAttribute('width')) % 5).toBe(0);
    expect(texts(page, '.heads span')).toEqual(['0', '1']);
  });

  it('may have colours', async () => {
    const page = await shown([
      { a: { ...grey, width: 1, channels: 3, rows: [{ label: 'x', images: [pixelsOf([1, 2, 3])] }] } },
    ]);
    const [, base64 = ''] = (page.querySelector('img')?.getAttribute('src') ?? '').split('base64,');
    expect([...decode(Buffer.from(base64, 'base64')).data]).toEqual([1, 2, 3, 255]);
  });

  it('of other seeds are folded away', async () => {
    const page = await shown([{ a: samples(1) }, { a: samples(2) }, { a: samples(3) }]);
    expect(page.querySelectorAll('.card img').length).toBe(3 * 4);
    expect(page.querySelectorAll('details img').length).toBe(2 * 4);
    expect(texts(page, 'details h4')).toEqual(['Seed 2', 'Seed 3']);
    expect(page.querySelector('.axes')?.textContent).toBe('seed 1');
  });
});

describe('cases', () => {
  const cases: CasesExhibit = {
    kind: 'cases',
    title: 'Found',
    columns: ['groups', 'loss'],
    rows: [
      ['{a, b}', 1.4983],
      ['{a}', null],
    ],
  };

  it('set numbers to the right, and leave out what there is not', async () => {
    const page = await shown([{ a: cases }, { a: cases }]);
    expect([...page.querySelectorAll('.cases th')].map(head => head.getAttribute('class'))).toEqual([
      'words',
      'number',
      'words',
      'number',
    ]);
    expect(texts(page, 'details td')).toEqual(['{a, b}', '1.5', '{a}', '']);
    expect(texts(page, 'summary')).toEqual(['The other seed']);
  });

  it('say that there are none', async () => {
    const page = await shown([{ a: { ...cases, rows: [] } }]);
    expect(page.querySelector('.card')?.textContent).toBe('No cases.');
  });
});
