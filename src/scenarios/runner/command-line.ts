import { isAbsolute, relative } from 'node:path';
import type { Scenario } from '../contract.ts';
import type { RunInfo, SeedsInfo } from './folder.ts';
import { defaultsOf, isPlain, merge } from './schema.ts';

/** `--threads` where it is not given: the same on every machine, so that the same command gives the same run. */
export const defaultThreads = 2;

/**
 * What starts a run like this one again, to be typed in a shell: scenario or file, seeds, and every setting that is not
 * its default.
 * @param info the run's `run.json`
 * @param smoke `false`: the run of a smoke run's settings at full size. Default: as the run was.
 */
export function commandLine(
  { options, smoke: small }: Pick<Scenario, 'options' | 'smoke'>,
  info: RunInfo | SeedsInfo,
  smoke = info.smoke,
): string {
  const defaults = merge(defaultsOf(options), info.smoke ? small : {});
  const words = [
    'npx troupe run',
    info.file === null ? info.scenario : placeOf(info.file),
    ...(info.kind === 'seeds' ? ['--seeds', seedsText(info.seeds)] : ['--seed', `${info.seed}`]),
    ...(smoke ? ['--smoke'] : []),
    ...changes(defaults, info.options).flatMap(change => ['--set', change]),
    ...(info.threads === defaultThreads ? [] : ['--threads', `${info.threads}`]),
    ...(info.executor === 'auto' ? [] : ['--executor', info.executor]),
    ...(info.init === null ? [] : ['--init', placeOf(info.init)]),
  ];
  return [words[0], ...words.slice(1).map(quoted)].join(' ');
}

/** A path as one would type it here. */
export function placeOf(path: string): string {
  const here = relative(process.cwd(), path);
  if (here.startsWith('..') || isAbsolute(here)) return path;
  return `./${here}`;
}

/** A lone seed is given a comma: `--seeds 3` would be the seeds 1 to 3. */
const seedsText = (seeds: readonly number[]): string => `${seeds.join(',')}${seeds.length === 1 ? ',' : ''}`;

/** Every leaf that differs, as `--set` takes it. */
function changes(before: unknown, now: unknown, path = ''): string[] {
  if (isPlain(now)) {
    const inner = isPlain(before) ? before : {};
    return Object.entries(now).flatMap(([key, value]) =>
      changes(inner[key], value, path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(now) ? [] : [`${path}=${settingText(now)}`];
}

function settingText(value: unknown): string {
  if (typeof value === 'string') return value;
  // `64,64` needs no quotes in a shell, `[64,64]` does.
  const flat = Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'number');
  return flat ? value.join(',') : JSON.stringify(value);
}

/** A word that a shell takes as it stands. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
