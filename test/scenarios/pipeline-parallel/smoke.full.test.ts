import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { startRun } from '../../../src/scenarios/runner/start.ts';
import type { RunView } from '../../../src/scenarios/runner/view.ts';

const view: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };

async function play(threads: number, set: string[] = []) {
  const outcome = await startRun(
    {
      found: await findScenario('pipeline-parallel'),
      seeds: [1],
      smoke: true,
      set,
      threads,
      executor: 'onnx-cpu',
      runs: mkdtempSync(join(tmpdir(), 'troupe-pipeline-')),
    },
    { view, signal: new AbortController().signal },
  );
  if (outcome.status !== 'finished') throw new Error(`the run ended: ${outcome.status}`);
  return outcome;
}

test('a short run compares all nets, passes, and says the same again on one lane', async () => {
  const { summary, folder } = await play(2);
  expect(summary.checks.length).toBe(11);
  expect(summary.checks.filter(({ pass }) => !pass)).toEqual([]);
  expect(readdirSync(join(folder, 'exhibits'))).toEqual(['1-timeline.json', '5-gradients.json']);
  expect((await play(1)).summary.metrics).toEqual(summary.metrics);
}, 600_000);

test('training in four stages is training in one piece, and memory is what the formula says', async () => {
  const { summary } = await play(2, [
    'parts=["training","memory"]',
    'trainingSteps=40',
    'depth=12',
    'speed.width=128',
    'speed.rows=128',
  ]);
  expect(summary.checks.filter(({ pass }) => !pass)).toEqual([]);
  expect(summary.checks.length).toBe(3);
  expect(summary.metrics['memory.largest']).toBeGreaterThan(2);
}, 600_000);
