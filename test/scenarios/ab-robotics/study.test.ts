import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../../src/core/metric-rows.ts';
import { logFile } from '../../../src/scenarios/ab-robotics/cast.ts';
import type { RoboticsStudy } from '../../../src/scenarios/ab-robotics/contract.ts';
import { studyOf } from '../../../src/scenarios/ab-robotics/study.ts';
import abRobotics from '../../../src/scenarios/ab-robotics.ts';
import type { Scenario } from '../../../src/scenarios/contract.ts';
import { resumeRun, startRun } from '../../../src/scenarios/runner/start.ts';

const sizes = [
  'trials=240',
  'experiment=240',
  'regroupings=40',
  'worlds=3',
  'draws=10',
  'peeks=10',
  'batch=16',
];
const silent = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };

/** Plays a small study. @param until steps after which the user asks to stop */
function play(threads: number, until = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  const view = {
    ...silent,
    progress: ({ step }: { readonly step: number }) => {
      if (step >= until) stop.abort();
    },
  };
  return startRun(
    {
      found: { scenario: abRobotics as unknown as Scenario, file: undefined },
      seeds: [4],
      set: sizes,
      threads,
      executor: 'auto',
      runs: mkdtempSync(join(tmpdir(), 'troupe-study-')),
    },
    { view, signal: stop.signal },
  );
}

const read = (folder: string): RoboticsStudy => JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));
const valuesOf = (folder: string) =>
  readRows(join(folder, 'metrics.jsonl')).map(({ source, step, values }) => ({ source, step, values }));

describe('ab-robotics', { timeout: 240_000 }, () => {
  it('comes to the same study with other threads, interrupted and resumed, and analysed again; and notices an edited log', async () => {
    const whole = await play(2);
    expect(whole.status).toBe('finished');
    const study = read(whole.folder);
    expect(study.trials).toBe(240);
    expect(study.guards.filter(({ passed }) => !passed)).toEqual([]);
    expect(study.guards).toHaveLength(17);
    expect(existsSync(join(whole.folder, 'exhibits', 'study.json'))).toBe(true);
    expect(readFileSync(join(whole.folder, 'report.html'), 'utf8')).toContain('weeks 19-20');

    const analyse = () =>
      studyOf({
        folder: whole.folder,
        seed: 4,
        regroupings: 40,
        worlds: 3,
        draws: 10,
        peeks: 10,
        chains: study.chains,
        simulated: study.simulated,
        looks: [],
        concealment: study.guards.slice(0, 2),
      });
    // Looks are the gate's, which listened while it ran.
    const withoutLooks = (of: RoboticsStudy) =>
      JSON.stringify(of, (key, value) => (key === 'looks' ? [] : value));
    expect(withoutLooks(analyse())).toBe(withoutLooks(study));

    const part = await play(1, 320);
    expect(part.status).toBe('interrupted');
    const rest = await resumeRun(part.folder, { view: silent, signal: new AbortController().signal });
    expect(rest.status).toBe('finished');
    for (const [name, layer] of [
      ['study', 'policy'],
      ['experiment', 'policy'],
      ['experiment', 'gripper'],
    ])
      expect(readFileSync(logFile(part.folder, name, layer), 'utf8')).toBe(
        readFileSync(logFile(whole.folder, name, layer), 'utf8'),
      );
    // What concealment has read in all differs by the sittings.
    const figures = (of: RoboticsStudy) => JSON.stringify({ ...of, guards: of.guards.slice(2) });
    expect(figures(read(part.folder))).toBe(figures(study));
    expect(valuesOf(part.folder)).toEqual(valuesOf(whole.folder));

    const file = logFile(whole.folder, 'study', 'policy');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"success":0', '"success":1'));
    const failed = analyse().guards.filter(({ passed }) => !passed);
    expect(failed.map(({ name }) => name)).toEqual(['study: log']);
    expect(failed[0].says).toMatch(/^line \d+ was edited/);
  });
});
