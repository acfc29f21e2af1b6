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

test('a short game draws the classes that are asked for, and is the same on one lane, on two, and with learners apart', async () => {
  const metrics = await play(2);
  // Against no labels it is better only after some 4,000 steps: 800 are enough to see what wrong labels do.
  expect(metrics['arms.S3.fid']).toBeLessThan(0.7 * metrics['arms.random.fid']);
  expect(metrics['arms.S3.conditionalAccuracy']).toBeGreaterThan(0.5);
  expect(metrics['arms.random.conditionalAccuracy']).toBeLessThan(0.2);
  expect(await play(1)).toEqual(metrics);
  expect(await play(2, ['learners=apart'])).toEqual(metrics);
});
