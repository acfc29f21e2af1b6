import { describe, expect, it } from 'vitest';
import type { TimelineExhibit, TimelineSpan } from '../../../src/report/exhibits/index.ts';
import { lanesOf } from '../../../src/report/exhibits/timeline-data.ts';
import { pipelineSpans } from '../exhibits-fixture.ts';
import { htmlOf, shown, texts } from './page.ts';

const span = (lane: string, phase: string, from: number, to: number, label?: string): TimelineSpan => ({
  ...{ lane, phase, from, to },
  ...(label !== undefined && { label }),
});
const timeline: TimelineExhibit = {
  kind: 'timeline',
  title: 'Who worked when',
  unit: 'ms',
  phases: ['forward', 'again', 'backward'],
  panels: [
    {
      title: 'long',
      lanes: ['a', 'b'],
      spans: [
        span('a', 'forward', 0, 40, '1'),
        span('b', 'forward', 40, 80, '1'),
        span('b', 'backward', 80, 160, '1'),
        span('a', 'again', 100, 140, '1'),
        span('a', 'backward', 160, 199.5, '1'),
        span('a', 'backward', 199.5, 200, '2'),
      ],
    },
    { title: 'short', lanes: ['a'], spans: [span('a', 'forward', 10, 60)] },
  ],
};
type Page = Awaited<ReturnType<typeof shown>>;
const bars = (page: Page, phase: number) =>
  [...page.querySelectorAll(`.wide .phase-${phase} rect`)].map(rect =>
    ['x', 'width'].map(name => Number(rect.getAttribute(name))),
  );

describe('a lane', () => {
  it('is idle where none of its spans is', () => {
    const [long, short] = timeline.panels.map(lanesOf);
    expect(long.lanes.map(({ idle }) => idle)).toEqual([0.4, 0.4].map(idle => expect.closeTo(idle, 12)));
    expect([short.from, short.to, short.lanes[0].idle]).toEqual([10, 60, 0]);
  });

  it('counts time once where spans overlap', () => {
    const spans = [
      span('a', 'x', 0, 60),
      span('a', 'x', 10, 20),
      span('a', 'x', 50, 80),
      span('b', 'x', 90, 100),
    ];
    expect(lanesOf({ title: '', lanes: ['a', 'b', 'c'], spans }).lanes.map(({ idle }) => idle)).toEqual(
      [0.2, 0.9, 1].map(idle => expect.closeTo(idle, 12)),
    );
  });
});

describe('a timeline', () => {
  it('has a bar a span, as long as it took, on one axis for all panels', async () => {
    const page = await shown([{ a: timeline }]);
    const [forward, again, backward] = [0, 1, 2].map(phase => bars(page, phase));
    expect([forward.length, again.length, backward.length]).toEqual([3, 1, 3]);
    // Bars stand 0.8 pixels apart.
    const pixels = (forward[0][1] + 0.8) / 40;
    expect(backward[2][1] + 0.8).toBeCloseTo(80 * pixels, 6);
    expect(forward[2][1] + 0.8).toBeCloseTo(50 * pixels, 6);
    expect(forward[2][0] - forward[0][0]).toBeCloseTo(10 * pixels, 6);
    expect(again[0][0] - forward[0][0]).toBeCloseTo(100 * pixels, 6);
  });

  it('prints labels where they fit, and how long each lane was idle', async () => {
    const page = await shown([{ a: timeline }]);
    const letters = texts(page, '.wide text');
    expect(letters.filter(text => text === '1').length).toBe(5);
    expect(letters).not.toContain('2');
    expect(letters.filter(text => text === '40 % idle').length).toBe(2);
    expect(letters).toContain('200 ms');
    expect(page.querySelector('svg')?.getAttribute('aria-label')).toBe(
      'long, 0 to 200 ms: a 40 % idle; b 40 % idle',
    );
    expect(page.querySelector('p.legend')?.textContent).toBe('forward again backward idle');
  });

  it('of other seeds is folded away', async () => {
    const page = await shown([1, 2].map(seed => ({ a: pipelineSpans(seed) })));
    expect(page.querySelector('.axes')?.textContent).toBe('seed 1');
    expect(texts(page, 'details h4')).toEqual(['Seed 2']);
    expect(page.querySelectorAll('details .wide svg').length).toBe(2);
  });

  it('without spans is drawn all the same', async () => {
    const page = await shown([{ a: { ...timeline, panels: [{ title: '', lanes: ['a'], spans: [] }] } }]);
    expect(htmlOf(page)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    ['lane', span('c', 'forward', 0, 1), 'panels.0.spans.0.lane = "c": expected one of the lanes'],
    ['phase', span('a', 'sideways', 0, 1), 'panels.0.spans.0.phase = "sideways": expected one of the phases'],
    ['end', span('a', 'forward', 2, 1), 'panels.0.spans.0.to = 1: expected 2 or more'],
    ['beginning', span('a', 'forward', -1, 1), 'panels.0.spans.0.from = -1'],
  ])('with a span of a wrong %s is refused', async (_, wrong, message) => {
    const panels = [{ title: '', lanes: ['a', 'b'], spans: [wrong] }];
    await expect(shown([{ a: { ...timeline, panels } }])).rejects.toThrow(message);
  });
});
