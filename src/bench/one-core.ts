import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a command is held to one core of this machine. */
export interface OneCore {
  /** What goes before the command. */
  readonly before: readonly string[];
  /** For the notes. */
  readonly what: string;
}

/**
 * The first core that this process may use, by `taskset`, which inherits to all threads and children. Where there is no
 * `taskset` (macOS, Windows), nothing is held, and `what` says so.
 */
export function oneCore(): OneCore {
  try {
    const [, first] = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    execFileSync('taskset', ['-c', first, 'true'], { stdio: 'ignore' });
    return { before: ['taskset', '-c', first], what: `everyone on core ${first} alone (taskset)` };
  } catch {
    return { before: [], what: 'not held to one core: there is no taskset here' };
  }
}
