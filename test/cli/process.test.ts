import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { latestCheckpoint } from '../../src/core/checkpoint.ts';
import { runFolder, troupe } from '../faults/command.ts';

describe('the built command, as a process', () => {
  it('saves at the next barrier on Ctrl-C, and says how to go on', async () => {
    const runs = mkdtempSync(join(tmpdir(), 'troupe-process-'));
    const { child, finished } = troupe('run', 'cart-pole', '--runs', runs);
    child.stdout!.on('data', (text: Buffer) => {
      if (text.includes('seed 1 ·')) child.kill('SIGINT');
    });
    const { code, signal, stdout, stderr } = await finished;
    expect({ code, signal, stderr }).toEqual({ code: 130, signal: null, stderr: '' });
    const folder = runFolder(runs, 'cart-pole') as string;
    const step = latestCheckpoint(folder)?.step;
    expect(step).toBeGreaterThan(0);
    expect(stdout).toContain(`saved at step ${step?.toLocaleString('en-US')}. To go on from there:`);
    expect(stdout).toMatch(/npx troupe run --resume \S+cart-pole/);
  });

  const sabotage = fileURLToPath(new URL('../fixtures/sabotage/scenario.ts', import.meta.url));
  const short = ['--set', 'steps=256', '--set', 'fault=print', '--set', 'after=5'];

  it('with --json keeps what an environment prints off stdout', { timeout: 60_000 }, async () => {
    const runs = mkdtempSync(join(tmpdir(), 'troupe-process-'));
    const { code, stdout, stderr } = await troupe('run', sabotage, '--runs', runs, '--json', ...short)
      .finished;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'sabotage' });
    expect(stderr).toContain('the saboteur was here\n');
  });

  it('goes on where its reader leaves', { timeout: 60_000 }, async () => {
    const runs = mkdtempSync(join(tmpdir(), 'troupe-process-'));
    const { child, finished } = troupe('run', sabotage, '--runs', runs, ...short);
    child.stdout!.destroy();
    const { code, stderr } = await finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(join(runFolder(runs, 'sabotage') as string, 'report.html'))).toBe(true);
  });

  it('answers wrong use with one line on stderr and exit code 2', async () => {
    const { code, stdout, stderr } = await troupe('run', 'hoper').finished;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('troupe: unknown scenario hoper; did you mean hopper?\n');
  });
});
