import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentRef } from '../../src/env/define.ts';
import { readFilm } from '../../src/report/film.ts';
import { scenario } from '../../src/scenarios/contract.ts';
import { ppoOptions } from '../../src/scenarios/ppo-options.ts';
import { startRun } from '../../src/scenarios/runner/start.ts';
import { castPpo, type PpoCast } from '../../src/scenarios/wiring.ts';
import { walk } from '../fixtures/environments/walk.ts';

/** Teaches a walk for two rounds. @returns the run's folder */
async function teach(cast: Partial<PpoCast>): Promise<string> {
  const settings = { workers: 1, environments: 2, horizon: 8, minibatch: 16, epochs: 1, hidden: [4] };
  const walking = scenario({
    name: 'walking',
    summary: 'Walks.',
    options: ppoOptions({ steps: 32, ppo: settings }),
    smoke: {},
    play: stage => castPpo(stage, { environment: environmentRef(walk), episodes: 2, ...cast }),
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

describe('castPpo', () => {
  it('films an episode of an environment that renders, unless it is told not to', async () => {
    expect(readFilm(await teach({}))).toMatchObject({ title: 'walk after 32 steps', dt: 0.04 });
    expect(readFilm(await teach({ film: false }))).toBeUndefined();
  });
});
