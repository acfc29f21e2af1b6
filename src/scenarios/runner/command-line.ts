import { isAbsolute, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Scenario } from '../contract.ts';
import type { RunInfo, SeedsInfo } from './folder.ts';
import { parseSetting } from './options.ts';
import { defaultsOf, fieldsOf, isPlain, merge } from './schema.ts';

/** `--threads` where it is not given: the same on every machine, so that the same command gives the same run. */
export const defaultThreads = 2;

/**
 * What starts a run like this one again, to be typed in a shell: scenario or file, seeds, and every setting that is not
 * its default.
 * @param info the run's `run.json`
 * @param smoke `false`: the run of a smoke run's settings at full size. Default: as the run was.
 */
export function commandLine(
  scenario: Pick<Scenario, 'name' | 'options' | 'smoke'>,
  info: RunInfo | SeedsInfo,
  smoke = info.smoke,
): string {
  const words = [
    'npx troupe run',
    info.file === null ? info.scenario : placeOf(info.file),
    ...(info.kind === 'seeds' ? ['--seeds', seedsText(info.seeds)] : ['--seed', `${info.seed}`]),
    ...(smoke ? ['--smoke'] : []),
    ...changedSettings(scenario, info).flatMap(change => ['--set', change]),
    ...(info.threads === defaultThreads ? [] : ['--threads', `${info.threads}`]),
    ...(info.executor === 'auto' ? [] : ['--executor', info.executor]),
    ...(info.init === null ? [] : ['--init', placeOf(info.init)]),
  ];
  return [words[0], ...words.slice(1).map(shellWord)].join(' ');
}

/** Every option that is not its default (or what `--smoke` makes of it), as `--set` takes it. */
export function changedSettings(
  scenario: Pick<Scenario, 'name' | 'options' | 'smoke'>,
  { smoke, options }: Pick<RunInfo, 'smoke' | 'options'>,
): string[] {
  const defaults = merge(defaultsOf(scenario.options), smoke ? scenario.smoke : {});
  return changes(scenario, scenario.options, defaults, options);
}

/** A path as one would type it here. */
export function placeOf(path: string): string {
  const here = relative(process.cwd(), path);
  if (here.startsWith('..') || isAbsolute(here)) return path;
  return `./${here}`;
}

/** A lone seed is given a comma: `--seeds 3` would be the seeds 1 to 3. */
const seedsText = (seeds: readonly number[]): string => `${seeds.join(',')}${seeds.length === 1 ? ',' : ''}`;

/** Every option that differs, as `--set` takes it. */
function changes(
  scenario: Pick<Scenario, 'name' | 'options'>,
  schema: z.ZodType,
  before: unknown,
  now: unknown,
  path = '',
): string[] {
  const fields = fieldsOf(schema);
  if (fields && isPlain(now)) {
    const inner = isPlain(before) ? before : {};
    return Object.entries(fields)
      .filter(([key]) => Object.hasOwn(now, key))
      .flatMap(([key, field]) =>
        changes(scenario, field, inner[key], now[key], path === '' ? key : `${path}.${key}`),
      );
  }
  if (isDeepStrictEqual(before, now)) return [];
  const texts = settingTexts(now).map(text => `${path}=${text}`);
  return [texts.find(text => readsAs(scenario, text, now)) ?? (texts.at(-1) as string)];
}

/** The ways to write a value, the plainest first: `64,64` needs no quotes in a shell, `[64,64]` does. */
function settingTexts(value: unknown): string[] {
  const plain = typeof value === 'string' ? [value] : Array.isArray(value) ? [value.join(',')] : [];
  return [...plain, JSON.stringify(value)];
}

function readsAs(scenario: Pick<Scenario, 'name' | 'options'>, text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(parseSetting(scenario, text).value, value);
  } catch {
    return false;
  }
}

/** A word that a shell takes as it stands. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
