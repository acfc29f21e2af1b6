import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { startRun } from '../../../src/scenarios/runner/start.ts';
import type { RunView } from '../../../src/scenarios/runner/view.ts';

const view: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };

/** A run of few steps. */
async function play(set: string[], threads = 2) {
  const outcome = await startRun(
    {
      found: await findScenario('task-grouping'),
      seeds: [1],
      smoke: true,
      set,
      threads,
      executor: 'onnx-cpu',
      runs: mkdtempSync(join(tmpdir(), 'troupe-grouping-')),
    },
    { view, signal: new AbortController().signal },
  );
  if (outcome.status !== 'finished') throw new Error(outcome.status);
  return { metrics: outcome.summary.metrics, folder: outcome.folder };
}

const few = ['training.steps=8', 'train=400', 'test=200', 'probeEvery=4'];

test('actors train, probe, choose and are judged to the same figures, wherever they sit', async () => {
  const one = await play([...few], 1);
  const apart = await play([...few, 'learners=apart'], 2);
  expect(apart.metrics).toEqual(one.metrics);
  expect(one.metrics['digits.allInOne']).toBeGreaterThan(3);
  expect(one.metrics['digits.clamped']).toBe(0);
  expect(readdirSync(join(one.folder, 'exhibits'))).toEqual([
    'digit-pairs-1-affinity.json',
    'digit-pairs-2-losses.json',
  ]);
}, 120_000);
