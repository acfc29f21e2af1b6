import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRows } from '../../../src/core/metric-rows.ts';
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
  'batch=16',
];
export const silent = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };

/** Plays a small study. @param until steps after which the user asks to stop */
export function play(threads: number, until = Number.POSITIVE_INFINITY) {
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

export const read = (folder: string): RoboticsStudy =>
  JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));
export const valuesOf = (folder: string) =>
  readRows(join(folder, 'metrics.jsonl')).map(({ source, step, values }) => ({ source, step, values }));
