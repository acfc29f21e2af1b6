import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/actors/policy-files.ts';
import { compilePolicy } from '../../src/actors/policy-programs.ts';
import { troupe } from '../../src/cli/command.ts';
import { Random } from '../../src/core/random.ts';
import { readSummary } from '../../src/report/summary.ts';
import { keepOnnx } from '../../src/scenarios/export-policy.ts';
import { startOnnxCpu } from '../../src/tensors/executors/onnx-cpu.ts';
import { initTensors } from '../../src/tensors/index.ts';
import type { ModuleRow } from '../../src/tensors/module/row.ts';
import { moduleTable } from '../../src/tensors/module/table.ts';
import { TestIo } from './io.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-cli-export-'));
let run: string;
let io = new TestIo();
const answer = (...argv: string[]) => troupe(['export', ...argv], io);

beforeAll(async () => {
  const scenario = fileURLToPath(new URL('../scenarios/fixtures/small-ppo.ts', import.meta.url));
  const short = ['--set', 'steps=64', '--set', 'ppo.workers=1', '--set', 'evaluateEvery=64'];
  expect(await troupe(['run', scenario, '--runs', folder, '--seed', '5', ...short], new TestIo())).toBe(0);
  const [name] = readdirSync(join(folder, 'small-ppo'));
  run = join(folder, 'small-ppo', name);
}, 120_000);
beforeEach(() => {
  io = new TestIo();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 1,000 observations of a cart and a pole, and what the compiled policy decides on them. */
async function decided() {
  await initTensors();
  const { policy, parameters } = await readPolicy(join(run, 'policy'));
  const programs = await compilePolicy(policy);
  programs.setParameters(parameters);
  const observations = new Float32Array(4000);
  Random.fromSeed(2).fillNormal(observations);
  const actions = Array.from(programs.decide({ shape: [1000, 4], data: observations }).data);
  programs.dispose();
  expect(new Set(actions)).toEqual(new Set([0, 1]));
  return { observations, actions };
}

function acted(file: string, observations: Float32Array): number[] {
  const cpu = startOnnxCpu();
  const feeds = { observations: cpu.tensor('float32', observations, [1000, 4]) };
  return Array.from(cpu.loadSync!(readFileSync(file)).runSync!(feeds).actions.data as Int32Array);
}

describe('troupe export', () => {
  it('writes an ONNX file that acts as the policy of the run does, and so does the one that the run left', async () => {
    const out = join(folder, 'made', 'small.onnx');
    expect(await answer(run, '--out', out), io.stderr.text).toBe(0);
    const text = io.stdout.text;
    expect(text).toContain('small-ppo · seed 5 · 64 steps');
    expect(text).toMatch(/wrote \S*made\/small\.onnx {2}\d+\.\d kB/);
    expect(text).toMatch(
      /checked: 16 observations, one by one, all at once, as JavaScript; differences to \de[-+]\d+/,
    );
    expect(text).toContain('any number of rows; actions out: a whole number, 0 to 1');
    const { observations, actions } = await decided();
    expect(acted(out, observations)).toEqual(actions);
    expect(readFileSync(join(run, 'policy', 'policy.onnx'))).toEqual(readFileSync(out));
    expect(readSummary(run).warnings).toEqual([]);
  });

  it('writes a module that acts the same, with its types beside it', async () => {
    const out = join(folder, 'small.mjs');
    expect(await answer(run, '--out', out), io.stderr.text).toBe(0);
    expect(io.stdout.text).toMatch(/wrote \S*small\.mjs .*\n.*wrote \S*small\.d\.mts/);
    const { act, about } = await import(/* @vite-ignore */ pathToFileURL(out).href);
    const { observations, actions } = await decided();
    const got = actions.map((_, i) => act(observations.subarray(4 * i, 4 * i + 4)));
    expect(got).toEqual(actions);
    expect(about).toMatchObject({ scenario: 'small-ppo', seed: '5', environment: 'cart-pole' });
    expect(readFileSync(join(folder, 'small.d.mts'), 'utf8')).toContain(
      'export declare function act(observation: ArrayLike<number>): number;',
    );
  });

  it('with --sample takes noise, and with --json says what it wrote', async () => {
    const out = join(folder, 'drawn.onnx');
    expect(await answer(run, '--to', 'onnx', '--sample', '--out', out, '--json'), io.stderr.text).toBe(0);
    expect(io.stdout.lines).toHaveLength(1);
    const said = JSON.parse(io.stdout.text);
    expect(said).toMatchObject({ to: 'onnx', written: [{ file: out }], check: { observations: 16 } });
    expect(JSON.parse(said.metadata.noise)).toMatchObject({ kind: 'gumbel', size: 2 });
    expect(said.written[0].bytes).toBe(readFileSync(out).length);
  });

  it('sends to onnx where a module cannot hold the policy', async () => {
    const rows = moduleTable as Map<string, ModuleRow>;
    const row = rows.get('Tanh')!;
    rows.delete('Tanh');
    try {
      const out = join(folder, 'never.js');
      expect(await answer(run, '--out', out)).toBe(2);
      expect(io.stderr.lines).toEqual([
        'troupe: --to module: operation Tanh has no row in the module table: it cannot be written as JavaScript, ' +
          'expected --to onnx for this policy',
      ]);
      expect(existsSync(out)).toBe(false);
      io = new TestIo();
      expect(await answer(run, '--out', join(folder, 'still.onnx'))).toBe(0);
      expect(io.stdout.text).toContain('checked: 16 observations, one by one, all at once; differences');
    } finally {
      rows.set('Tanh', row);
    }
  });

  it('refuses in one line what it cannot do', async () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    writeFileSync(join(bare, 'run.json'), readFileSync(join(run, 'run.json')));
    const wrong: [string[], string][] = [
      [[join(folder, 'nowhere')], 'nowhere: no such folder, expected a run'],
      [[bare], `${bare}: this run has not saved a policy yet, expected a finished run`],
      [[run, '--to', 'modul'], '--to modul: no such form; did you mean module?'],
      [[run, '--to', 'tflite'], '--to tflite: no such form; expected onnx or module'],
      [[run, '--out', 'x.bin'], '--out x.bin: expected a file name that ends in .onnx or .js or .mjs'],
      [
        [run, '--to', 'module', '--out', 'x.onnx'],
        '--out x.onnx: expected a file name that ends in .js or .mjs',
      ],
    ];
    mkdirSync(join(folder, 'taken.onnx'));
    wrong.push([[run, '--out', join(folder, 'taken.onnx')], 'taken.onnx: is a folder, expected a file']);
    for (const [argv, message] of wrong) {
      io = new TestIo();
      expect(await answer(...argv)).toBe(2);
      expect(io.stderr.lines).toEqual([expect.stringContaining(message)]);
    }
  });
});

it('a run whose policy cannot be compiled says so, and goes on', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(join(broken, 'policy'), { recursive: true });
  writeFileSync(join(broken, 'policy', 'policy.json'), '{}');
  const warnings: string[] = [];
  await keepOnnx(broken, { scenario: 'broken', seed: 1 }, line => warnings.push(line));
  expect(warnings).toEqual([
    expect.stringMatching(/^policy\/policy\.onnx was not written: .*policy\.json: format/),
  ]);
  expect(existsSync(join(broken, 'policy', 'policy.onnx'))).toBe(false);
});
