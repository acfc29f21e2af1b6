import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { discard, makeInner, writeFlushed } from '../../core/files.ts';

const holder = z.object({ pid: z.number().int(), host: z.string(), since: z.string() });
type Holder = z.output<typeof holder>;

/** The claims of this process: after a restart in a container another process may have had our number. */
const ours = new Set<string>();

/**
 * Takes a run's folder for this process: a folder `run.lock` in it, with a file that says whose it is. That of a
 * process which died is taken over.
 * @returns a function that gives the folder back
 * @throws a usage error that names the process which has it, or where nothing can be written
 */
export function lockRun(folder: string): () => void {
  const lock = lockOf(folder);
  const claim = `${randomUUID()}.json`;
  try {
    for (let left = ATTEMPTS; !taken(lock, claim, left); left--) clear(lock, folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    throw usageError(`${folder}: cannot write there (${code}), expected a folder that can be written`, error);
  }
  ours.add(claim);
  return () => {
    ours.delete(claim);
    discard(join(lock, claim));
    removeEmpty(lock);
  };
}

/** Whether somebody has a run's folder, or died with it. */
export const isLocked = (folder: string): boolean => existsSync(lockOf(folder));

const lockOf = (folder: string): string => join(folder, 'run.lock');

/** Others that come and go may be in the way; what is still there after so many looks is not another process. */
const ATTEMPTS = 100;

/**
 * Puts a folder with our claim where the lock is to be: of all that try it at once, one succeeds, since no folder takes
 * the place of one that holds something.
 */
function taken(lock: string, claim: string, attemptsLeft: number): boolean {
  const aside = `${lock}.${process.pid}.part`;
  const mine: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    discard(aside);
    makeInner(aside);
    writeFlushed(join(aside, claim), Buffer.from(`${JSON.stringify(mine)}\n`));
    renameSync(aside, lock);
    return true;
  } catch (error) {
    discard(aside);
    // EPERM: Windows, for any folder that is there. ENOENT: tidied away by the one that was quicker.
    const inTheWay = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(codeOf(error));
    if (inTheWay && attemptsLeft > 0) return false;
    throw error;
  }
}

/** Removes the claims of processes that died. @throws where one lives: a claim's own name is never taken for another's */
function clear(lock: string, folder: string): void {
  for (const name of namesIn(lock)) {
    const other = readHolder(join(lock, name));
    if (other && !hasDied(other, name)) {
      const { pid, host, since } = other;
      throw usageError(
        `${folder}: process ${pid} on ${host} has been running it since ${since}, expected a run that nobody runs (if that process is another one, remove ${basename(lock)})`,
      );
    }
    rmSync(join(lock, name), { force: true });
  }
  removeEmpty(lock);
}

/** Leaves a folder that somebody has claimed by now. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, or gone.
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** `undefined` where it is gone by now, or is no claim of ours. */
function readHolder(path: string): Holder | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Only of a process on this machine can that be known. */
function hasDied({ pid, host }: Holder, claim: string): boolean {
  if (host !== hostname()) return false;
  if (pid === process.pid) return !ours.has(claim);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
