import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { startRun } from '../../../src/scenarios/runner/start.ts';

const file = fileURLToPath(new URL('../fixtures/rotation-probe.ts', import.meta.url));

/** Plays the rotation probe as a run of its own. @returns its figures */
export async function playProbe(seed: number, smoke: boolean, set: readonly string[] = []) {
  const view = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
  const outcome = await startRun(
    {
      found: await findScenario(file),
      seeds: [seed],
      smoke,
      set: [...set],
      threads: 1,
      executor: 'onnx-cpu',
      runs: mkdtempSync(join(tmpdir(), 'troupe-probe-')),
    },
    { view, signal: new AbortController().signal },
  );
  if (outcome.status !== 'finished') throw new Error(`the run did not finish: ${outcome.status}`);
  return outcome.summary.metrics;
}
