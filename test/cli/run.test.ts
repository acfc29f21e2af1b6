import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { readSummary } from '../../src/report/summary.ts';
import { Paper, TestIo } from './io.ts';

const counter = fileURLToPath(new URL('../scenarios/fixtures/counter.ts', import.meta.url));
const sources = new URL('../../src/', import.meta.url).href;
let runs: string;
let io: TestIo;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'troupe-cli-run-'));
  io = new TestIo();
});

const run = (...argv: string[]) => troupe(['run', counter, '--runs', runs, ...argv], io);
const folders = () =>
  existsSync(join(runs, 'counter'))
    ? readdirSync(join(runs, 'counter')).map(name => join(runs, 'counter', name))
    : [];

/** Runs a command that is wrong. @returns the one line that it is answered with */
async function refused(...argv: string[]): Promise<string> {
  io = new TestIo();
  expect(await troupe(['run', ...argv], io), io.stderr.text).toBe(2);
  expect(io.stdout.text).toBe('');
  expect(io.stderr.lines).toHaveLength(1);
  return io.stderr.lines[0].replace(/^troupe: /, '');
}

/** What went wrong, without the place in a file that it ends with. */
function toldWithPlace(): string[] {
  for (const line of io.stderr.lines) expect(line).toMatch(/ \(\S+\.ts:\d+:\d+\)/);
  return io.stderr.lines.map(line => line.replace(/ \(\S+\.ts:\d+:\d+\)/, ''));
}

/** A file with a scenario in it. */
function scenarioFile(text: string): string {
  const file = join(runs, 'mine.ts');
  writeFileSync(
    file,
    `import { z } from 'zod';
import { scenario } from '${sources}scenarios/contract.ts';
${text}`,
  );
  return file;
}

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
    const file = scenarioFile(`import { mkdirSync } from 'node:fs';
export default scenario({ name: 'mine', summary: '', options: z.object({}), smoke: {},
  play({ folder }) { mkdirSync(folder + '/policy'); return {}; } });`);
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
    const file = scenarioFile(`export default scenario({
  name: 'mine', summary: '', smoke: {},
  options: z.object({ layers: z.string().transform(text => text.split('+')).default(['8']), fail: z.boolean().default(false) }),
  play({ options }) {
    if (options.fail && !process.env.TROUPE_TEST_PASS) throw new Error('not yet');
    return { layers: options.layers.length, sum: options.layers.reduce((sum, n) => sum + Number(n), 0) };
  },
});`);
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
    const file = scenarioFile(`export default scenario({
  name: 'mine', summary: '', options: z.object({}), smoke: {}, play: () => ({ far: {} }),
  checks: [{ name: 'metres', value: r => r.far.metres, atLeast: 3 }],
});`);
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
    expect(toldWithPlace()).toEqual(['troupe: counter, seed 1: lost count at 25']);
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

describe('wrong use of troupe run is answered with one line', () => {
  it.each([
    [[], 'run: which scenario? expected hopper, ant, cart-pole'],
    [['cartpole'], 'unknown scenario cartpole; did you mean cart-pole?'],
    [['zebra'], 'unknown scenario zebra; expected hopper, ant, cart-pole'],
    [['nowhere.ts'], 'scenario nowhere.ts: no such file'],
    [
      ['cart-pole', '--set', 'ppo.learningrate=1'],
      '--set ppo.learningrate: cart-pole has no such option; did you mean ppo.learningRate',
    ],
    [['cart-pole', '--set', 'ppo.gamma=2'], '--set ppo.gamma=2: expected number ≥ 0 and ≤ 1'],
    [['cart-pole', '--set', 'steps=many'], '--set steps=many: expected integer > 0'],
    [['cart-pole', '--set', 'steps'], '--set steps: expected key=value'],
    [['cart-pole', '--seed', 'x'], '--seed x: expected a whole number of at least 0'],
    [['cart-pole', '--seeds', '1,1'], '--seeds 1,1: seed 1 stands there twice'],
    [['cart-pole', '--seed', '1', '--seeds', '2'], '--seed and --seeds: expected one of them'],
    [['cart-pole', '--threads', '0'], '--threads 0: expected a whole number of at least 1'],
    [['cart-pole', '--threads', '9999'], '--threads 9999: expected at most'],
    [['cart-pole', '--executor', 'wasn'], '--executor wasn: no such executor; did you mean eager/wasm?'],
    [['cart-pole', '--executor', 'wasm'], '--executor wasm: expected onnx-wasm or eager/wasm'],
    [
      ['cart-pole', '--executor', 'tfjs-node-gpu'],
      '--executor tfjs-node-gpu: not available here: @tensorflow/',
    ],
    [['cart-pole', '--resume', '/nowhere'], '/nowhere: no such folder, expected a run'],
    [
      ['cart-pole', '--resume', '/x', '--seed', '2'],
      "--resume /x: goes on with the run's own settings, expected no --seed",
    ],
    [['cart-pole', '--init', '/nowhere'], '/nowhere: no such folder, expected a run'],
  ])('%j', async (argv, line) => {
    expect(await refused(...argv, ...(argv.includes('--resume') ? [] : ['--runs', runs]))).toContain(line);
    expect(readdirSync(runs)).toEqual([]);
  });

  it('a folder that cannot be written', async () => {
    const file = join(runs, 'file');
    writeFileSync(file, 'mine');
    expect(await refused(counter, '--runs', file)).toContain('cannot write there (ENOTDIR)');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.each([
    [
      'no scenario in it',
      'export const x = 1;',
      'expected an exported scenario (made by scenario()), found none',
    ],
    [
      'an environment in it',
      `import { walk } from '${new URL('../fixtures/environments/walk.ts', import.meta.url).href}';
       export { walk };`,
      'exports the environment walk, expected an exported scenario (made by scenario()) that uses it',
    ],
    ['a mistake in it', 'export default nothing.here;', 'cannot be loaded: nothing is not defined'],
    [
      'a name that is no folder',
      `export default scenario({ name: 'My Run', summary: '', options: z.object({}), smoke: {}, play: () => ({}) });`,
      'scenario name "My Run": expected lower case letters, digits and dashes',
    ],
    [
      'a check that cannot fail',
      `export default scenario({ name: 'mine', summary: '', options: z.object({}), smoke: {}, play: () => ({}),
        checks: [{ name: 'free', value: () => 1 }] });`,
      'scenario mine, check free: expected a bar, atLeast or atMost',
    ],
    [
      'two scenarios',
      `const make = name => scenario({ name, summary: '', options: z.object({}), smoke: {}, play: () => ({}) });
       export const a = make('a'); export const b = make('b');`,
      'exports a, b, expected one of them named: ',
    ],
  ])('a file with %s', async (_, text, line) => {
    expect(await refused(scenarioFile(text), '--runs', join(runs, 'out'))).toContain(line);
    expect(existsSync(join(runs, 'out'))).toBe(false);
  });

  it('a damaged or foreign run to resume; nothing in it is touched', async () => {
    const foreign = join(runs, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'run.json'), '{ "name": "webpack" }');
    expect(await refused('--resume', foreign)).toContain('expected a run of troupe');
    writeFileSync(join(foreign, 'run.json'), '{ "scen');
    expect(await refused('--resume', foreign)).toContain('cannot be read as JSON');
    expect(readdirSync(foreign)).toEqual(['run.json']);
  });
});

describe('what goes wrong once actors are on stage', () => {
  const withActor = (start: string, name = 'witch') =>
    scenarioFile(`import { defineActor } from '${sources}actors/runtime/define.ts';
const witch = defineActor(import.meta.url, { name: '${name}', config: z.object({}), inputs: {}, outputs: {}, start: ${start} });
export default scenario({
  name: 'mine', summary: '', options: z.object({}), smoke: {},
  async play({ system }) {
    const actor = await system.spawn(witch, {}, { on: 'main', restarts: { times: 0, within: 1000 } });
    await actor.call.fly();
    return {};
  },
});`);

  it('an actor that throws in start: one line with its name and its words', async () => {
    const file = withActor(`() => { throw new Error('no broom'); }`);
    expect(await troupe(['run', file, '--runs', runs], io)).toBe(1);
    expect(io.stderr.lines).toHaveLength(1);
    expect(io.stderr.text).toMatch(/mine, seed 1: .*witch.*no broom/);
  });

  it('an actor whose call fails: the same', async () => {
    const file = withActor(`() => ({ fly() { throw new Error('storm'); } })`);
    expect(await troupe(['run', file, '--runs', runs], io)).toBe(1);
    expect(toldWithPlace()).toEqual(['troupe: mine, seed 1: witch.fly: storm']);
  });

  it('an actor past its budget in a call: what was to be saved is saved first, and the line names seed and message', async () => {
    const file = scenarioFile(`import { defineActor } from '${sources}actors/runtime/define.ts';
export const witch = defineActor(import.meta.url, {
  name: 'witch', config: z.object({}), inputs: {}, outputs: {},
  start: ({ crash }) => ({ fly() { crash(new Error('storm')); throw new Error('storm'); } }),
});
export default scenario({
  name: 'mine', summary: '', options: z.object({}), smoke: {},
  async play({ system, record, onFailure }) {
    const actor = await system.spawn(witch, {}, { on: 'main', restarts: { times: 0, within: 1000 } });
    onFailure(async () => {
      await new Promise(resolve => setTimeout(resolve, 50));
      await record.checkpoint(7, {});
    });
    await actor.call.fly();
    return {};
  },
});`);
    expect(await troupe(['run', file, '--runs', runs], io)).toBe(1);
    expect(io.stdout.text).toContain('Saved at step 7.');
    expect(toldWithPlace()).toEqual([
      'troupe: mine, seed 1: witch: crashed: storm (beyond its budget of 0 restarts in 1 s); seed 1, last message: none',
    ]);
  });
});
