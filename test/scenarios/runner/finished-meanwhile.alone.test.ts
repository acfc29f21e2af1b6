import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { writeSummary } from '../../../src/report/summary.ts';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { resumeRun, startRun } from '../../../src/scenarios/runner/start.ts';
import type { RunView } from '../../../src/scenarios/runner/view.ts';

const before = vi.hoisted(() => ({ lock: () => {} }));
vi.mock('../../../src/scenarios/runner/lock.ts', async original => {
  const lock = await original<typeof import('../../../src/scenarios/runner/lock.ts')>();
  return {
    ...lock,
    lockRun(folder: string) {
      before.lock();
      return lock.lockRun(folder);
    },
  };
});

it('a run that another process finishes while we wait for its folder is not run again', async () => {
  const view: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
  const surroundings = { view, signal: new AbortController().signal };
  const runs = mkdtempSync(join(tmpdir(), 'troupe-meanwhile-'));
  const found = await findScenario(fileURLToPath(new URL('../fixtures/counter.ts', import.meta.url)));
  const first = await startRun({ found, seeds: [7], threads: 1, executor: 'auto', runs }, surroundings);
  if (first.status !== 'finished') throw new Error(first.status);
  const { folder, summary } = first;
  rmSync(join(folder, 'summary.json'));
  const rows = readFileSync(join(folder, 'metrics.jsonl'), 'utf8');

  before.lock = () => writeSummary(folder, summary);
  expect(await resumeRun(folder, surroundings)).toEqual({
    status: 'finished',
    folder,
    summary,
    before: true,
  });
  expect(readFileSync(join(folder, 'metrics.jsonl'), 'utf8')).toBe(rows);
});
