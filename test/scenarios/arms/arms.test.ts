import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { resumeRun, startRun } from '../../../src/scenarios/runner/start.ts';
import type { RunView } from '../../../src/scenarios/runner/view.ts';

const file = fileURLToPath(new URL('../fixtures/lessons.ts', import.meta.url));

/** @param stopAfter arms, after which the run is asked to stop */
async function play(changes: { set?: string[]; threads?: number; stopAfter?: number; resume?: string } = {}) {
  const { set = [], threads = 2, stopAfter, resume } = changes;
  const runs = mkdtempSync(join(tmpdir(), 'troupe-arms-'));
  const stopping = new AbortController();
  const steps: number[] = [];
  const warnings: string[] = [];
  let saves = 0;
  const view: RunView = {
    started() {},
    progress: ({ step }) => void steps.push(step),
    warning: message => void warnings.push(message),
    saved() {
      if (++saves === stopAfter) stopping.abort();
    },
    finished() {},
  };
  const surroundings = { view, signal: stopping.signal };
  const outcome = resume
    ? await resumeRun(resume, surroundings)
    : await startRun(
        {
          found: await findScenario(file),
          seeds: [3],
          smoke: false,
          set,
          threads,
          executor: 'onnx-cpu',
          runs,
        },
        surroundings,
      );
  const metrics = outcome.status === 'finished' ? outcome.summary.metrics : undefined;
  return { outcome, metrics, folder: outcome.folder, steps, saves, warnings };
}

let first: ReturnType<typeof play> | undefined;
/** A run on one lane that nothing befell. */
function whole() {
  first ??= play({ threads: 1 });
  return first;
}

const rowsIn = (folder: string) => readFileSync(join(folder, 'metrics.jsonl'), 'utf8');

describe('arms side by side', { timeout: 180_000 }, () => {
  it('come to the same on one lane and on two, where each learner has a thread of its own', async () => {
    const one = await whole();
    const two = await play({ threads: 2, set: ['learners=apart'] });
    const { metrics } = one;
    expect(metrics?.['most.soft']).toBeLessThan(metrics?.['few.soft'] as number);
    expect(metrics).toMatchObject({ 'few.drawn': 20 * 32, 'few.distinct': 64, 'most.distinct': 20 * 32 });
    expect(two.metrics).toEqual(metrics);
    expect(rowsIn(two.folder)).toBe(rowsIn(one.folder));
    expect(two.steps.at(-1)).toBe(80);
  });

  it('go on after the last whole arm', async () => {
    const { metrics, folder: untouched } = await whole();
    const cut = await play({ threads: 1, stopAfter: 2 });
    expect(cut.outcome).toMatchObject({ status: 'interrupted', step: 40 });
    const { folder } = cut;
    const rest = await play({ resume: folder });
    expect(rest.saves).toBe(2);
    expect(rest.metrics).toEqual(metrics);
    expect(rowsIn(folder)).toBe(rowsIn(untouched));
  });

  it('end together when one fails, with what is done saved', async () => {
    await expect(play({ set: ['breaks=many'] })).rejects.toMatchObject({
      message: expect.stringContaining('many pupil.learn: a mistake of its own'),
      saved: 40,
    });
  });

  it('are played anew where an actor dies', async () => {
    const { metrics } = await whole();
    const died = await play({ set: [`dies=${join(mkdtempSync(join(tmpdir(), 'troupe-dies-')), 'once')}`] });
    expect(died.metrics).toEqual(metrics);
    expect(died.warnings.join()).toMatch(/some .*the arms under way are played anew \(1 of 2\)/);
  });
});
