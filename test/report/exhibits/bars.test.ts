import { describe, expect, it } from 'vitest';
import type { Bar, BarsExhibit } from '../../../src/report/exhibits/index.ts';
import { alike, logTicks } from '../../../src/report/exhibits/means.ts';
import { htmlOf, shown, texts } from './page.ts';

const exhibit = (bars: readonly Bar[], more: Partial<BarsExhibit> = {}): BarsExhibit => ({
  kind: 'bars',
  title: 'Accuracy',
  x: { label: 'accuracy' },
  groups: [{ name: 'images', bars }],
  ...more,
});
const three = (a: number, b: number | null): Bar[] => [
  { name: 'ours', role: 'method', value: a },
  { name: 'theirs', role: 'baseline', value: b },
  { name: 'shuffled', role: 'control', value: 0.25 },
  { name: 'all labels', role: 'bound', value: 0.9 },
];
type Page = Awaited<ReturnType<typeof shown>>;
const rects = (page: Page) => [...page.querySelectorAll('.wide [aria-label="bar"] rect')];

describe('bars', () => {
  it('stand on zero, as long as their values', async () => {
    const page = await shown([{ a: exhibit(three(0.8, 0.4)) }]);
    const widths = rects(page).map(rect => Number(rect.getAttribute('width')));
    expect(widths.length).toBe(3);
    expect(widths[0] / widths[1]).toBeCloseTo(2, 6);
    expect(widths[0] / widths[2]).toBeCloseTo(0.8 / 0.25, 6);
    expect(rects(page).map(rect => rect.getAttribute('fill'))).toEqual([
      'var(--method)',
      'var(--baseline)',
      'url(#hatch-wide)',
    ]);
    expect(page.querySelectorAll('#hatch-wide, #hatch-narrow').length).toBe(2);
    expect(page.querySelector('svg')?.getAttribute('aria-label')).toBe(
      'images: ours 0.800; theirs 0.400; shuffled 0.250; all labels 0.900',
    );
  });

  it('of several seeds have a dot a seed, the mean and its interval', async () => {
    const page = await shown([0.7, 0.8, 0.9].map(value => ({ a: exhibit(three(value, 0.4)) })));
    expect(page.querySelectorAll('.wide [aria-label="dot"] circle').length).toBe(3 * 4);
    const numbers = texts(page, '.wide [aria-label="text"] text');
    expect(numbers).toEqual(expect.arrayContaining(['ours', '0.800', 'theirs', '0.400']));
    const line = [...page.querySelectorAll('.wide [aria-label="rule"] line')].map(each => [
      Number(each.getAttribute('x1')),
      Number(each.getAttribute('x2')),
    ]);
    // The interval of 0.7, 0.8, 0.9 is 0.8 ± 0.2484, that of equal values a point.
    const longest = Math.max(...line.map(([from, to]) => to - from));
    const width = Number(rects(page)[0].getAttribute('width'));
    const zero = Number(rects(page)[0].getAttribute('x'));
    const [from] = line.find(([a, b]) => b - a === longest) ?? [Number.NaN];
    expect((from - zero) / width).toBeCloseTo((0.8 - 0.2484138) / 0.8, 4);
    expect(page.querySelector('p.legend')?.textContent).toContain('A dot a seed (3).');
  });

  it('say which seed lacks an arm or a number', async () => {
    const [ours] = three(0.8, null);
    const page = await shown([
      { a: exhibit(three(0.8, 0.4)) },
      { a: exhibit([ours]) },
      { a: exhibit(three(0.8, null)) },
    ]);
    expect(texts(page, '.lacks')).toEqual([
      'images, theirs: not in seed 2.',
      'images, theirs: no number in seed 3.',
      'images, shuffled: not in seed 2.',
      'images, all labels: not in seed 2.',
    ]);
    expect(htmlOf(page)).not.toMatch(/NaN|undefined/);
  });

  it('are marks, not bars, where an axis does not start at zero', async () => {
    for (const x of [
      { label: 'FID', log: true },
      { label: 'accuracy', from: 0.2 },
    ]) {
      const page = await shown([{ a: exhibit(three(0.8, 0.4), { x }) }]);
      expect(rects(page).length).toBe(0);
      // A mark for each of three arms, and one for the bound.
      expect(page.querySelectorAll('.wide [aria-label="tick"] line').length).toBe(4);
    }
  });

  it('without any number say so', async () => {
    const page = await shown([
      { a: exhibit([{ name: 'ours', role: 'method', value: null }], { unit: '%' }) },
    ]);
    expect(texts(page, '.wide [aria-label="text"] text')).toContain('no number');
    expect(htmlOf(page)).not.toMatch(/NaN|Infinity/);
  });
});

describe('numbers below each other', () => {
  it('have the decimals of the largest, unless they lie far apart', () => {
    expect([0.9, 0.897, 0.05].map(alike([0.9, 0.897, 0.05]))).toEqual(['0.900', '0.897', '0.050']);
    expect([0.998, 1.2].map(alike([0.998, 1.2]))).toEqual(['0.998', '1.200']);
    expect([91.25, 88].map(alike([91.25, 88]))).toEqual(['91.3', '88.0']);
    expect([3, 12].map(alike([3, 12]))).toEqual(['3', '12']);
    expect([0.27, 199.53].map(alike([0.27, 199.53]))).toEqual(['0.27', '199.5']);
    expect(alike([0.5])(-0.0001)).toBe('0.000');
  });
});

describe('ticks of a logarithmic axis', () => {
  it('are round, and no more than asked for', () => {
    expect(logTicks(0.2, 250, 12)).toEqual([0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200]);
    expect(logTicks(0.2, 250, 8)).toEqual([0.3, 1, 3, 10, 30, 100]);
    expect(logTicks(0.2, 250, 4)).toEqual([1, 10, 100]);
    expect(logTicks(6.1, 6.4, 4)).toEqual([6.1, 6.4]);
  });
});
