import type { Clock } from '../core/clock.ts';
import { systemClock } from '../core/clock.ts';

/** Where text goes. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What the command has from the outside world, given so that tests can give something else. */
export interface Io {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Calls `handler` at every Ctrl-C (or SIGTERM). @returns a function that takes it off again */
  onInterrupt(handler: () => void): () => void;
  /** Leaves the process at once. */
  quit(code: number): void;
  /** Times the machine. */
  probe(): Promise<Readonly<Record<string, number>>>;
}

export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: systemClock,
  onInterrupt(handler) {
    process.on('SIGINT', handler);
    process.on('SIGTERM', handler);
    return () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    };
  },
  quit: code => process.exit(code),
  probe: async () => (await import('../bench/probe.ts')).probe(),
};
