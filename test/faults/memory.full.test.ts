import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { MetricRow } from '../../src/core/metric-rows.ts';
import { runFolder, troupe } from './command.ts';

it('memory stays flat over a million cart-pole steps', { timeout: 900_000 }, async () => {
  const runs = mkdtempSync(join(tmpdir(), 'troupe-memory-'));
  // Large batches: the million steps are what counts, not what is learnt from them. A million before them: code grows warm,
  // and heaps as large as they come to be.
  const settings = ['steps=2000000', 'ppo.environments=64', 'ppo.minibatch=1024', 'ppo.epochs=2'];
  const set = settings.flatMap(setting => ['--set', setting]);
  const { code, stderr } = await troupe('run', 'cart-pole', '--runs', runs, ...set).finished;
  expect(code, stderr).toBe(0);

  const lines = readFileSync(join(runFolder(runs, 'cart-pole') as string, 'metrics.jsonl'), 'utf8').trimEnd();
  const memory = lines
    .split('\n')
    .map(line => JSON.parse(line) as MetricRow)
    .flatMap(({ step, time }) => (time && 'memory_mb' in time ? [{ step, mb: time['memory_mb'] }] : []));
  const early = memory.find(({ step }) => step >= 1_000_000)!.mb;
  const late = memory.at(-1)!.mb;
  expect(memory.at(-1)!.step).toBeGreaterThanOrEqual(2_000_000);
  console.log(`resident memory: ${early.toFixed(0)} MiB at half, ${late.toFixed(0)} MiB at 100 %`);
  expect(late - early).toBeLessThanOrEqual(Math.max(10, 0.05 * early));
});
