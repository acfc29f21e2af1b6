import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Checkpoint, latestCheckpoint, tidyCheckpoints } from '../../core/checkpoint.ts';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import { removeParts } from '../../core/files.ts';
import { writeReport } from '../../report/report.ts';
import { readSummary, type Summary } from '../../report/summary.ts';
import type { Scenario } from '../contract.ts';
import { type Found, findScenario } from './find.ts';
import {
  isFinished,
  makeRunFolder,
  makeSeedFolder,
  type RunInfo,
  readRunInfo,
  readSingleRun,
  type SeedsInfo,
  seedFolder,
  writeRunInfo,
} from './folder.ts';
import { Interrupted } from './interrupted.ts';
import { isLocked, lockRun } from './lock.ts';
import { commitOf, describeMachine, describeVersions } from './machine.ts';
import { type OptionSources, resolveOptions } from './options.ts';
import { playOne, RunFailed, type Surroundings } from './run.ts';
import { concludeSeeds } from './seeds.ts';

/** What to run. */
export interface Settings extends OptionSources {
  readonly found: Found;
  /** One: a run of its own. Several: one after another, in one folder, judged together. */
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly executor: string;
  /** Where run folders are made. */
  readonly runs: string;
  /** Another run's folder, whose policy this one starts from. */
  readonly init?: string | undefined;
}

/** How `startRun` and `resumeRun` end where nothing fails. */
export type Outcome =
  | {
      readonly status: 'finished';
      readonly folder: string;
      readonly summary: Summary;
      /** It was finished before: nothing has run. */
      readonly before?: boolean;
    }
  /** Stopped on request; `folder` is what to resume. */
  | { readonly status: 'interrupted'; readonly folder: string; readonly step: number };

/** Runs a scenario from its start. Everything that can be wrong with the settings is found before any work. */
export async function startRun(settings: Settings, surroundings: Surroundings): Promise<Outcome> {
  const { found, seeds, threads, executor, runs } = settings;
  const { scenario } = found;
  const options = resolveOptions(scenario, settings);
  const common = {
    scenario: scenario.name,
    file: found.file ?? null,
    smoke: settings.smoke ?? false,
    threads,
    executor,
    options,
    init: settings.init === undefined ? null : checkedInit(settings.init),
    started: new Date().toISOString(),
    versions: describeVersions(),
    machine: describeMachine(),
    commit: commitOf(process.cwd()) ?? null,
  };
  const several = seeds.length > 1;
  const folder = makeRunFolder(runs, scenario.name, several ? `${seeds.length}-seeds` : `seed${seeds[0]}`);
  const info: RunInfo | SeedsInfo = several
    ? { kind: 'seeds', ...common, seeds: [...seeds] }
    : { kind: 'run', ...common, seed: seeds[0] };
  writeRunInfo(folder, info);
  return several
    ? playSeeds(scenario, info as SeedsInfo, folder, surroundings)
    : playFolder(scenario, info as RunInfo, folder, surroundings);
}

/**
 * Goes on with a run from its last checkpoint, to the bits of a run that was never stopped. A finished run is given
 * back as it is.
 */
export async function resumeRun(
  folder: string,
  surroundings: Surroundings,
  named?: string,
): Promise<Outcome> {
  const info = readRunInfo(folder);
  const { scenario } = await findScenario(info.file ?? info.scenario);
  if (named !== undefined) await sameScenario(named, info, folder);
  warnOfVersions(info, surroundings);
  return info.kind === 'seeds'
    ? playSeeds(scenario, info, folder, surroundings)
    : playFolder(scenario, info, folder, surroundings);
}

async function sameScenario(named: string, info: RunInfo | SeedsInfo, folder: string): Promise<void> {
  const { scenario, file } = await findScenario(named);
  if (scenario.name === info.scenario && (file ?? null) === info.file) return;
  throw usageError(`--resume ${folder}: a run of ${info.scenario}, expected one of ${named}`);
}

async function playSeeds(
  scenario: Scenario,
  info: SeedsInfo,
  folder: string,
  surroundings: Surroundings,
): Promise<Outcome> {
  return locked(folder, () => playEachSeed(scenario, info, folder, surroundings));
}

async function playEachSeed(
  scenario: Scenario,
  info: SeedsInfo,
  folder: string,
  surroundings: Surroundings,
): Promise<Outcome> {
  removeParts(folder);
  const summaries: Summary[] = [];
  for (const [index, seed] of info.seeds.entries()) {
    const before = summaries.at(-1);
    if (before && surroundings.signal.aborted) return { status: 'interrupted', folder, step: before.steps };
    const own = join(folder, seedFolder(seed));
    const { seeds: _, ...common } = info;
    const one: RunInfo = { ...common, kind: 'run', seed };
    if (!existsSync(join(own, 'run.json'))) writeRunInfo(makeSeedFolder(folder, seed), one);
    const outcome = await playFolder(scenario, one, own, surroundings, index, info.seeds.length).catch(
      error => {
        if (!(error instanceof RunFailed)) throw error;
        throw new RunFailed(error.message, folder, error.saved, error.cause); // the other seeds wait in our folder
      },
    );
    if (outcome.status === 'interrupted') return { ...outcome, folder };
    summaries.push(outcome.summary);
  }
  const summary = await concludeSeeds(scenario, folder, summaries);
  return { status: 'finished', folder, summary };
}

async function playFolder(
  scenario: Scenario,
  info: RunInfo,
  folder: string,
  surroundings: Surroundings,
  index = 0,
  count = 1,
): Promise<Outcome> {
  return locked(folder, async () => {
    const options = parseOrThrow(scenario.options, info.options, join(folder, 'run.json'));
    const from = lastCheckpoint(folder, info, surroundings);
    for (const place of [folder, join(folder, 'policy')]) removeParts(place);
    if (from) tidyCheckpoints(from);
    const run = { scenario, options, info, folder, from, index, count };
    try {
      return { status: 'finished', folder, summary: await playOne(run, surroundings) };
    } catch (error) {
      if (error instanceof Interrupted) return { status: 'interrupted', folder, step: error.step };
      throw error;
    }
  });
}

/** Works on a folder that nobody else works on. Of one that is finished nothing is touched: it may be read-only. */
async function locked(folder: string, work: () => Promise<Outcome>): Promise<Outcome> {
  if (isFinished(folder)) return finishedBefore(folder);
  const release = lockRun(folder);
  try {
    // Whoever had it may have finished it while we came.
    return isFinished(folder) ? await finishedBefore(folder) : await work();
  } finally {
    release();
  }
}

/** A run may have been killed between its summary, which ends it, and its report, or before it gave its folder back. */
async function finishedBefore(folder: string): Promise<Outcome> {
  const summary = readSummary(folder);
  if (!existsSync(join(folder, 'report.html'))) await writeReport(folder, summary);
  if (isLocked(folder)) tidyFinished(folder);
  return { status: 'finished', folder, summary, before: true };
}

function tidyFinished(folder: string): void {
  try {
    const release = lockRun(folder);
    removeParts(folder);
    release();
  } catch {
    // Whoever finished it is still there, or it is read-only: it is as good as it is.
  }
}

/** The newest checkpoint that is whole. @throws where the run has some, but none of them is */
function lastCheckpoint(folder: string, info: RunInfo, { view }: Surroundings): Checkpoint | undefined {
  const { scenario, seed, started } = info;
  return latestCheckpoint(folder, { run: { scenario, seed, started }, report: line => view.warning(line) });
}

/** Exactness holds for the same versions: anything else still runs, but is said. */
function warnOfVersions(info: RunInfo | SeedsInfo, { view }: Surroundings): void {
  const now = describeVersions();
  const changed = Object.keys(now).filter(name => info.versions[name] !== now[name]);
  if (changed.length === 0) return;
  const list = changed.map(name => `${name} ${info.versions[name] ?? 'unknown'} → ${now[name]}`).join(', ');
  view.warning(`made with other versions (${list}): the rest of the run may differ in its bits`);
}

function checkedInit(init: string): string {
  readSingleRun(init);
  const policy = join(init, 'policy');
  if (!existsSync(policy) || readdirSync(policy).length === 0) {
    throw usageError(`--init ${init}: this run has not saved a policy yet, expected a finished run`);
  }
  return resolve(init);
}
