import { Worker, type WorkerOptions } from 'node:worker_threads';
import { freeDeviceLockAtExit, offerDeviceLock } from '../../core/device-lock.ts';
import { withGate } from '../../core/native-calls.ts';

/** Flags that Node refused a worker: those of the whole process. They hold on its every thread as it is. */
const processWide = new Set<string>();

/**
 * Starts a worker under the flags of this process, so far as they mean something in one. It is to be ended by
 * `endWorker`.
 */
export function startWorker(entry: URL, options: Omit<WorkerOptions, 'execArgv'>): Worker {
  offerDeviceLock();
  for (;;) {
    const execArgv = workerFlags(process.execArgv, processWide);
    try {
      const worker = withGate(() => new Worker(entry, { ...options, execArgv }));
      freeDeviceLockAtExit(worker);
      return worker;
    } catch (error) {
      const refused = refusedFlags(error, execArgv);
      if (refused.length === 0) throw error;
      for (const flag of refused) processWide.add(flag);
    }
  }
}

/**
 * The flags of a process that a worker is given.
 * @param without flags that it is not given, beside those that say which program to run
 */
export function workerFlags(flags: readonly string[], without: ReadonlySet<string> = new Set()): string[] {
  const kept: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    if (/^(-e|--eval|-p|--print|-pe)$/.test(flags[i])) i++;
    else if (
      !without.has(flags[i]) &&
      !/^(-i|--interactive|--input-type|--test|--watch|-c|--check)\b/.test(flags[i])
    )
      kept.push(flags[i]);
    // Its value, where that stands by itself, would pass for the name of a script, and end the flags.
    else if (i + 1 < flags.length && !flags[i + 1].startsWith('-')) i++;
  }
  return kept;
}

/**
 * What Node found wrong with the flags of a worker; no list of Node's tells beforehand. (`process.
 * allowedNodeEnvironmentFlags` holds flags of the process, V8's among them, and of threads alike.) All of them, where it
 * does not name one as it was given.
 */
function refusedFlags(error: unknown, flags: readonly string[]): readonly string[] {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') return [];
  const listed = `, ${message.slice(message.indexOf(': ') + 2)}, `;
  const named = flags.filter(flag => listed.includes(`, ${flag}, `));
  return named.length > 0 ? named : flags;
}
