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
  return outcome.summary;
}

test('a short game draws the classes that are asked for, and is the same on one lane, on two, and with learners apart', async () => {
  const { checks, metrics, passed } = await play(2);
  expect(checks.map(({ name }) => name)).toEqual([
    'samples of the class asked for, S3',
    'control: the same with random labels',
    'inferred labels that are right',
    'FID of other real images',
    'control: FID of noise',
    'short run: FID of S3, by that without labels',
    'short run, control: FID of S3, by that with random labels',
  ]);
  expect(passed).toBe(true);
  expect((await play(1)).metrics).toEqual(metrics);
  expect((await play(2, ['learners=apart'])).metrics).toEqual(metrics);
});
