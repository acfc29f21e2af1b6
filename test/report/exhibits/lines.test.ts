import { describe, expect, it } from 'vitest';
import type { LineSeries, LinesExhibit } from '../../../src/report/exhibits/index.ts';
import { linesOverSeeds } from '../../../src/report/exhibits/lines-data.ts';
import { apart } from '../../../src/report/exhibits/lines-picture.ts';
import { pairedCurves } from '../exhibits-fixture.ts';
import { htmlOf, shown, texts } from './page.ts';

const exhibit = (series: readonly LineSeries[], more: Partial<LinesExhibit> = {}): LinesExhibit => ({
  kind: 'lines',
  title: 'Error',
  x: { label: 'step' },
  y: { label: 'error' },
  panels: [{ title: '', series }],
  ...more,
});
const method = (points: LineSeries['points']): LineSeries => ({ name: 'ours', role: 'method', points });
const wide = (page: Awaited<ReturnType<typeof shown>>, selector: string) => [
  ...page.querySelectorAll(`.wide ${selector}`),
];
/** The y of every point of a path. */
const heights = (path: string | null): number[] =>
  [...(path ?? '').matchAll(/[ML]?[-\d.]+,([-\d.]+)/g)].map(([, y]) => Number(y));

it('have an axis around a single value, logarithmic ones too', async () => {
  for (const log of [false, true]) {
    const one = exhibit(
      [
        method([
          [1, 0.3],
          [2, 0.3],
        ]),
      ],
      { y: { label: 'error', log } },
    );
    const page = await shown([{ one }]);
    expect(htmlOf(page)).not.toContain('NaN');
    const paths = wide(page, '[aria-label="line"] path').map(path => heights(path.getAttribute('d')));
    // In the middle of 360 pixels, less its margins of 16 and 30.
    expect(
      paths[0]?.every(y => Math.abs(y - (16 + (360 - 46) / 2)) < 40),
      `${paths}`,
    ).toBe(true);
  }
});

it('shade a stretch of the axis, and say what it is', async () => {
  const series = [
    method([
      [-4, 1],
      [0, 2],
      [4, 1],
    ]),
  ];
  const shaded = [{ from: -4, to: 0, label: 'seen' }];
  const page = await shown([{ one: exhibit([], { panels: [{ title: '', series, shaded }] }) }]);
  expect(wide(page, '[aria-label="rect"] rect')).toHaveLength(1);
  const [left, whole] = [
    wide(page, '[aria-label="rect"] rect')[0],
    wide(page, '[aria-label="line"] path')[0],
  ];
  const [from, to] = [...(whole.getAttribute('d') ?? '').matchAll(/([-\d.]+),[-\d.]+/g)].map(([, x]) =>
    Number(x),
  );
  expect(Number(left.getAttribute('x'))).toBeCloseTo(from, 0);
  expect(Number(left.getAttribute('width'))).toBeCloseTo(to - from, 0);
  expect(htmlOf(page)).toContain('seen');
});

describe('lines over seeds', () => {
  it('have a mean with Student’s interval wherever all seeds have a number', () => {
    const seeds = [1, 2, 3].map(seed => ({
      seed,
      exhibit: exhibit([
        method([
          [0, seed],
          [5, seed === 2 ? null : 7],
          [10, 4],
        ]),
      ]),
    }));
    const { panels, missing } = linesOverSeeds([seeds[0], seeds[1], seeds[2]]);
    const { means, lines } = panels[0].series[0];
    // 1, 2, 3: t(0.975, 2) = 4.302653 over the root of 3.
    expect(means.map(({ x }) => x)).toEqual([0, 10]);
    expect(means[0].mean).toBe(2);
    expect(means[0].low).toBeCloseTo(2 - 2.484138, 5);
    expect(means[0].high).toBeCloseTo(2 + 2.484138, 5);
    // Equal values have no variance, and no width.
    expect(means[1]).toEqual({ x: 10, mean: 4, low: 4, high: 4 });
    expect(lines.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(missing).toEqual([]);
  });

  it('show what is there, and say what is not', async () => {
    const both = [
      method([
        [1, 1],
        [2, 2],
      ]),
      {
        name: 'theirs',
        points: [
          [1, 3],
          [2, 3],
        ] as const,
      },
    ];
    const page = await shown([
      { a: exhibit(both) },
      { a: exhibit([both[0]]) },
      {},
      { a: exhibit([method([[8, 1]])]) },
    ]);
    expect(texts(page, '.lacks')).toEqual([
      'Not shown by seed 3.',
      'ours: no moment that all seeds have, so no mean.',
      'theirs: not in seeds 2 and 4.',
    ]);
  });

  it('are drawn thin, with their mean and its band', async () => {
    const page = await shown(
      [1, 2, 3].map(seed => ({
        a: exhibit([
          method([
            [0, seed],
            [10, seed + 4],
          ]),
        ]),
      })),
    );
    expect(wide(page, '[aria-label="line"] path').length).toBe(3 + 1);
    expect(wide(page, '[aria-label="area"] path').length).toBe(1);
    const [thin] = wide(page, '[aria-label="line"]').map(line => line.getAttribute('stroke-width'));
    expect(Number(thin)).toBeLessThan(1);
    // The middle seed is the mean.
    const drawn = wide(page, '[aria-label="line"] path').map(path => heights(path.getAttribute('d')));
    expect(drawn[3]).toEqual(drawn[1]);
    expect(page.querySelector('svg')?.getAttribute('aria-label')).toBe('error over step: ours 6 at 10');
    expect(page.querySelector('p.legend')?.textContent).toContain('95 % t interval');
  });

  it('of one seed are one line, without a word of intervals', async () => {
    const page = await shown([
      {
        a: exhibit([
          method([
            [0, 1],
            [10, 2],
          ]),
        ]),
      },
    ]);
    expect(wide(page, '[aria-label="line"] path').length).toBe(1);
    expect(page.querySelectorAll('[aria-label="area"]').length).toBe(0);
    expect(page.querySelectorAll('p.legend').length).toBe(0);
  });

  it('scattered are points alone, of all seeds', async () => {
    const points = (shift: number): LineSeries['points'] => [
      [3, 1 + shift],
      [1, 2],
      [2, null],
    ];
    const page = await shown([
      { a: exhibit([method(points(0))], { scatter: true }) },
      { a: exhibit([method(points(1))], { scatter: true }) },
    ]);
    expect(wide(page, '[aria-label="dot"] circle, [aria-label="dot"] path').length).toBe(4);
    expect(page.querySelectorAll('[aria-label="line"], [aria-label="area"], p.legend').length).toBe(0);
  });
});

describe('a picture of lines', () => {
  it('gives each role its colour, and tells arms of a role apart', async () => {
    const points = [
      [0, 1],
      [9, 2],
    ] as const;
    const arms = [
      method(points),
      { name: 'b1', role: 'baseline', points },
      { name: 'b2', role: 'baseline', points },
      { name: 'c', role: 'control', points },
      { name: 'top', role: 'bound', points: [[0, 1.5]] },
    ] as const;
    const page = await shown([{ a: exhibit(arms) }]);
    const samples = [...page.querySelectorAll('.arms li')].map(item => {
      const path = item.querySelector('path');
      return [
        item.textContent,
        path?.getAttribute('stroke'),
        path?.getAttribute('stroke-dasharray') !== null,
      ];
    });
    expect(samples).toEqual([
      ['ours', 'var(--method)', false],
      ['b1', 'var(--baseline)', false],
      ['b2', 'var(--baseline-2)', true],
      ['c', 'var(--control)', true],
      ['top', 'var(--ink)', true],
    ]);
    // A bound of a single point is a level.
    const rules = wide(page, '[aria-label="rule"]').filter(
      rule => rule.getAttribute('stroke') === 'var(--ink)',
    );
    expect(rules.length).toBe(1);
  });

  it('tells series without a role apart by colour and, from the third on, dashes', async () => {
    const series = [1, 2, 3, 4].map(i => ({
      name: `n${i}`,
      points: [
        [0, i],
        [1, i],
      ] as const,
    }));
    const page = await shown([{ a: exhibit(series) }]);
    const samples = [...page.querySelectorAll('.arms path')].map(
      path => `${path.getAttribute('stroke')} ${path.getAttribute('stroke-dasharray')}`,
    );
    expect(samples.filter(text => text.startsWith('var'))).toEqual([
      'var(--method) null',
      'var(--baseline) null',
      'var(--method-2) 9 3',
      'var(--baseline-2) 9 3',
    ]);
  });

  it('names lines at their ends where names are short, else below', async () => {
    const named = async (name: string) =>
      (
        await shown([
          {
            a: exhibit([
              {
                name,
                points: [
                  [0, 1],
                  [1, 2],
                ],
              },
            ]),
          },
        ])
      ).querySelectorAll('figure.named').length;
    expect([await named('short'), await named('x'.repeat(40))]).toEqual([1, 0]);
  });

  it('has the same axes in all panels, and a mark for each seed with one name', async () => {
    const page = await shown([1, 2, 3].map(seed => ({ a: pairedCurves(seed) })));
    const panels = [...page.querySelectorAll('.panels.three figure')];
    expect(panels.length).toBe(9);
    const ticks = panels.map(panel => texts(panel, '[aria-label="y-axis tick label"] text').join());
    expect(new Set(ticks).size).toBe(1);
    const marks = panels[0].querySelectorAll('[aria-label="rule"] line');
    expect(marks.length).toBe(3);
    expect(texts(panels[0], '[aria-label="text"] text')).toEqual(['t*']);
    expect(texts(panels[2], '[aria-label="text"] text')).toEqual([]);
  });

  it('takes the numbers of labels as ticks of a logarithmic axis', async () => {
    const page = await shown([
      {
        a: exhibit(
          [
            method([
              [20, 9],
              [50, 5],
              [100, 3],
              [5000, 1],
            ]),
          ],
          { x: { label: 'labels', log: true } },
        ),
      },
    ]);
    expect(wide(page, '[aria-label="x-axis tick label"] text').map(({ textContent }) => textContent)).toEqual(
      ['20', '50', '100', '5,000'],
    );
  });

  it('leaves out what has no logarithm, and says so', async () => {
    const page = await shown([
      {
        a: exhibit(
          [
            method([
              [0, 9],
              [1, 0],
              [10, 10],
              [100, 1],
            ]),
          ],
          {
            x: { label: 'step', log: true },
            y: { label: 'FID', log: true },
          },
        ),
      },
    ]);
    expect(texts(page, '.lacks')).toEqual(['Points at step 0 have no place on a logarithmic axis.']);
    expect(htmlOf(page)).not.toMatch(/NaN|Infinity/);
  });

  it('says no NaN where there is nothing to draw', async () => {
    const page = await shown([{ a: exhibit([method([]), { name: 'none', points: [[1, null]] }]) }]);
    expect(htmlOf(page)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('names at the ends of lines', () => {
  it('stand where lines end, on an axis whose ends are rounded', async () => {
    // 90 to 800 is drawn as 0 to 800.
    const ends = { ours: 571, theirs: 121, bound: 797 };
    const series = Object.entries(ends).map(
      ([name, end]): LineSeries => ({
        name,
        points: [
          [0, 90],
          [1, end],
        ],
      }),
    );
    const page = await shown([{ a: exhibit(series) }]);
    const lasts = wide(page, '[aria-label="line"] path').map(path => heights(path.getAttribute('d')).at(-1));
    const names = wide(page, '[aria-label="text"]').filter(({ textContent }) => (textContent ?? '') in ends);
    const places = names.map(node => {
      const shifts = [node, node.querySelector('text')].map(part => part?.getAttribute('transform') ?? '');
      return shifts.reduce((sum, shift) => sum + Number(/,([-\d.]+)\)/.exec(shift)?.[1]), 0);
    });
    expect(places).toHaveLength(3);
    const sorted = (values: readonly (number | undefined)[]) =>
      values.map(value => Math.round(value ?? Number.NaN)).sort((a, b) => a - b);
    expect(sorted(places)).toEqual(sorted(lasts));
  });

  it('move apart as little as can be, and stay within', () => {
    expect(apart([10, 50, 90], 16, 100)).toEqual([10, 50, 90]);
    expect(apart([10, 12, 90], 16, 100)).toEqual([10, 26, 90]);
    expect(apart([95, 98, 99], 16, 100)).toEqual([68, 84, 100]);
  });
});
