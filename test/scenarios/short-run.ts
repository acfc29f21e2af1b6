import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findScenario } from '../../src/scenarios/runner/find.ts';
import { startRun } from '../../src/scenarios/runner/start.ts';
import type { RunView } from '../../src/scenarios/runner/view.ts';

const view: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };

/** A scenario's short run with seed 1, to its end. @throws where it does not finish */
export async function playShort(name: string, threads: number, set: string[] = []) {
  const outcome = await startRun(
    {
      found: await findScenario(name),
      seeds: [1],
      smoke: true,
      set,
      threads,
      executor: 'onnx-cpu',
      runs: mkdtempSync(join(tmpdir(), `troupe-${name}-`)),
    },
    { view, signal: new AbortController().signal },
  );
  if (outcome.status !== 'finished') throw new Error(`the run ended: ${outcome.status}`);
  return outcome;
}
