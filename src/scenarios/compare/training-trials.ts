import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { discard, makeFolder, readJson } from '../../core/files.ts';
import type { PlannedTrial } from '../../evaluation/experiment/index.ts';
import { readSummary, type Summary } from '../../report/summary.ts';
import { isFinished, type RunInfo, writeRunInfo } from '../runner/folder.ts';
import { commitOf, describeMachine, describeVersions } from '../runner/machine.ts';
import { RunFailed } from '../runner/run.ts';
import { resumeRun } from '../runner/start.ts';
import type { RunView } from '../runner/view.ts';
import type { TrainingArm } from './arms.ts';
import { pickMetrics } from './metrics.ts';
import { type Players, sameEnvironment } from './policy-trials.ts';

/** What training runs are played with. */
export interface TrainingPlayersOptions {
  /** The experiment's: each trial has a folder `trials/<n>` in it. */
  readonly folder: string;
  readonly executor: string;
  readonly metrics: readonly string[];
  /** Keep each run whole, its policy and report too; else its summary alone. */
  readonly keepRuns: boolean;
  /** Told how far a trial is, 0 … 1. */
  share(index: number, share: number): void;
  /** One line for people. */
  warn(message: string): void;
}

/**
 * Players of scenarios: a trial is a whole training run from its seed, with one worker thread, and its metrics are the
 * figures of its summary. A run that was interrupted goes on from its checkpoint, to the same bits.
 */
export function trainingPlayers(arms: readonly TrainingArm[], options: TrainingPlayersOptions): Players {
  const { folder, metrics, keepRuns, warn } = options;
  /** What each arm turned out to learn: known when its first run is done. */
  const learnt = new Map<string, Parameters<typeof sameEnvironment>[1]>();
  // Asked once: git takes longer than a small trial.
  const made = {
    versions: describeVersions(),
    machine: describeMachine(),
    commit: commitOf(process.cwd()) ?? null,
  };
  return {
    async play(order, signal) {
      const arm = arms.find(each => each.label === order.arm);
      if (!arm) throw new Error(`no arm ${order.arm}`);
      const own = join(folder, 'trials', String(order.index + 1));
      const summary = await trained(own, arm, order, signal, { ...options, made });
      if ('failed' in summary) {
        warn(`trial ${order.index + 1} failed: ${summary.failed}`);
        return { status: 'failed', metrics: {}, strata: {}, reason: summary.failed };
      }
      compareTasks(own, order.arm, learnt);
      // A figure that is no number (of a run that diverged) has no place in a mean: the trial has failed.
      const lost = metrics.find(name => summary.notFinite?.includes(name));
      const figures = lost === undefined ? pickMetrics(summary.metrics, metrics) : {};
      if (!keepRuns) keepSummary(own);
      if (lost === undefined) return { status: 'done', metrics: figures, strata: {} };
      const reason = `${lost} is not finite`;
      warn(`trial ${order.index + 1} failed: ${reason}`);
      return { status: 'failed', metrics: {}, strata: {}, reason };
    },
  };
}

async function trained(
  own: string,
  arm: TrainingArm,
  order: PlannedTrial,
  signal: AbortSignal,
  { executor, share, made }: TrainingPlayersOptions & { readonly made: Made },
): Promise<Summary | { readonly failed: string }> {
  if (isFinished(own)) return readSummary(own);
  if (!existsSync(join(own, 'run.json'))) {
    makeFolder(own);
    writeRunInfo(own, { ...runInfoOf(arm, order.seed, executor), ...made });
  }
  const view = viewOf(done => share(order.index, done));
  try {
    const outcome = await resumeRun(own, { view, signal });
    if (outcome.status === 'finished') return outcome.summary;
    throw new Error('interrupted'); // the experiment's own business: the trial is played on when it is resumed
  } catch (error) {
    if (error instanceof RunFailed) return { failed: error.message };
    throw error;
  }
}

/** What a run was made with. */
type Made = Pick<RunInfo, 'versions' | 'machine' | 'commit'>;

const runInfoOf = (arm: TrainingArm, seed: number, executor: string): Omit<RunInfo, keyof Made> => ({
  kind: 'run',
  scenario: arm.scenario,
  file: arm.file,
  smoke: arm.smoke,
  // What runs beside it is the other trials.
  threads: 1,
  executor,
  options: arm.options,
  init: null,
  started: new Date().toISOString(),
  seed,
});

const viewOf = (share: (done: number) => void): RunView => ({
  started() {},
  progress: ({ step, steps }) => share(steps > 0 ? Math.min(1, step / steps) : 0),
  warning() {},
  saved() {},
  finished() {},
});

function compareTasks(
  own: string,
  arm: string,
  learnt: Map<string, Parameters<typeof sameEnvironment>[1]>,
): void {
  const stored = readJson(join(own, 'policy', 'policy.json')) as
    | { environment?: Parameters<typeof sameEnvironment>[1] }
    | undefined;
  const environment = stored?.environment;
  if (!environment || learnt.has(arm)) return;
  for (const [other, its] of learnt) sameEnvironment(other, its, arm, environment);
  learnt.set(arm, environment);
}

function keepSummary(own: string): void {
  for (const name of readdirSync(own)) {
    if (name !== 'summary.json' && name !== 'run.json' && name !== 'run.lock') discard(join(own, name));
  }
}
