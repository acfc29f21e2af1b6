import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { usageError } from '../../core/errors.ts';
import type { Analysis } from '../../evaluation/contract.ts';
import {
  type CompareOutcome,
  type CompareSettings,
  readArms,
  resumeCompare,
  startCompare,
} from '../../scenarios/compare/index.ts';
import { shellWord } from '../../scenarios/runner/command-line.ts';
import { threadCount, wholeNumber } from '../arguments.ts';
import { executorNamed } from '../executor.ts';
import type { Io } from '../io.ts';
import { compareLines } from '../screen/compare-final.ts';
import { CompareScreen } from '../screen/compare-screen.ts';
import { attend } from '../screen/screen.ts';
import { type DesignOptions, designFor } from './compare-design.ts';

export interface CompareOptions extends DesignOptions {
  readonly set: readonly string[];
  readonly against: readonly string[];
  readonly smoke?: boolean;
  readonly seed?: string;
  readonly threads?: string;
  readonly executor?: string;
  readonly patience?: string;
  readonly runs?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly require?: string;
  readonly export?: string;
  readonly keepRuns?: boolean;
}

/** `troupe compare`: which of several policies, or settings of a scenario, is better, and how sure that is. */
export async function compare(arms: readonly string[], options: CompareOptions, io: Io): Promise<number> {
  const required = requirement(options.require);
  const lanes = options.threads === undefined ? availableParallelism() : threadCount(options.threads);
  const screen = new CompareScreen(options.json ? io.stderr : io.stdout, io);
  const attention = attend(screen, io, 'Stopping where the trials under way can be saved.');
  try {
    const surroundings = { view: screen, signal: attention.signal, lanes };
    const outcome =
      options.resume === undefined
        ? await startCompare(await settingsOf(arms, options), options.runs ?? 'runs', surroundings)
        : await resumeCompare(resumable(arms, options.resume, options), surroundings);
    screen.stop();
    return conclude(outcome, options, required, screen, io);
  } finally {
    screen.stop();
    attention.release();
  }
}

async function settingsOf(texts: readonly string[], options: CompareOptions): Promise<CompareSettings> {
  const { set, against, smoke = false, keepRuns = false } = options;
  const seed = wholeNumber(options.seed ?? '1', '--seed', 0);
  const arms = await readArms({ arms: texts, set, against, smoke });
  const design = designFor(arms, options);
  return {
    kind: 'compare',
    arms,
    design,
    seed,
    executor: await executorNamed(options.executor),
    keepRuns,
    ...(options.patience !== undefined && { patience: wholeNumber(options.patience, '--patience', 1) }),
    exports: exportsOf(options.export),
    command: commandOf(texts, options),
  };
}

/** What is typed to plan the same comparison again: where it goes and what is printed is left out. */
function commandOf(texts: readonly string[], options: CompareOptions): string {
  const { runs: _, json: __, require: ___, ...planned } = options;
  const words = Object.entries(planned).flatMap(([name, value]): string[] => {
    if (value === undefined || value === false) return [];
    if (value === true) return [flagOf(name)];
    return [value].flat().flatMap(each => [flagOf(name), String(each)]);
  });
  return ['npx troupe compare', ...[...texts, ...words].map(shellWord)].join(' ');
}

const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

/** A resumed comparison goes on as it was planned: what would change it is refused rather than ignored. */
function resumable(arms: readonly string[], folder: string, options: CompareOptions): string {
  const free = ['resume', 'threads', 'json', 'require'];
  const given = Object.entries(options)
    .filter(([name, value]) => !free.includes(name) && value !== undefined && !isEmpty(value))
    .map(([name]) => flagOf(name));
  const all = [...arms, ...given];
  if (all.length === 0) return folder;
  throw usageError(
    `--resume ${folder}: goes on with the comparison's own plan, expected no ${all.join(', ')}`,
  );
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

type Requirement = 'better' | 'not-worse' | undefined;

function requirement(text: string | undefined): Requirement {
  if (text === undefined || text === 'better' || text === 'not-worse') return text;
  throw usageError(`--require ${text}: expected better or not-worse`);
}

function exportsOf(text: string | undefined): CompareSettings['exports'] {
  if (text === undefined) return [];
  return text.split(',').map(word => {
    const name = word.trim();
    if (name === 'duckdb' || name === 'parquet' || name === 'csv') return name;
    throw usageError(`--export ${text}: ${name}: expected duckdb, parquet or csv`);
  });
}

function conclude(
  { status, folder, analysis, learningRuns, files }: CompareOutcome,
  options: CompareOptions,
  required: Requirement,
  screen: CompareScreen,
  io: Io,
): number {
  const place = relative(process.cwd(), folder) || folder;
  if (status === 'interrupted') {
    screen.print('');
    const left = `${analysis.trials.toLocaleString('en-US')} trials are in the log`;
    screen.say(`Interrupted, and saved: ${left}. To go on from there:`);
    screen.print(`\n  npx troupe compare --resume ${shellWord(place)}\n`);
    return 130;
  }
  const report = join(place, files.includes('report.html') ? 'report.html' : 'summary.json');
  for (const line of compareLines({ analysis, report }, screen.style, screen.columns)) screen.print(line);
  if (options.json) io.stdout.write(`${JSON.stringify({ folder: place, ...analysis, learningRuns })}\n`);
  return satisfied(analysis, required) ? 0 : 3;
}

/** Whether every arm is what was required of it. */
const satisfied = ({ verdicts }: Analysis, required: Requirement): boolean =>
  required === undefined ||
  verdicts.every(({ standing, notWorse }) =>
    required === 'better' ? standing === 'better' : standing === 'better' || notWorse,
  );
