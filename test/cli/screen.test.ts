import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, duration, figure, pace, sparkline } from '../../src/cli/screen/format.ts';
import { LiveArea } from '../../src/cli/screen/live.ts';
import { liveLines, plainLine } from '../../src/cli/screen/progress-lines.ts';
import { ProgressModel } from '../../src/cli/screen/progress-model.ts';
import { RunScreen } from '../../src/cli/screen/run-screen.ts';
import { cut, plain, styleFor, widthOf } from '../../src/cli/screen/style.ts';
import { screenOf, TestIo } from './io.ts';

const run = {
  scenario: 'hop',
  summary: 'Hops.',
  seed: 3,
  folder: 'runs/hop/1',
  smoke: false,
  index: 0,
  count: 1,
  resumedAt: undefined,
};

describe('figures on the screen', () => {
  it('have as many digits as say something', () => {
    const values = [1_234_567, 500, 123.456, 5.211, 0.98765, 0.000012, 0, -2.71, Number.NaN];
    const texts = ['1,234,567', '500', '123.5', '5.21', '0.988', '1.2e-5', '0', '-2.71', 'NaN'];
    expect(values.map(figure)).toEqual(texts);
  });

  it('tell time', () => {
    expect([0, 42, 725, 3753, -1].map(duration)).toEqual(['0:00', '0:42', '12:05', '1:02:33', '0:00']);
  });

  it('draw a curve from lowest to highest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5, 5], 8)).toBe('▁▁▁');
    expect(sparkline([], 8)).toBe('');
    const values = Array.from({ length: 1000 }, (_, i) => i);
    expect(sparkline(values, 8)).toBe('▁▂▃▄▅▆▇█');
  });

  it('fill a bar to its share, always as wide', () => {
    expect(bar(0.5, 4)).toEqual({ filled: '━━', rest: '──' });
    expect(bar(0.375, 4)).toEqual({ filled: '━╸', rest: '──' });
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.integer({ min: 1, max: 80 }), (share, width) => {
        const { filled, rest } = bar(share, width);
        expect(filled.length + rest.length).toBe(width);
      }),
    );
  });
});

describe('colours', () => {
  const red = (io: TestIo) => styleFor(io.stdout, io).red('x');

  it('are for terminals, unless NO_COLOR says no', () => {
    expect(red(new TestIo({ isTTY: true }))).toBe('\u001b[31mx\u001b[39m');
    expect(red(new TestIo())).toBe('x');
    expect(red(new TestIo({ isTTY: true, env: { NO_COLOR: '1' } }))).toBe('x');
    expect(red(new TestIo({ isTTY: true, env: { TERM: 'dumb' } }))).toBe('x');
    expect(red(new TestIo({ env: { FORCE_COLOR: '1' } }))).toBe('\u001b[31mx\u001b[39m');
  });

  it('survive a cut to the width of the terminal', () => {
    const { red } = styleFor(new TestIo({ isTTY: true }).stdout, { env: {} });
    expect(cut(`ab${red('cdef')}`, 4)).toBe('ab\u001b[31mc\u001b[39m…');
    expect(cut('abcd', 4)).toBe('abcd');
  });
});

describe('progress', () => {
  it('knows its pace over the last while, and the time left between two signs', () => {
    const model = new ProgressModel();
    expect(model.now(0)).toBeUndefined();
    model.take({ step: 0, steps: 10_000 }, 0);
    expect(model.now(0)).toMatchObject({ share: 0, stepsPerSecond: undefined, left: undefined });
    model.take({ step: 1000, steps: 10_000, return: 5 }, 1000);
    expect(model.now(1000)).toMatchObject({ share: 0.1, stepsPerSecond: 1000, left: 9, return: 5 });
    expect(model.now(3000)).toMatchObject({ left: 7 });
    // Much slower later: what lies further back than the window no longer counts.
    for (let at = 2; at <= 40; at++) model.take({ step: 1000 + at * 10, steps: 10_000 }, at * 1000);
    expect(model.now(40_000)?.stepsPerSecond).toBeCloseTo(10);
  });

  it('starts anew after a resume: steps taken before do not count for the pace', () => {
    const model = new ProgressModel();
    model.take({ step: 500_000, steps: 1_000_000 }, 0);
    model.take({ step: 501_000, steps: 1_000_000 }, 1000);
    expect(model.now(1000)?.stepsPerSecond).toBe(1000);
  });

  it('forgets its pace where steps are taken back, as of an arm that is played anew', () => {
    const model = new ProgressModel();
    model.take({ step: 4000, steps: 10_000 }, 0);
    model.take({ step: 3000, steps: 10_000 }, 1000);
    expect(model.now(1000)).toMatchObject({ step: 3000, stepsPerSecond: undefined, left: undefined });
    model.take({ step: 3100, steps: 10_000 }, 2000);
    expect(model.now(2000)).toMatchObject({ stepsPerSecond: 100, left: 69 });
  });

  it('keeps the last return where a sign of progress tells none', () => {
    const model = new ProgressModel();
    model.take({ step: 10, steps: 100, return: 5 }, 0);
    model.take({ step: 20, steps: 100 }, 1000);
    expect(model.now(1000)).toMatchObject({ step: 20, return: 5, returns: [5] });
  });

  it('keeps a long curve short, and its shape', () => {
    const model = new ProgressModel();
    for (let i = 0; i < 100_000; i++) model.take({ step: i, steps: 100_000, return: i }, i);
    const { returns } = model.now(100_000)!;
    expect(returns.length).toBeLessThanOrEqual(512);
    expect(returns.length).toBeGreaterThan(128);
    expect(returns.every((value, i) => i === 0 || value > returns[i - 1])).toBe(true);
  });

  it('never draws a line wider than the terminal', () => {
    const io = new TestIo({ isTTY: true });
    const style = styleFor(io.stdout, io);
    const model = new ProgressModel();
    for (let i = 0; i <= 60; i++) model.take({ step: i * 12_345, steps: 1e6, return: i * 7.77 }, i * 500);
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 200 }), columns => {
        for (const line of liveLines(model.now(30_000), columns, style)) {
          expect(widthOf(line)).toBeLessThan(columns);
        }
      }),
    );
  });

  it.each([
    [80, '100,000 / 1,000,000 steps', '200 steps/s · 1:15:00 left · return 412.3'],
    [48, '100,000 / 1,000,000 steps', '200 steps/s · 1:15:00 left · return 412.3'],
    [40, '100,000 steps', '1:15:00 left · return 412.3'],
    [24, '', 'return 412.3'],
  ])('at %i columns leaves out whole figures where there is no room', (columns, steps, facts) => {
    const io = new TestIo();
    const model = new ProgressModel();
    model.take({ step: 0, steps: 1e6 }, 0);
    model.take({ step: 1e5, steps: 1e6, return: 412.34 }, 500_000);
    const [bar, line] = liveLines(model.now(500_000), columns, styleFor(io.stdout, io));
    expect(bar.replace(/^ {2}[━╸─]{10,} {2}10 % */, '')).toBe(steps);
    expect(line).toBe(`  ${facts}`);
  });

  it('says all there is to say in a line', () => {
    const model = new ProgressModel();
    model.take({ step: 0, steps: 10_000 }, 0);
    model.take({ step: 5000, steps: 10_000, return: 412.34 }, 2000);
    expect(plainLine('hop seed 3', model.now(2000)!)).toBe(
      'hop seed 3: 50 %, 5,000 steps, 2,500 steps/s, 0:02 left, return 412.3',
    );
  });
});

it('a pace of less than ten has two digits: where a step is an episode, most have', () => {
  expect([0.4321, 0.013, 9.96, 12.6, 43_210].map(pace)).toEqual([
    ...['0.43 steps/s', '0.013 steps/s', '10 steps/s', '13 steps/s', '43,210 steps/s'],
  ]);
});

describe('LiveArea', () => {
  it('clears what it drew, also where a terminal has become narrower since and broke its lines', () => {
    const { stdout, clock } = new TestIo({ isTTY: true });
    const terminal = { columns: 100, write: (text: string) => stdout.write(text) };
    let number = 0;
    const area = new LiveArea(terminal, clock, () => ['x'.repeat(90), `${number++}`], 100);
    terminal.columns = 40;
    stdout.text = '';
    clock.advance(100);
    const cleared = '\u001b[1A\u001b[2K'.repeat(4); // 90 characters in 3 rows, and 1
    expect(stdout.text.startsWith(`\r${cleared}x`)).toBe(true);
    area.stop();
  });
});

describe('RunScreen', () => {
  it('redraws two lines in place on a terminal; warnings stay above them', () => {
    const io = new TestIo({ isTTY: true, env: { NO_COLOR: '1' } });
    const screen = new RunScreen(io.stdout, io);
    screen.started(run);
    expect(screenOf(io.stdout.text)).toContain('  starting …');
    for (let i = 0; i <= 20; i++) {
      screen.progress({ step: i * 100, steps: 4000, return: i });
      io.clock.advance(1000);
    }
    screen.warning('entropy has collapsed');
    io.clock.advance(1000);
    const shown = screenOf(io.stdout.text);
    const bars = shown.filter(line => line.includes('2,000 / 4,000 steps'));
    expect(bars).toEqual(['  ━━━━━━━━━━━━━━━━━━━━────────────────────  50 %   2,000 / 4,000 steps']);
    expect(shown.filter(line => line.includes('steps/s'))).toEqual([
      '  100 steps/s · 0:18 left · return 20  ▁▁▁▂▂▃▃▃▄▄▅▅▅▆▆▇▇▇███',
    ]);
    expect(shown.indexOf('  ! entropy has collapsed')).toBeLessThan(shown.indexOf(bars[0]));
    screen.stop();
    expect(screenOf(io.stdout.text).some(line => line.includes('steps/s'))).toBe(false);
    expect(io.stdout.text.endsWith('\u001b[?25h')).toBe(true);
    const before = io.stdout.text.length;
    io.clock.advance(10_000);
    expect(io.stdout.text.length).toBe(before);
  });

  it('keeps what others print above what it redraws, in whole lines', () => {
    const io = new TestIo({ isTTY: true, env: { NO_COLOR: '1' } });
    const screen = new RunScreen(io.stdout, io);
    screen.started(run);
    screen.write('one\ntw');
    screen.write('o\nthr');
    const shown = screenOf(io.stdout.text);
    expect(shown.slice(shown.indexOf('one'))).toEqual(['one', 'two', '  starting …', '']);
    screen.stop();
    expect(screenOf(io.stdout.text).slice(-3)).toEqual(['two', 'thr', '']);
  });

  it('prints a line every few seconds elsewhere, without a control sequence', () => {
    const io = new TestIo();
    const screen = new RunScreen(io.stdout, io);
    screen.started({ ...run, resumedAt: 1200, index: 1, count: 3 });
    for (let i = 0; i < 120; i++) {
      io.clock.advance(100);
      screen.progress({ step: i * 10, steps: 4000, return: i });
    }
    io.clock.advance(100);
    screen.progress({ step: 4000, steps: 4000, return: 120 });
    screen.progress({ step: 4000, steps: 4000, return: 120 });
    screen.stop();
    expect(io.stdout.lines.map(plain)).toEqual(io.stdout.lines);
    expect(io.stdout.lines).toEqual([
      '  seed 3 (2 of 3) · resumed at step 1,200 · runs/hop/1',
      '  hop seed 3: 12 %, 490 steps, 100 steps/s, 0:35 left, return 49',
      '  hop seed 3: 24 %, 990 steps, 100 steps/s, 0:30 left, return 99',
      '  hop seed 3: 100 %, 4,000 steps, 333 steps/s, 0:00 left, return 120',
    ]);
  });
});
