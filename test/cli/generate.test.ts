import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { terminal } from '../../src/cli/io.ts';
import { Random } from '../../src/core/random.ts';
import { characterTokenizer } from '../../src/data/index.ts';
import {
  languageModelConfig,
  languageModelInit,
  saveLanguageModel,
} from '../../src/learners/language-model/index.ts';
import { type RunInfo, writeRunInfo } from '../../src/scenarios/runner/folder.ts';
import { flattenTree } from '../../src/tensors/index.ts';
import { Paper, TestIo } from './io.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-cli-generate-'));
const run = join(folder, 'run');
let io: TestIo;
const answer = (...argv: string[]) => troupe(['generate', ...argv], io);
const info = (scenario: string): RunInfo =>
  ({
    ...{ kind: 'run', scenario, file: null, smoke: false, threads: 1, executor: 'auto', options: {} },
    ...{ init: null, started: '', versions: {}, commit: null, seed: 1 },
    machine: { cpu: '', cores: 1, memory: 1, platform: '' },
  }) as const;

beforeAll(() => {
  mkdirSync(run);
  const tokenizer = characterTokenizer("abcdefgh '");
  const { vocabulary } = tokenizer;
  const config = languageModelConfig.parse({ layers: 1, width: 8, heads: 2, inner: 8 });
  saveLanguageModel(join(run, 'language-model'), {
    ...{ config, vocabulary, memory: 4, length: 2, seed: 1, step: 0 },
    tokenizer: tokenizer.toJSON(),
    parameters: flattenTree(languageModelInit(Random.fromSeed(1), config, vocabulary)),
  });
  writeRunInfo(run, info('long-context'));
});
beforeEach(() => {
  io = new TestIo();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('troupe generate', () => {
  it('goes on from a prompt, and says the same with the same seed', async () => {
    expect(await answer(run, '--prompt', 'Bad', '--length', '30'), io.stderr.text).toBe(0);
    const { text } = io.stdout;
    expect(text).toMatch(/^bad[a-h ']{30}\n$/);
    io = new TestIo();
    await answer(run, '--prompt', 'bad', '--length', '30', '--seed', '1');
    expect(io.stdout.text).toBe(text);
    io = new TestIo();
    await answer(run, '--prompt', 'bad', '--length', '30', '--seed', '2', '--top-k', '3');
    expect(io.stdout.text).not.toBe(text);
    expect(io.stderr.text).toBe('');
  });

  it('writes each token as it comes, and ends cleanly at Ctrl-C', async () => {
    const written: string[] = [];
    const paper = new Paper();
    paper.write = text => {
      written.push(text);
      if (written.length === 6) io.interrupt();
    };
    Object.assign(io, { stdout: paper });
    expect(await answer(run, '--prompt', 'bad', '--length', '100000')).toBe(130);
    expect(written).toHaveLength(7);
    expect(written[0]).toBe('bad');
    expect(written.slice(1, -1).every(piece => piece.length === 1)).toBe(true);
    expect(written.at(-1)).toBe('\n');
    expect(io.interrupt()).toBe(0);
  });

  it('ends where its reader has left, as if nothing were the matter', async () => {
    const written: string[] = [];
    const paper = { columns: 80, left: false, write: (text: string) => void written.push(text) };
    Object.assign(io, { stdout: paper });
    const answered = answer(run, '--prompt', 'bad', '--length', '100000');
    await expect.poll(() => written.length, { interval: 1 }).toBeGreaterThan(3);
    paper.left = true;
    expect(await answered).toBe(0);
    expect(written.length).toBeLessThan(100_000);
    expect(written.at(-1)).not.toBe('\n');
    expect(io.stderr.text).toBe('');
  });

  it('knows of a pipe whether its reader has left', async () => {
    let broken: NodeJS.ErrnoException | null = null;
    const pipe = new Writable({ write: (_data, _encoding, done) => done(broken), autoDestroy: false });
    const out = terminal(pipe as unknown as NodeJS.WriteStream);
    out.write('a');
    expect(out.left).toBe(false);
    broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    out.write('b');
    await expect.poll(() => out.left).toBe(true);
  });

  it.each([
    [['--prompt', 'a Zebra?'], `no "Z", "r", "?"; expected what stands in the text that it was trained on`],
    [['--prompt', ''], '--prompt: is empty, expected a text to go on from'],
    [['--prompt', 'a', '--length', '0'], '--length 0: expected a whole number of at least 1'],
    [['--prompt', 'a', '--temperature', 'hot'], '--temperature hot: expected a number of at least 0'],
    [['--prompt', 'a', '--top-k', '0'], '--top-k 0: expected a whole number of at least 1'],
    [[], "required option '--prompt <text>' not specified"],
  ])('answers %j with one line', async (argv, line) => {
    expect(await answer(run, ...argv)).toBe(2);
    expect(io.stderr.lines).toHaveLength(1);
    expect(io.stderr.text).toContain(line);
    expect(io.stdout.text).toBe('');
  });

  it('says which runs leave a language model', async () => {
    writeRunInfo(folder, info('cart-pole'));
    expect(await answer(folder, '--prompt', 'a')).toBe(2);
    expect(io.stderr.text).toContain(
      'a run of cart-pole leaves no language model, expected one of long-context',
    );
    writeRunInfo(folder, info('long-context'));
    expect(await answer(folder, '--prompt', 'a')).toBe(2);
    expect(io.stderr.text).toContain('this run has not left a language model, expected a finished run');
    expect(await answer(join(folder, 'nowhere'), '--prompt', 'a')).toBe(2);
    expect(io.stderr.text).toContain('nowhere: no such folder, expected a run');
  });
});
