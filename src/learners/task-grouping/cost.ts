import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { threadId } from 'node:worker_threads';

/** Time that a thread worked. */
export interface Busy {
  readonly thread: number;
  readonly ms: number;
}

/**
 * Starts to measure how long this thread works: its CPU time where the system tells it (Linux), else wall time less the time in
 * which its event loop had nothing to do. It counts all that shares the thread (other actors of it, messages, streams), and
 * nothing of other threads.
 */
export function startMeter(): () => Busy {
  const cpu = cpuMs();
  if (cpu !== undefined) return () => ({ thread: threadId, ms: (cpuMs() ?? cpu) - cpu });
  const from = performance.eventLoopUtilization();
  return () => ({ thread: threadId, ms: performance.eventLoopUtilization(from).active });
}

/** CPU time of this thread so far; `undefined` where the system does not tell it by thread. */
function cpuMs(): number | undefined {
  try {
    const ms = Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
    return ms > 0 ? ms : undefined;
  } catch {
    return undefined;
  }
}

/** Of several measurements, each thread once: the longest of its own. */
export function busyTime(measured: readonly Busy[]): number {
  const longest = new Map<number, number>();
  for (const { thread, ms } of measured) longest.set(thread, Math.max(ms, longest.get(thread) ?? 0));
  return [...longest.values()].reduce((sum, ms) => sum + ms, 0);
}
