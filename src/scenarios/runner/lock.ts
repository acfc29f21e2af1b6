import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../core/errors.ts';

const holder = z.object({ pid: z.number().int(), host: z.string(), since: z.string() });
type Holder = z.output<typeof holder>;

/**
 * Takes a run's folder for this process, by a file `run.lock` in it. That of a process which died is taken over.
 * @returns a function that gives the folder back
 * @throws a usage error that names the process which has it
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, 'run.lock');
  const mine: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  while (!written(path, `${JSON.stringify(mine)}\n`)) {
    const other = readHolder(path);
    if (other && !hasDied(other)) {
      const { pid, host, since } = other;
      throw usageError(
        `${folder}: process ${pid} on ${host} has been running it since ${since}, expected a run that nobody runs (if that process is another one, remove run.lock)`,
      );
    }
    rmSync(path, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** @returns false where there is such a file */
function written(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** `undefined` where it is gone by now, or its process was killed while it wrote it. */
function readHolder(path: string): Holder | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Only of a process on this machine can that be known. */
function hasDied({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
