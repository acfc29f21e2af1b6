import { availableParallelism } from 'node:os';
import { usageError } from '../core/errors.ts';
import { defaultThreads } from '../scenarios/runner/command-line.ts';

/** A whole number from the command line. */
export function wholeNumber(text: string, name: string, least: number): number {
  const value = /^[-+]?[\d_]+$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw usageError(`${name} ${text}: expected a whole number of at least ${least}`);
}

/** `--threads`. */
export function threadCount(text: string | undefined): number {
  if (text === undefined) return defaultThreads;
  const threads = wholeNumber(text, '--threads', 1);
  const most = Math.max(64, 4 * availableParallelism());
  if (threads > most) throw usageError(`--threads ${threads}: expected at most ${most} on this machine`);
  return threads;
}

/** `5` is the seeds 1 to 5, `1,2,7` is those. */
export function seedList(text: string): number[] {
  if (!text.includes(',')) {
    const count = wholeNumber(text, '--seeds', 1);
    return Array.from({ length: count }, (_, i) => i + 1);
  }
  const seeds = text
    .replace(/,$/, '')
    .split(',')
    .map(item => wholeNumber(item.trim(), '--seeds', 0));
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice === undefined) return seeds;
  throw usageError(`--seeds ${text}: seed ${twice} stands there twice, expected different seeds`);
}
