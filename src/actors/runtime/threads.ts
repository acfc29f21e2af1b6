import { MessageChannel, type Worker } from 'node:worker_threads';
import * as comlink from 'comlink';
import type { Clock } from '../../core/clock.ts';
import { asError, TroupeError } from '../../core/errors.ts';
import { endWorker } from '../../core/native-calls.ts';
import type { AnyDefinition } from './actor.ts';
import { endpointOf } from './endpoint.ts';
import { Host } from './host.ts';
import { poller } from './poller.ts';
import {
  Cell,
  type Command,
  fromWire,
  type Notice,
  type Reply,
  type Results,
  type ThreadData,
  toWire,
} from './protocol.ts';
import { startWorker } from './worker-flags.ts';

/** A thread as the supervisor sees it. */
export interface Thread {
  readonly main: boolean;
  readonly cell: Int32Array;
  handle<C extends Command>(command: C): Promise<Results[C['type']]>;
  /** Ends it when its actors have stopped. @returns whether it ended by itself within `ms`: no handle was left open */
  close(ms: number): Promise<boolean>;
  /** Ends it now; the watcher is told once it is gone. */
  kill(reason: Error): void;
}

export interface ThreadWatcher {
  notice(notice: Notice): void;
  /** The thread ended, and nobody asked it to. */
  gone(reason: Error): void;
}

/** Milliseconds that a killed thread may go on before it must be stuck in native code. */
const stuckAfter = 5000;

export class WorkerThread implements Thread {
  readonly main = false;
  readonly cell = new Int32Array(new SharedArrayBuffer(Cell.words * 4));
  readonly #worker: Worker;
  readonly #watcher: ThreadWatcher;
  readonly #pending = new Set<(reason: Error) => void>();
  readonly #exited: Promise<void>;
  readonly #proxy: comlink.Remote<{ handle(command: Command): Promise<Reply> }>;
  /** Held as long as the thread: Comlink loses calls whose proxy is collected while they are awaited (comlink#692). */
  readonly #handle: (command: Command) => Promise<Reply>;
  #closing = false;
  #released = false;
  #reason: Error | undefined;

  /** @param memory bytes that its heap may take, if limited */
  constructor(name: string, beatEvery: number, memory: number | undefined, watcher: ThreadWatcher) {
    this.#watcher = watcher;
    const { port1: ours, port2: control } = new MessageChannel();
    const own = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const data: ThreadData = {
      cell: this.cell,
      control,
      beatEvery,
      entry: new URL(`./thread.${own}`, import.meta.url).href,
    };
    this.#worker = startWorker(new URL('./bootstrap.js', import.meta.url), {
      name,
      workerData: data,
      transferList: [control],
      ...(memory !== undefined && {
        resourceLimits: { maxOldGenerationSizeMb: heapLimit(memory) },
      }),
    });
    this.#proxy = comlink.wrap(endpointOf(ours));
    this.#handle = this.#proxy.handle as unknown as (command: Command) => Promise<Reply>;
    this.#worker.on('message', (notice: Notice) => watcher.notice(notice));
    this.#worker.on('error', error => {
      this.#reason ??= reasonOf(error);
    });
    const closed = new Promise<void>(resolve => ours.once('close', resolve));
    this.#exited = new Promise(resolve => {
      this.#worker.once('exit', code => {
        this.#release();
        ours.close();
        closed.then(resolve); // it may have closed with its other end, before this
        this.#lost(this.#reason ?? new TroupeError(`its thread ended by itself (exit code ${code})`));
      });
    });
  }

  async handle<C extends Command>(command: C): Promise<Results[C['type']]> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#pending.add(reject);
      poller.touch();
      this.#handle(command)
        .then(resolve, reject)
        .finally(() => this.#pending.delete(reject));
    });
    poller.arrived();
    if (!reply.ok) throw fromWire(reply.error);
    return reply.value as Results[C['type']];
  }

  async close(ms: number): Promise<boolean> {
    this.#closing = true;
    this.#release();
    const ended = await within(ms, this.#exited);
    if (!ended) await endWorker(this.#worker);
    return ended;
  }

  kill(reason: Error): void {
    this.#reason ??= reason;
    void endWorker(this.#worker);
    within(stuckAfter, this.#exited).then(ended => {
      if (!ended) this.#lost(new TroupeError(`${reason.message}; its thread is stuck in native code`));
    });
  }

  /** Has the thread stop listening, so that nothing of ours keeps it alive. */
  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#proxy[comlink.releaseProxy]();
  }

  #lost(reason: Error): void {
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
    if (this.#closing) return;
    this.#closing = true;
    this.#watcher.gone(reason);
  }
}

/** The thread that the system itself runs on. */
export class MainThread implements Thread {
  readonly main = true;
  readonly cell = new Int32Array(Cell.words);
  readonly host: Host;

  constructor(clock: Clock, watcher: ThreadWatcher, definitionOf: (actor: string) => AnyDefinition) {
    this.host = new Host({
      main: true,
      clock,
      beatEvery: 0,
      beat() {},
      blocked() {},
      openHandles: () => [],
      notify: notice => watcher.notice(notice),
      crashed: (actor, error) => watcher.notice({ type: 'crashed', actor, error: toWire(error) }),
      load: async spec => definitionOf(spec.name),
    });
  }

  handle<C extends Command>(command: C): Promise<Results[C['type']]> {
    return this.host.handle(command);
  }

  async close(): Promise<boolean> {
    return true;
  }

  kill(): void {}
}

/** Waits for `event`, at most `ms`. @returns whether it came */
async function within(ms: number, event: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, ms, false);
  });
  const came = await Promise.race([event.then(() => true), late]);
  clearTimeout(timer);
  return came;
}

function reasonOf(error: unknown): Error {
  const { code, name, message } = asError(error) as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new TroupeError('its heap grew beyond its memory budget');
  return new TroupeError(`crashed: ${name === 'Error' ? '' : `${name}: `}${message}`, { cause: error });
}

/** In MiB. A little over the budget, so that the watchdog, which says more, usually comes first. */
const heapLimit = (memory: number): number => Math.ceil(memory / 2 ** 20) + 32;
