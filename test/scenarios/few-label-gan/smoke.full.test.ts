import { mkdtempSync } from 'node:fs';
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
      found: await findScenario('few-label-gan'),
      seeds: [1],
      smoke: true,
      set,
      threads,
      executor: 'onnx-cpu',
      runs: mkdtempSync(join(tmpdir(), 'troupe-gan-')),
    },
    { view, signal: new AbortController().signal },
  );
  if (outcome.status !== 'finished') throw new Error(`the run ended: ${outcome.status}`);
  return outcome.summary.metrics;
}

test('a short game is better by class than without, and the same on one lane, on two, and with learners apart', async () => {
  const metrics = await play(2);
  expect(metrics['arms.S3.fid']).toBeLessThan(metrics['arms.unconditional.fid']);
  expect(metrics['arms.S3.conditionalAccuracy']).toBeGreaterThan(0.5);
  expect(metrics['arms.random.conditionalAccuracy']).toBeLessThan(0.2);
  expect(await play(1)).toEqual(metrics);
  expect(await play(2, ['learners=apart'])).toEqual(metrics);
});
