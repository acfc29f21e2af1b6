import type { Clock } from '../core/clock.ts';
import { systemClock } from '../core/clock.ts';

/** Where text goes. */
export interface Terminal {
  write(text: string): unknown;
  /** Whether nobody reads it any more (`troupe generate … | head`). */
  readonly left?: boolean;
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
  /**
   * Hands over what others write to this process's stdout and stderr from now on: scenarios, and actors, whose threads'
   * output passes through here. `stdout` and `stderr` above stay the command's own.
   * @returns a function that puts back what was before
   */
  onPrint(handler: (text: string, stream: 'stdout' | 'stderr') => void): () => void;
  /** Leaves the process at once. */
  quit(code: number): void;
  /** Times the machine. */
  probe(): Promise<Readonly<Record<string, number>>>;
}

/** A stream as it was before `onPrint`. */
export function terminal(stream: NodeJS.WriteStream): Terminal {
  const write = stream.write.bind(stream);
  let left = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    left ||= error.code === 'EPIPE';
  });
  return {
    write: text => write(text),
    get left() {
      return left;
    },
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}

export const processIo: Io = {
  stdout: terminal(process.stdout),
  stderr: terminal(process.stderr),
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
  onPrint(handler) {
    const before = (['stdout', 'stderr'] as const).map(name => {
      const { write } = process[name];
      process[name].write = (data: string | Uint8Array, ...rest: unknown[]) => {
        handler(typeof data === 'string' ? data : Buffer.from(data).toString(), name);
        const done = rest.at(-1);
        if (typeof done === 'function') done();
        return true;
      };
      return () => {
        process[name].write = write;
      };
    });
    return () => {
      for (const putBack of before) putBack();
    };
  },
  quit: code => process.exit(code),
  probe: async () => (await import('../bench/probe.ts')).probe(),
};
