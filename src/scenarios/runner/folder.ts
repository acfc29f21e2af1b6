import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { asError, usageError } from '../../core/errors.ts';
import { makeFolder, readJson, writeFileWhole } from '../../core/files.ts';

const machine = z.object({ cpu: z.string(), cores: z.number(), memory: z.number(), platform: z.string() });

const common = {
  scenario: z.string(),
  /** The user's file that holds the scenario, absolute; `null` for one of ours. */
  file: z.string().nullable(),
  smoke: z.boolean(),
  threads: z.number().int().positive(),
  executor: z.string(),
  options: z.record(z.string(), z.unknown()),
  init: z.string().nullable(),
  started: z.string(),
  versions: z.record(z.string(), z.string()),
  machine,
  commit: z.string().nullable(),
};

/** `run.json` of one run: everything that is needed to do it again. Written before any work. */
export const runInfo = z.object({ ...common, kind: z.literal('run'), seed: z.number().int() });
/** `run.json` of a folder that holds one run a seed, in `seed<n>/`. */
export const seedsInfo = z.object({
  ...common,
  kind: z.literal('seeds'),
  seeds: z.array(z.number().int()).min(1),
});
const anyInfo = z.discriminatedUnion('kind', [runInfo, seedsInfo]);

export type RunInfo = z.output<typeof runInfo>;
export type SeedsInfo = z.output<typeof seedsInfo>;

/**
 * Makes a new folder `<runs>/<scenario>/<time>-<what>`; one that exists is never used again.
 * @param what e.g. `seed1`
 * @throws a usage error where nothing can be written
 */
export function makeRunFolder(runs: string, scenario: string, what: string, now = new Date()): string {
  const parent = join(runs, scenario);
  try {
    makeFolder(parent);
    for (let n = 1; ; n++) {
      const folder = join(parent, `${stamp(now)}-${what}${n === 1 ? '' : `-${n}`}`);
      try {
        mkdirSync(folder);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(
      `--runs ${runs}: cannot write there (${code ?? asError(error).message}), expected a folder that can be written`,
      error,
    );
  }
}

/** `20250131-094512`, local time. */
function stamp(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${date}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

export function writeRunInfo(folder: string, info: RunInfo | SeedsInfo): void {
  writeFileWhole(join(folder, 'run.json'), `${JSON.stringify(info, null, 2)}\n`);
}

/** Reads a run's `run.json`. @throws a usage error where the folder holds no run, or a broken one */
export function readRunInfo(folder: string): RunInfo | SeedsInfo {
  if (!existsSync(folder))
    throw usageError(`${folder}: no such folder, expected a run (runs/<scenario>/<run>)`);
  const path = join(folder, 'run.json');
  const data = readJson(path);
  if (data === undefined) throw usageError(`${folder}: not a run, expected a run.json in it`);
  const info = anyInfo.safeParse(data);
  if (info.success) return info.data;
  const [issue] = info.error.issues;
  throw usageError(
    `${path}: ${issue.path.join('.') || 'content'}: ${issue.message}, expected a run of troupe`,
  );
}

/** As `readRunInfo`, of one run only. */
export function readSingleRun(folder: string): RunInfo {
  const info = readRunInfo(folder);
  if (info.kind === 'run') return info;
  const first = join(folder, seedFolder(info.seeds[0]));
  throw usageError(`${folder}: holds ${info.seeds.length} runs, expected one of them, e.g. ${first}`);
}

export const seedFolder = (seed: number): string => `seed${seed}`;

/** Whether a run has come to its end: its summary is the last thing it writes. */
export const isFinished = (folder: string): boolean => existsSync(join(folder, 'summary.json'));

/** Makes the folder of one seed of several. */
export function makeSeedFolder(parent: string, seed: number): string {
  const folder = join(parent, seedFolder(seed));
  makeFolder(folder);
  return folder;
}
