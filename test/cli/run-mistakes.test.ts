import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { TestIo } from './io.ts';
import { counter, emptyFolder, scenarioFile, sources, toldWithPlace } from './scenario-files.ts';

let runs: string;
let io: TestIo;
beforeEach(() => {
  runs = emptyFolder();
  io = new TestIo();
});

/** Runs a command that is wrong. @returns the one line that it is answered with */
async function refused(...argv: string[]): Promise<string> {
  io = new TestIo();
  expect(await troupe(['run', ...argv], io), io.stderr.text).toBe(2);
  expect(io.stdout.text).toBe('');
  expect(io.stderr.lines).toHaveLength(1);
  return io.stderr.lines[0].replace(/^troupe: /, '');
}

describe('wrong use of troupe run is answered with one line', () => {
  it.each([
    [[], 'run: which scenario? expected hopper, ant, half-cheetah'],
    [['cartpole'], 'unknown scenario cartpole; did you mean cart-pole?'],
    [['zebra'], 'unknown scenario zebra; expected hopper, ant, half-cheetah'],
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
    [['cart-pole', '--executor', 'cpu/1'], '--executor cpu/1: no such executor; '],
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
    expect(await refused(scenarioFile(runs, text), '--runs', join(runs, 'out'))).toContain(line);
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
    scenarioFile(
      runs,
      `import { defineActor } from '${sources}actors/runtime/define.ts';
const witch = defineActor(import.meta.url, { name: '${name}', config: z.object({}), inputs: {}, outputs: {}, start: ${start} });
export default scenario({
  name: 'mine', summary: '', options: z.object({}), smoke: {},
  async play({ system }) {
    const actor = await system.spawn(witch, {}, { on: 'main', restarts: { times: 0, within: 1000 } });
    await actor.call.fly();
    return {};
  },
});`,
    );

  it('an actor that throws in start: one line with its name and its words', async () => {
    const file = withActor(`() => { throw new Error('no broom'); }`);
    expect(await troupe(['run', file, '--runs', runs], io)).toBe(1);
    expect(io.stderr.lines).toHaveLength(1);
    expect(io.stderr.text).toMatch(/mine, seed 1: .*witch.*no broom/);
  });

  it('an actor whose call fails: the same', async () => {
    const file = withActor(`() => ({ fly() { throw new Error('storm'); } })`);
    expect(await troupe(['run', file, '--runs', runs], io)).toBe(1);
    expect(toldWithPlace(io)).toEqual(['troupe: mine, seed 1: witch.fly: storm']);
  });

  it('an actor past its budget in a call: what was to be saved is saved first, and the line names seed and message', async () => {
    const file = scenarioFile(
      runs,
      `import { defineActor } from '${sources}actors/runtime/define.ts';
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
});`,
    );
    expect(await troupe(['run', file, '--runs', runs], io)).toBe(1);
    expect(io.stdout.text).toContain('Saved at step 7.');
    expect(toldWithPlace(io)).toEqual([
      'troupe: mine, seed 1: witch: crashed: storm (beyond its budget of 0 restarts in 1 s); seed 1, last message: none',
    ]);
  });
});
