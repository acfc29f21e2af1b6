import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { readSummary } from '../../src/report/summary.ts';
import { Paper, TestIo } from './io.ts';
import { counter, emptyFolder, scenarioFile, toldWithPlace } from './scenario-files.ts';

let runs: string;
let io: TestIo;
beforeEach(() => {
  runs = emptyFolder();
  io = new TestIo();
});

const run = (...argv: string[]) => troupe(['run', counter, '--runs', runs, ...argv], io);
const folders = () =>
  existsSync(join(runs, 'counter'))
    ? readdirSync(join(runs, 'counter')).map(name => join(runs, 'counter', name))
    : [];

describe('troupe run', () => {
  it('ends with checks, figures, and where the report is', async () => {
    expect(await run()).toBe(0);
    const [folder] = folders();
    const text = io.stdout.text;
    expect(text).toMatch(/✓ {2}numbers +60 +≥ 60/);
    expect(text).toMatch(/✓ {2}sum +-?[\d.]+ m +≤ 1,000 m/);
    expect(text).toMatch(/counts\.steps +60/);
    expect(text).toMatch(/report {2}\S+counter\/\S+\/report\.html/);
    expect(text).not.toContain('next'); // it left no policy
    expect(text).not.toContain('\u001b');
    expect(existsSync(join(folder, 'summary.json'))).toBe(true);
    expect(io.stderr.text).toBe('');
  });

  it('with --json prints the summary as the last line of stdout, everything else to stderr', async () => {
    expect(await run('--json', '--set', 'scale=2')).toBe(0);
    expect(io.stdout.lines).toHaveLength(1);
    expect(JSON.parse(io.stdout.text)).toMatchObject({
      scenario: 'counter',
      seed: 1,
      options: { steps: 60, scale: 2 },
      checks: [{ name: 'numbers', pass: true }, { name: 'sum' }],
      passed: true,
      // Not worth half a second more after so short a run.
      machine: { probe: {} },
    });
    expect(io.stderr.text).toContain('✓');
  });

  it('with --check exits with 3 where a check fails, and without it with 0', async () => {
    expect(await run('--smoke', '--check')).toBe(3);
    expect(io.stdout.text).toMatch(/✗ {2}numbers +20 +≥ 60/);
    expect(io.stdout.text).toContain('A smoke run is too short');
    expect(await run('--smoke')).toBe(0);
  });

  it('tells how to run it again, and after a smoke run how to run it in earnest, resumed or not', async () => {
    expect(await run('--smoke', '--set', 'scale=2', '--seed', '4')).toBe(0);
    const place = counter.replace(process.cwd(), '.');
    const real = `npx troupe run ${place} --seed 4 --set scale=2`;
    expect(io.stdout.text).toContain(`next    ${real}\n`);
    const [folder] = folders();
    const again = real.replace(' --set', ' --smoke --set');
    expect(readSummary(folder).command).toBe(again);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(`<td class="words">${again}</td>`);
    io = new TestIo();
    expect(await troupe(['run', '--resume', folder], io)).toBe(0);
    expect(io.stdout.text).toContain(`next    ${real}\n`);
  });

  it('that left a policy says how to look closer at it', async () => {
    const file = scenarioFile(
      runs,
      `import { mkdirSync } from 'node:fs';
export default scenario({ name: 'mine', summary: '', options: z.object({}), smoke: {},
  play({ folder }) { mkdirSync(folder + '/policy'); return {}; } });`,
    );
    expect(await troupe(['run', file, '--runs', runs, '--seeds', '2,1'], io)).toBe(0);
    expect(io.stdout.text).toMatch(/next {4}npx troupe evaluate \S+mine\S+seed2\n/);
  });

  it('with --seeds runs one after another and judges them together', async () => {
    expect(await run('--seeds', '3', '--json')).toBe(0);
    const summary = JSON.parse(io.stdout.text);
    expect(summary.runs.map((each: { seed: number }) => each.seed)).toEqual([1, 2, 3]);
    expect(summary.checks[0]).toMatchObject({ over: 'every', values: [60, 60, 60] });
    expect(io.stderr.text).toMatch(/✓ seed 2 {2}numbers 60, sum/);
    expect(io.stderr.text).toMatch(/✓ {2}numbers +60 +≥ 60 +every seed: 60, 60, 60/);
    expect(folders()).toHaveLength(1);
  });

  it('--help tells the options of a scenario too', async () => {
    expect(await troupe(['run', counter, '--help'], io)).toBe(0);
    expect(io.stdout.text).toContain('--seeds <list>');
    expect(io.stdout.text).toMatch(/scale +1 +number > 0 and ≤ 10/);
    expect(io.stdout.text).toMatch(/steps +60 +integer > 0 +How many numbers\./);
    expect(folders()).toEqual([]);
  });

  it('keeps what was given to a transform, and gives play what it makes of it, resumed or not', async () => {
    const file = scenarioFile(
      runs,
      `export default scenario({
  name: 'mine', summary: '', smoke: {},
  options: z.object({ layers: z.string().transform(text => text.split('+')).default(['8']), fail: z.boolean().default(false) }),
  play({ options }) {
    if (options.fail && !process.env.TROUPE_TEST_PASS) throw new Error('not yet');
    return { layers: options.layers.length, sum: options.layers.reduce((sum, n) => sum + Number(n), 0) };
  },
});`,
    );
    const args = ['run', file, '--runs', runs, '--json'];
    expect(await troupe([...args], io), io.stderr.text).toBe(0);
    expect(JSON.parse(io.stdout.text)).toMatchObject({ metrics: { layers: 1, sum: 8 } });
    io = new TestIo();
    expect(await troupe([...args, '--set', 'layers=16+32', '--set', 'fail=true', '--seed', '2'], io)).toBe(1);
    const folder = readdirSync(join(runs, 'mine')).find(name => name.endsWith('seed2')) as string;
    const { options } = JSON.parse(readFileSync(join(runs, 'mine', folder, 'run.json'), 'utf8'));
    expect(options).toEqual({ layers: '16+32', fail: true });
    io = new TestIo();
    process.env['TROUPE_TEST_PASS'] = '1';
    expect(await troupe(['run', '--resume', join(runs, 'mine', folder), '--json'], io)).toBe(0);
    delete process.env['TROUPE_TEST_PASS'];
    expect(JSON.parse(io.stdout.text)).toMatchObject({ metrics: { layers: 2, sum: 48 } });
    expect(io.stderr.text).not.toContain('undefined');
    io = new TestIo();
    expect(await troupe(['list', file], io)).toBe(0);
    expect(io.stdout.text).toMatch(/layers +\["8"\] +string/);
  });

  it('that runs on another executor than was asked for says so', async () => {
    expect(await run('--executor', 'eager/wasm')).toBe(0);
    expect(io.stdout.text).toContain('! asked for the executor eager/wasm, but the scenario runs on adding');
  });

  it('with a check that has no value fails that check, says so, and is finished all the same', async () => {
    const file = scenarioFile(
      runs,
      `export default scenario({
  name: 'mine', summary: '', options: z.object({}), smoke: {}, play: () => ({ far: {} }),
  checks: [{ name: 'metres', value: r => r.far.metres, atLeast: 3 }],
});`,
    );
    expect(await troupe(['run', file, '--runs', runs, '--json', '--check'], io)).toBe(3);
    expect(JSON.parse(io.stdout.text)).toMatchObject({
      checks: [{ name: 'metres', value: 'NaN', pass: false }],
      warnings: ['check metres: its value is undefined, expected a number'],
    });
    const [folder] = readdirSync(join(runs, 'mine'));
    expect(readdirSync(join(runs, 'mine', folder))).toContain('report.html');
    expect(await troupe(['run', '--resume', join(runs, 'mine', folder)], io)).toBe(0);
  });

  it('that fails says so in one line, where it was saved, and exits with 1', async () => {
    expect(await run('--set', 'failAt=25')).toBe(1);
    expect(toldWithPlace(io)).toEqual(['troupe: counter, seed 1: lost count at 25']);
    expect(io.stdout.text).toContain('Saved at step 20. To go on from there:');
  });

  it('says so between its words where the terminal is narrow, and its help too', async () => {
    // A path, and the command that has one, stay whole to be copied.
    const narrow = (text: string) => {
      const lines = text.split('\n').filter(line => !line.includes(runs.slice(runs.lastIndexOf('/'))));
      expect(lines.filter(line => line.length > 40)).toEqual([]);
    };
    io = new TestIo({ columns: 40 });
    expect(await run('--set', 'failAt=25')).toBe(1);
    expect(io.stdout.text).toContain('  Saved at step 20. To go on from there:\n');
    narrow(io.stdout.text);
    io = new TestIo({ columns: 40 });
    expect(await troupe(['evaluate', '--help'], io)).toBe(0);
    expect(io.stdout.text).toMatch(/--episodes <n> +how many/);
    narrow(io.stdout.text);
  });

  it('that fails before anything is saved says how to start it again', async () => {
    expect(await run('--set', 'failAt=5')).toBe(1);
    expect(io.stdout.text).toMatch(
      /Nothing was saved yet\. To start it again, to the same bits:\n\n {2}npx troupe run --resume \S+counter/,
    );
  });
});

describe('Ctrl-C', () => {
  beforeEach(() => {
    runs = join(runs, 'my runs'); // a place that a shell must be told in quotes
  });

  /** Presses it where the screen says so, so many times. */
  class Pressing extends Paper {
    override write(text: string): void {
      super.write(text);
      if (text.includes('note at 25')) for (let i = 0; i < this.times; i++) io.interrupt();
    }
    readonly times: number;
    constructor(times: number) {
      super();
      this.times = times;
    }
  }
  const pressing = (times: number) => {
    io = new TestIo();
    Object.assign(io, { stdout: new Pressing(times) });
  };

  it('saves at the next barrier, exits with 130, and --resume ends as if nothing had been', async () => {
    expect(await run('--json')).toBe(0);
    const whole = JSON.parse(io.stdout.text);

    pressing(1);
    expect(await run('--set', 'noteAt=25')).toBe(130);
    expect(io.stdout.text).toContain('Stopping at the next barrier');
    expect(io.stdout.text).toMatch(
      /saved at step 30\. To go on from there:\n\n {2}npx troupe run --resume '[^']*my runs[^']+'\n/,
    );
    expect(io.quits).toEqual([]);
    const [, stopped] = folders();

    io = new TestIo();
    expect(await troupe(['run', '--resume', stopped, '--json'], io)).toBe(0);
    expect(JSON.parse(io.stdout.text).metrics).toEqual(whole.metrics);
    expect(io.stderr.text).toContain('resumed at step 30');

    io = new TestIo();
    expect(await troupe(['run', counter, '--resume', stopped, '--json'], io)).toBe(0);
    expect(io.stderr.text.replaceAll(/\s+/g, ' ')).toContain('is finished: there is nothing left to resume');
    expect(JSON.parse(io.stdout.text).metrics).toEqual(whole.metrics);
  });

  it('pressed twice quits at once', async () => {
    pressing(2);
    await run('--set', 'noteAt=25');
    expect(io.quits).toEqual([130]);
  });

  it('is left to others once the run is over', async () => {
    expect(await run()).toBe(0);
    expect(io.interrupt()).toBe(0);
  });
});
