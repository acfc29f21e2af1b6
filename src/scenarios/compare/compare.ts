import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startSystem } from '../../actors/runtime/system.ts';
import { asError, TroupeError } from '../../core/errors.ts';
import { writeFileWhole } from '../../core/files.ts';
import type { Analysis } from '../../evaluation/contract.ts';
import {
  type ExperimentEnd,
  type ExperimentProgress,
  type LearningRuns,
  LOG_FILE,
  learningRunsOf,
  observationsOf,
  runExperiment,
} from '../../evaluation/experiment/index.ts';
import { exportTables, readLog, trialsOf } from '../../evaluation/log/index.ts';
import { changedSettings, placeOf, shellWord } from '../runner/command-line.ts';
import { findScenario } from '../runner/find.ts';
import { makeRunFolder } from '../runner/folder.ts';
import { lockRun } from '../runner/lock.ts';
import { describeMachine, describeVersions } from '../runner/machine.ts';
import type { ArmSpec, PolicyArm, TrainingArm } from './arms.ts';
import { type Players, policyPlayers } from './policy-trials.ts';
import { type CompareSettings, readSettings, writeSettings } from './settings.ts';
import { trainingPlayers } from './training-trials.ts';

/** Whoever watches a comparison. */
export interface CompareView {
  started(settings: CompareSettings, folder: string): void;
  progress(now: CompareProgress): void;
  warning(message: string): void;
}

/** How far a comparison is. */
export interface CompareProgress extends ExperimentProgress {
  /** Parts of trials that are under way, in trials. */
  readonly underWay: number;
}

/** What a comparison needs from whoever starts it. */
export interface CompareSurroundings {
  readonly view: CompareView;
  /** Aborted when the user asks to stop: training runs save at their next barrier. */
  readonly signal: AbortSignal;
  /** Trials at once. Changes nothing in the result. */
  readonly lanes: number;
}

/** How a comparison ended. */
export interface CompareOutcome {
  readonly status: 'finished' | 'interrupted';
  readonly folder: string;
  readonly analysis: Analysis;
  /** Of training runs, where there are enough. */
  readonly learningRuns?: LearningRuns | undefined;
  /** What was written, beside the log. */
  readonly files: readonly string[];
}

/** Starts a comparison in a new folder `<runs>/compare/<time>-seed<seed>`. */
export async function startCompare(
  settings: CompareSettings,
  runs: string,
  surroundings: CompareSurroundings,
): Promise<CompareOutcome> {
  const folder = makeRunFolder(runs, 'compare', `seed${settings.seed}`);
  writeSettings(folder, settings);
  return playFolder(folder, settings, surroundings);
}

/** Goes on with a comparison that was interrupted; of one that is finished, its pages are written again. */
export async function resumeCompare(
  folder: string,
  surroundings: CompareSurroundings,
): Promise<CompareOutcome> {
  return playFolder(folder, readSettings(folder), surroundings);
}

async function playFolder(
  folder: string,
  settings: CompareSettings,
  surroundings: CompareSurroundings,
): Promise<CompareOutcome> {
  const release = lockRun(folder);
  try {
    surroundings.view.started(settings, folder);
    const { status, analysis } = await played(folder, settings, surroundings);
    if (status === 'interrupted') return { status, folder, analysis, files: [] };
    const warn = (message: string) => surroundings.view.warning(message);
    return { status, folder, analysis, ...(await conclude(folder, settings, analysis, warn)) };
  } finally {
    release();
  }
}

async function played(
  folder: string,
  settings: CompareSettings,
  { view, signal, lanes }: CompareSurroundings,
): Promise<ExperimentEnd> {
  const { design, seed } = settings;
  const shares = new Map<number, number>();
  let last: ExperimentProgress | undefined;
  const tell = () => {
    const underWay = [...shares.values()].reduce((sum, each) => sum + each, 0);
    if (last) view.progress({ ...last, underWay });
  };
  const share = (index: number, done: number) => {
    shares.set(index, done);
    tell();
  };
  const halt = new AbortController();
  let broken: Error | undefined;
  /** A policy that cannot be played leaves no outcome: what broke is the machinery, not the trial. */
  const breaks = (error: unknown) => {
    if (settings.arms[0].kind !== 'policy' || isUsage(error)) return;
    broken ??= asError(error);
    halt.abort();
  };
  const watched = { lanes, share, warn: (message: string) => view.warning(message) };
  const end = await withPlayers(folder, settings, watched, players =>
    runExperiment({
      design,
      seed,
      folder,
      lanes,
      signal: AbortSignal.any([signal, halt.signal]),
      async play(order, stop) {
        try {
          return await players.play(order, stop);
        } catch (error) {
          breaks(error);
          throw error;
        } finally {
          shares.delete(order.index);
        }
      },
      onProgress(now) {
        last = now;
        tell();
      },
    }),
  );
  if (broken) throw broken;
  return end;
}

const isUsage = (error: unknown): boolean => error instanceof TroupeError && error.kind === 'usage';

interface Lanes {
  readonly lanes: number;
  share(index: number, done: number): void;
  warn(message: string): void;
}

async function withPlayers<T>(
  folder: string,
  { arms, design, executor, keepRuns, patience, seed }: CompareSettings,
  { lanes, share, warn }: Lanes,
  work: (players: Players) => Promise<T>,
): Promise<T> {
  const metrics = [design.metric, ...design.secondary].map(({ name }) => name);
  const training = arms.filter((arm): arm is TrainingArm => arm.kind === 'training');
  if (training.length > 0) {
    return work(trainingPlayers(training, { folder, executor, metrics, keepRuns, share, warn }));
  }
  const policies = arms.filter((arm): arm is PolicyArm => arm.kind === 'policy');
  const system = await startSystem({ seed });
  try {
    const players = policyPlayers(system, policies, { lanes, executor, metrics, patience });
    return await Promise.race([players.then(work), system.failed]);
  } finally {
    await system.stop();
  }
}

/** Pages and tables, and the summary, which ends it. @returns the files, as they are called in the folder */
async function conclude(
  folder: string,
  { exports, arms, executor, command }: CompareSettings,
  analysis: Analysis,
  warn: (message: string) => void,
): Promise<Pick<CompareOutcome, 'files' | 'learningRuns'>> {
  const { writeExperimentReport } = await import('../../report/experiment/index.ts');
  const records = [...readLog(join(folder, LOG_FILE))];
  const learningRuns = arms[0].kind === 'training' ? learningRunsOf(records) : undefined;
  await writeExperimentReport(folder, analysis, {
    learningRuns,
    ...observationsOf(records),
    command,
    logHash: createHash('sha256')
      .update(readFileSync(join(folder, LOG_FILE)))
      .digest('hex'),
    facts: [...(await Promise.all(arms.map(factOfArm))), ...factsOfMachine(executor)],
  });
  const formats = { parquet: exports.includes('parquet'), csv: exports.includes('csv') };
  const { files, note } = await exportTables(folder, trialsOf(records), formats);
  // Whoever did not ask for tables does not miss them.
  if (note !== undefined && exports.some(name => name !== 'csv')) warn(note);
  const summary = { kind: 'compare', arms, executor, analysis, learningRuns };
  writeFileWhole(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  return { files: ['report.html', ...files.map(file => basename(file)), 'summary.json'], learningRuns };
}

async function factOfArm(arm: ArmSpec): Promise<readonly [string, string]> {
  if (arm.kind === 'policy') return [arm.label, placeOf(arm.policy)];
  const { scenario } = await findScenario(arm.file ?? arm.scenario);
  const words = [
    arm.file === null ? arm.scenario : placeOf(arm.file),
    ...(arm.smoke ? ['--smoke'] : []),
    ...changedSettings(scenario, arm).map(change => `--set ${shellWord(change)}`),
  ];
  return [arm.label, words.join(' ')];
}

function factsOfMachine(executor: string): (readonly [string, string])[] {
  const { cpu, cores, memory, platform } = describeMachine();
  const versions = Object.entries(describeVersions()).map(([name, version]) => `${name} ${version}`);
  return [
    ['executor', executor],
    ['versions', versions.join(', ')],
    ['machine', `${cpu}, ${cores} cores, ${memory} GiB, ${platform}`],
  ];
}
