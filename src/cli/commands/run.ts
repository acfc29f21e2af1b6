import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { usageError } from '../../core/errors.ts';
import { formatSummary, type Summary } from '../../report/summary.ts';
import { catalog } from '../../scenarios/catalog.ts';
import { commandLine, shellWord } from '../../scenarios/runner/command-line.ts';
import { findScenario } from '../../scenarios/runner/find.ts';
import { readRunInfo } from '../../scenarios/runner/folder.ts';
import { RunFailed, reportOf, type Surroundings } from '../../scenarios/runner/run.ts';
import { type Outcome, resumeRun, startRun } from '../../scenarios/runner/start.ts';
import { seedList, threadCount, wholeNumber } from '../arguments.ts';
import { executorNamed } from '../executor.ts';
import type { Io } from '../io.ts';
import { finalLines } from '../screen/final.ts';
import { optionLines } from '../screen/options.ts';
import { RunScreen } from '../screen/run-screen.ts';
import { attend } from '../screen/screen.ts';
import { styleFor } from '../screen/style.ts';

export interface RunOptions {
  readonly seed?: string;
  readonly seeds?: string;
  readonly smoke?: boolean;
  readonly set: readonly string[];
  readonly threads?: string;
  readonly executor?: string;
  readonly runs?: string;
  readonly resume?: string;
  readonly init?: string;
  readonly json?: boolean;
  readonly check?: boolean;
}

export async function run(name: string | undefined, options: RunOptions, io: Io): Promise<number> {
  const terminal = options.json ? io.stderr : io.stdout;
  const screen = new RunScreen(terminal, io);
  const attention = attend(screen, io, 'Stopping at the next barrier, to save there.');
  const surroundings: Surroundings = { view: screen, signal: attention.signal, probe: timing(io) };
  try {
    const outcome = await play(name, options, surroundings);
    screen.stop();
    return await conclude(outcome, options, screen, io);
  } catch (error) {
    screen.stop();
    if (error instanceof RunFailed && error.kind !== 'usage') {
      screen.print('');
      screen.say(wayOn(error));
      screen.print(`\n  ${resumeCommand(error.folder)}\n`);
    }
    throw error;
  } finally {
    attention.release();
  }
}

function play(name: string | undefined, options: RunOptions, surroundings: Surroundings): Promise<Outcome> {
  return options.resume === undefined
    ? start(name, options, surroundings)
    : resume(name, options.resume, options, surroundings);
}

async function start(name: string | undefined, options: RunOptions, surroundings: Surroundings) {
  if (name === undefined) {
    const names = catalog.map(entry => entry.name).join(', ');
    throw usageError(`run: which scenario? expected ${names}, or a file (.ts, .js)`);
  }
  if (options.seed !== undefined && options.seeds !== undefined) {
    throw usageError('--seed and --seeds: expected one of them');
  }
  const seeds =
    options.seeds === undefined ? [wholeNumber(options.seed ?? '1', '--seed', 0)] : seedList(options.seeds);
  const { runs = 'runs', smoke = false, set, init } = options;
  const threads = threadCount(options.threads);
  const executor = await executorNamed(options.executor);
  const found = await findScenario(name);
  return startRun({ found, seeds, smoke, set, threads, executor, runs, init }, surroundings);
}

/** A resumed run goes on as it was started: what would change it is refused rather than ignored. */
async function resume(
  name: string | undefined,
  folder: string,
  options: RunOptions,
  surroundings: Surroundings,
) {
  const { seed, seeds, smoke, threads, executor, runs, init } = options;
  const given = Object.entries({ seed, seeds, smoke, threads, executor, runs, init })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => `--${key}`);
  if (options.set.length > 0) given.push('--set');
  if (given.length > 0) {
    throw usageError(
      `--resume ${folder}: goes on with the run's own settings, expected no ${given.join(', ')}`,
    );
  }
  return resumeRun(folder, surroundings, name);
}

async function conclude(outcome: Outcome, options: RunOptions, screen: RunScreen, io: Io): Promise<number> {
  const folder = relative(process.cwd(), outcome.folder) || outcome.folder;
  if (outcome.status === 'interrupted') {
    const at = outcome.step.toLocaleString('en-US');
    screen.print('');
    screen.say(`Interrupted, and saved at step ${at}. To go on from there:`);
    screen.print(`\n  ${resumeCommand(folder)}\n`);
    return 130;
  }
  const { summary } = outcome;
  const { smoke } = readRunInfo(folder);
  const report = relative(process.cwd(), reportOf(resolve(folder)));
  if (outcome.before) {
    screen.print('');
    screen.say(`${folder} is finished: there is nothing left to resume.`);
  }
  const next = await nextCommand(folder, summary);
  for (const line of finalLines({ summary, report, smoke, next }, screen.style, screen.columns))
    screen.print(line);
  if (options.json) io.stdout.write(`${formatSummary(summary)}\n`);
  return options.check && !summary.passed ? 3 : 0;
}

const wayOn = ({ saved }: RunFailed): string =>
  saved === undefined
    ? 'Nothing was saved yet. To start it again, to the same bits:'
    : `Saved at step ${saved.toLocaleString('en-US')}. To go on from there:`;

/** After a smoke run the real one; after a real one a closer look at what it left. */
async function nextCommand(folder: string, summary: Summary): Promise<string | undefined> {
  const info = readRunInfo(folder);
  if (info.smoke) {
    const { scenario } = await findScenario(info.file ?? info.scenario);
    return commandLine(scenario, info, false);
  }
  const run = join(folder, summary.runs?.[0].folder ?? '');
  if (existsSync(join(run, 'policy'))) return `npx troupe evaluate ${shellWord(run)}`;
  return existsSync(join(run, 'language-model'))
    ? `npx troupe generate ${shellWord(run)} --prompt "once more"`
    : undefined;
}

const resumeCommand = (folder: string): string =>
  `npx troupe run --resume ${shellWord(relative(process.cwd(), folder) || folder)}`;

/** `troupe run --help`, and behind it the options of the scenario, if one is named. */
export async function runHelp(command: Command, name: string | undefined, io: Io): Promise<number> {
  io.stdout.write(command.helpInformation());
  if (name === undefined) {
    io.stdout.write('\nThe options of a scenario: troupe run <scenario> --help\n');
    return 0;
  }
  const { scenario } = await findScenario(name);
  for (const line of optionLines(scenario, styleFor(io.stdout, io), io.stdout.columns))
    io.stdout.write(`${line}\n`);
  return 0;
}

/** Seconds of a run from which on its machine is timed: that takes half a second more. */
const WORTH_TIMING = 20;

const timing = (io: Io) => async (seconds: number) => (seconds < WORTH_TIMING ? {} : io.probe());
