import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/core/metric-rows.ts';
import { environmentRef } from '../../src/env/define.ts';
import { readFilm } from '../../src/report/film.ts';
import { type Stage, scenario } from '../../src/scenarios/contract.ts';
import { ppoOptions } from '../../src/scenarios/ppo-options.ts';
import { startRun } from '../../src/scenarios/runner/start.ts';
import { castPpo, type PpoCast } from '../../src/scenarios/wiring.ts';
import { echo } from '../fixtures/actors/echo.ts';
import { walk } from '../fixtures/environments/walk.ts';

/** Teaches a walk for two rounds. @returns the run's folder */
async function teach(cast: (stage: Stage) => Partial<PpoCast>): Promise<string> {
  const settings = { workers: 1, environments: 2, horizon: 8, minibatch: 16, epochs: 1, hidden: [4] };
  const walking = scenario({
    name: 'walking',
    summary: 'Walks.',
    options: ppoOptions({ steps: 32, ppo: settings }),
    smoke: {},
    play: stage => castPpo(stage, { environment: environmentRef(walk), episodes: 2, ...cast(stage) }),
  });
  const view = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
  const outcome = await startRun(
    {
      found: { scenario: walking, file: undefined },
      seeds: [1],
      threads: 1,
      executor: 'auto',
      runs: mkdtempSync(join(tmpdir(), 'troupe-cast-')),
    },
    { view, signal: new AbortController().signal },
  );
  return outcome.folder;
}

describe('castPpo', { timeout: 120_000 }, () => {
  it('films an environment that renders, and hands its actors over before learning begins', async () => {
    const folder = await teach(({ system, record }) => ({
      async also({ learner, rollouts }) {
        const listener = await system.spawn(echo, {}, { on: 'main' });
        system.link(learner.outputs.metrics, listener.inputs.metrics);
        system.link(listener.outputs.rows, record.rows);
        // @ts-expect-error trajectories are no metrics
        expect(() => system.link(rollouts.outputs.trajectories, listener.inputs.metrics)).toThrow();
      },
    }));
    expect(readFilm(folder)).toMatchObject({ title: 'walk after 32 steps', dt: 0.04 });
    const rows = readRows(join(folder, 'metrics.jsonl')).filter(({ source }) => source === 'echo');
    expect(rows.map(({ step }) => step)).toEqual([16, 32]);
  });

  it('makes no film where it is told not to', async () => {
    expect(readFilm(await teach(() => ({ film: false })))).toBeUndefined();
  });
});
