import { describe, expect, it } from 'vitest';
import type { MatrixExhibit } from '../../../src/report/exhibits/index.ts';
import { matrixOverSeeds } from '../../../src/report/exhibits/matrix-data.ts';
import { affinities } from '../exhibits-fixture.ts';
import { shown, texts } from './page.ts';

const tasks = ['a', 'b', 'c'];
const exhibit = (more: Partial<MatrixExhibit> = {}): MatrixExhibit => ({
  kind: 'matrix',
  title: 'Affinity',
  rows: tasks,
  columns: tasks,
  values: [
    [null, 0.2, -0.4],
    [0.1, null, 0],
    [0.3, 0.2, null],
  ],
  ...more,
});
const groups = (...all: string[][]) => all.map((members, i) => ({ name: 'AB'[i], members }));

describe('a matrix', () => {
  it('over seeds is the mean of its cells, by their names', () => {
    const turned = exhibit({
      rows: ['b', 'a', 'c'],
      values: [
        [0.5, null, 1],
        [null, 0.4, 0],
        [1, 1, null],
      ],
    });
    const { cells, missing } = matrixOverSeeds([
      { seed: 1, exhibit: exhibit() },
      { seed: 2, exhibit: turned },
    ]);
    const mean = (row: string, column: string) =>
      cells.find(cell => cell.row === row && cell.column === column)?.mean;
    expect(mean('a', 'b')).toBeCloseTo(0.3, 12);
    expect(mean('b', 'a')).toBeCloseTo(0.3, 12);
    expect(mean('c', 'b')).toBeCloseTo(0.6, 12);
    expect(mean('a', 'a')).toBeUndefined();
    expect(missing).toEqual([]);
  });

  it('says which seed lacks a row', async () => {
    const less = exhibit({ rows: ['a'], values: [[null, 1, 1]] });
    const page = await shown([{ m: exhibit() }, { m: less }]);
    expect(texts(page, '.lacks')).toEqual(['Row b: not in seed 2.', 'Row c: not in seed 2.']);
  });

  it('colours by size and sign, and turns letters on strong ground', async () => {
    const page = await shown([{ m: exhibit() }]);
    const cells = [...page.querySelectorAll('.wide [aria-label="cell"]')][1];
    const drawn = [...cells.querySelectorAll('rect')].map(rect => [
      rect.getAttribute('fill'),
      Number(rect.getAttribute('fill-opacity')),
    ]);
    expect(drawn.slice(0, 3)).toEqual([
      ['var(--method)', 0.5],
      ['var(--baseline)', 1],
      ['var(--method)', 0.25],
    ]);
    expect(texts(page, '.wide .strong text')).toEqual(['-0.400']);
    expect(texts(page, '.wide .middle text')).toEqual(['0.300']);
  });

  it('stands in the order of its groups, each with a frame around what it joins', async () => {
    const page = await shown([{ m: exhibit({ groups: groups(['c', 'a'], ['b']) }) }]);
    expect(texts(page, '.wide [aria-label="y-axis tick label"] text')).toEqual(['a', 'c', 'b']);
    const frames = [...page.querySelectorAll('.wide path.frame')].map(path => path.getAttribute('d') ?? '');
    // Two by two cells have eight outer edges, one cell has four.
    expect(frames.map(frame => frame.split('M').length - 1)).toEqual([8, 4]);
    expect(texts(page, '.plan')).toEqual(['Ac, a', 'Bb']);
  });

  it('lists who chose what, and frames what most chose', async () => {
    const page = await shown([2, 1, 3].map(seed => ({ m: affinities(seed) })));
    expect(texts(page, '.plans td:first-child')).toEqual(['2 of 3 seeds (2 and 3)', '1 of 3 seeds (1)']);
    expect(texts(page, '.plans tr:first-child .plan')[1]).toBe('BR digit, R parity, R ≥ 5');
    expect(texts(page, '.tag')).toEqual(['A', 'B']);
  });

  it('says where all seeds agree, whatever the order in which they name groups and members', async () => {
    const page = await shown([
      { m: exhibit({ groups: groups(['a', 'b'], ['c']) }) },
      { m: exhibit({ groups: groups(['c'], ['b', 'a']) }) },
    ]);
    expect(texts(page, '.plans td:first-child')).toEqual(['2 of 2 seeds (1 and 2)']);
    expect(texts(page, 'p.legend')).toContain('All seeds chose the same groups.');
  });
});
