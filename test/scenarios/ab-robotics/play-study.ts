import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRows } from '../../../src/core/metric-rows.ts';
import { logFile } from '../../../src/scenarios/ab-robotics/cast.ts';
import type { RoboticsStudy } from '../../../src/scenarios/ab-robotics/contract.ts';
import abRobotics from '../../../src/scenarios/ab-robotics.ts';
import type { Scenario } from '../../../src/scenarios/contract.ts';
import { startRun } from '../../../src/scenarios/runner/start.ts';

const sizes = [
  'trials=240',
  'experiment=240',
  'regroupings=40',
  'worlds=3',
  'draws=10',
  'peeks=10',
  'simulations=20',
  'batch=40',
];
export const silent = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };

/** Plays a small study. @param told how far it is; what it gives back as true is the user who asks to stop */
export function play(threads: number, told: (step: number) => boolean = () => false) {
  const stop = new AbortController();
  const view = {
    ...silent,
    progress: ({ step }: { readonly step: number }) => {
      if (told(step)) stop.abort();
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

/** The logs of a study's experiments. */
export const logsOf = (folder: string): string[] =>
  (
    [
      ['study', 'policy'],
      ['experiment', 'policy'],
      ['experiment', 'gripper'],
    ] as const
  ).map(([name, layer]) => readFileSync(logFile(folder, name, layer), 'utf8'));
export const read = (folder: string): RoboticsStudy =>
  JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));
export const valuesOf = (folder: string) =>
  readRows(join(folder, 'metrics.jsonl')).map(({ source, step, values }) => ({ source, step, values }));
