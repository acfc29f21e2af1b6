import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { learners } from '../../src/cli/learners.ts';
import { catalog } from '../../src/scenarios/catalog.ts';
import { troupeVersion } from '../../src/scenarios/runner/machine.ts';
import { TestIo } from './io.ts';

let io: TestIo;
beforeEach(() => {
  io = new TestIo();
});
const folder = () => mkdtempSync(join(tmpdir(), 'troupe-cli-'));

/** Runs a command that is wrong. @returns the one line that it is answered with */
async function refused(...argv: string[]): Promise<string> {
  expect(await troupe(argv, io), io.stderr.text).toBe(2);
  expect(io.stdout.text).toBe('');
  expect(io.stderr.lines).toHaveLength(1);
  return io.stderr.lines[0].replace(/^troupe: /, '');
}

describe('troupe', () => {
  it('shows its help when asked, and when asked for nothing', async () => {
    expect(await troupe([], io)).toBe(0);
    const other = new TestIo();
    expect(await troupe(['--help'], other)).toBe(0);
    expect(io.stdout.text).toBe(other.stdout.text);
    for (const name of ['list', 'run', 'evaluate', 'generate', 'check-env', 'new', 'bench', 'doctor']) {
      expect(io.stdout.text).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
    expect(io.stderr.text).toBe('');
  });

  it('tells its version', async () => {
    expect(await troupe(['--version'], io)).toBe(0);
    expect(io.stdout.text.trim()).toBe(troupeVersion());
  });

  it.each([
    [['rnu'], "unknown command 'rnu' (Did you mean run?)"],
    [
      ['frob'],
      "unknown command 'frob'; expected one of list, run, evaluate, compare, export, generate, check-env, new, bench, doctor",
    ],
    [['run', 'cart-pole', '--sead', '3'], "unknown option '--sead' (Did you mean --seed?)"],
    [['run', 'cart-pole', '--seed'], "option '--seed <n>' argument missing"],
    [['evaluate'], "missing required argument 'run'"],
    [['doctor', 'now'], "too many arguments for 'doctor'. Expected 0 arguments but got 1."],
    [['list', 'cartpole'], 'unknown scenario cartpole; did you mean cart-pole?'],
    [['check-env', 'nowhere.ts'], 'environment nowhere.ts: no such file'],
    [['bench', 'link'], 'unknown suite link; did you mean links?'],
    [
      ['bench', 'links', '--only', 'slab'],
      '--only: expected a suite whose cases can be chosen (tensors, language-model, ppo)',
    ],
    [['bench', '--only', 'MLP'], 'got none'],
    [['evaluate', '/nowhere/at/all'], '/nowhere/at/all: no such folder, expected a run'],
    [['evaluate', '.'], '.: not a run, expected a run.json in it'],
    [['evaluate', '.', '--episodes', '1'], '--episodes 1: expected a whole number of at least 2'],
  ])('answers %j with one line', async (argv, line) => {
    expect(await refused(...argv)).toContain(line);
  });
});

describe('troupe list', () => {
  it('names scenarios, environments and learners, a line each', async () => {
    expect(await troupe(['list'], io)).toBe(0);
    const names = ['hopper', 'half-cheetah', 'reacher', 'quadruped', 'cart-pole', 'pendulum', 'ppo'];
    for (const name of [...names, 'acrobot', 'mountain-car-continuous']) {
      expect(io.stdout.text).toMatch(new RegExp(`^ {2}${name} +[A-Z]`, 'm'));
    }
  });

  it('names one group of them', async () => {
    expect(await troupe(['list', 'learners'], io)).toBe(0);
    expect(io.stdout.lines[0]).toBe('Learners');
    expect(io.stdout.text).toMatch(/^ {2}ppo +[A-Z]/m);
    expect(io.stdout.text).not.toContain('hopper');
  });

  it('names every learner that there is: a folder with a page each, but for what they share', () => {
    const folders = readdirSync('src/learners').filter(name => existsSync(`src/learners/${name}/README.md`));
    expect(learners.map(({ name }) => name).sort()).toEqual(folders.filter(name => name !== 'classifier'));
  });

  it('tells the options of a scenario: name, default, what it takes, what it does', async () => {
    expect(await troupe(['list', 'cart-pole'], io)).toBe(0);
    expect(io.stdout.text).toMatch(/ppo\.gamma +0\.98 +number ≥ 0 and ≤ 1 +Discount/);
    expect(io.stdout.text).toMatch(/mean return +≥ 475/);
  });
});

describe('the catalog', () => {
  it.each(catalog)('says of $name what the scenario says of itself', async ({ name, summary, load }) => {
    expect(await load()).toMatchObject({ kind: 'scenario', name, summary });
  });
});

describe('troupe doctor', () => {
  it('names executors with their reasons, the engines with their versions, and what auto takes', async () => {
    expect(await troupe(['doctor', '--json'], io)).toBe(0);
    expect(io.stderr.text).toMatch(/✓ onnx-cpu +onnxruntime, native/);
    expect(io.stderr.text).toMatch(/[✓–] onnx-webgpu +\S/);
    expect(io.stderr.text).toMatch(/✓ eager\/wasm +WebAssembly/);
    expect(io.stderr.text).toMatch(/– eager\/tfjs-node-gpu +\S/);
    expect(io.stderr.text).toMatch(/--executor auto takes onnx-cpu: onnxruntime, native/);
    expect(io.stderr.text.replaceAll(/\s+/g, ' ')).toMatch(
      /There is no GPU to measure it against|measure it against onnx-\w+.*, in their first call/,
    );
    const { machine, packages } = JSON.parse(io.stdout.lines.at(-1)!);
    expect(machine.cores).toBeGreaterThan(0);
    expect(packages[0]).toMatchObject({ name: '@dimforge/rapier3d-simd-compat', version: '0.20.0' });
  });
});

describe('troupe check-env', () => {
  const write = (reward: string) => {
    const file = join(folder(), 'walk.ts');
    const env = new URL('../../src/env/index.ts', import.meta.url).href;
    const random = new URL('../../src/core/random.ts', import.meta.url).href;
    writeFileSync(
      file,
      `import { box, defineEnvironment, discrete } from ${JSON.stringify(env)};
import { Random } from ${JSON.stringify(random)};
export const walk = defineEnvironment(import.meta.url, {
  name: 'walk', summary: 'Walks.', maxEpisodeSteps: 20,
  make() {
    let random = Random.fromSeed(0);
    let place = 0;
    return {
      observationSpace: box(1), actionSpace: discrete(2),
      reset({ seed } = {}) {
        if (seed !== undefined) random = Random.fromSeed(seed);
        place = random.uniform(-1, 1);
        return { observation: Float32Array.of(place), info: {} };
      },
      step(action) {
        if (action !== 0 && action !== 1) throw new RangeError('no such action');
        place += action - 0.5;
        return { observation: Float32Array.of(place), reward: ${reward}, terminated: false, truncated: false, info: {} };
      },
    };
  },
});`,
    );
    return file;
  };

  it('ticks every rule that is kept', async () => {
    expect(await troupe(['check-env', write('-place')], io), io.stdout.text).toBe(0);
    expect(io.stdout.lines.filter(line => line.includes('✓')).length).toBeGreaterThan(20);
    expect(io.stdout.text).toMatch(/keeps the \d+ rules that could be checked, not 3 \(·\); [\d,]+ steps\/s/);
    expect(io.stdout.text).toMatch(/· .*\(renderPure: it has no render\)\n/);
    expect(io.stdout.text).not.toContain('✗');
  });

  it('says which rule is broken and what was seen, and exits with 3', async () => {
    expect(await troupe(['check-env', write('Number.NaN'), '--json'], io)).toBe(3);
    expect(io.stderr.text).toMatch(
      /✗ observations, rewards and info are finite numbers \(finiteNumbers\)\n +seen: .*NaN/,
    );
    expect(JSON.parse(io.stdout.text)).toMatchObject({ name: 'walk', passed: false });
  });
});

describe('troupe new', () => {
  it('writes a project and says what to do next', async () => {
    const dir = join(folder(), 'my-robot');
    expect(await troupe(['new', dir], io)).toBe(0);
    const { name, scripts } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    expect(name).toBe('my-robot');
    expect(scripts.test).toContain('environment.test.ts');
    expect(existsSync(join(dir, 'scenario.ts'))).toBe(true);
    expect(io.stdout.text).toContain('npm i\n');
  });

  it.each([
    [
      'Foo_Bar',
      'new Foo_Bar: "Foo_Bar" names the package, expected lower case letters, digits and dashes, e.g. foo-bar',
    ],
    ['troupe', 'expected a name other than that of troupe itself, e.g. my-troupe'],
  ])('refuses the name %s, and makes nothing', async (name, line) => {
    expect(await refused('new', name)).toContain(line);
    expect(existsSync(name)).toBe(false);
  });

  it('touches no folder with anything in it, and no file', async () => {
    const dir = folder();
    const file = join(dir, 'mine.txt');
    writeFileSync(file, 'mine');
    expect(await refused('new', dir)).toContain('not empty, expected a new or an empty one');
    io = new TestIo();
    expect(await refused('new', file)).toContain('there is a file of that name');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
