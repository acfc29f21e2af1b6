import { Subject } from 'rxjs';
import { type Clock, systemClock } from '../../core/clock.ts';
import { asError, parseOrThrow, TroupeError, usageError } from '../../core/errors.ts';
import { described } from '../../core/places.ts';
import { Random } from '../../core/random.ts';
import type {
  LinkMetrics,
  LinkOptions,
  Placement,
  Ports,
  SpawnOptions,
  System,
  SystemEvent,
  SystemOptions,
} from '../contract.ts';
import type { AnyDefinition } from './actor.ts';
import { Copy, type CopySpec } from './copy.ts';
import { portsOf } from './define.ts';
import { Graph } from './graph.ts';
import { makeHandle } from './handle.ts';
import { parseSpawnOptions } from './options.ts';
import { Seat } from './seats.ts';
import { MainThread, WorkerThread } from './threads.ts';
import { beatEvery, type Limits, Watchdog } from './watchdog.ts';

/** Milliseconds that an actor may take to look up, and then to end, before its thread is ended for it. */
const haltTakes = 30_000;
const stopTakes = 60_000;

/**
 * Starts a system of actors, supervised from this thread. A program starts systems, on its main thread or on a worker of
 * its own; an actor may not, and works in the one that it is in. So a module whose top level starts a system must not
 * define actors or environments: every thread would import it and start another system.
 * @throws RangeError if the seed is not a safe integer
 * @throws TroupeError (usage) on a thread of another system
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  if ('troupeThread' in globalThis) {
    throw usageError(
      'startSystem: called on a thread of a system, which imports each module that defines one of its actors or ' +
        'environments: start systems in a module that defines none, or only where isMainThread (node:worker_threads)',
    );
  }
  return new RunningSystem(options) as unknown as System;
}

class RunningSystem {
  readonly seed: number;
  readonly random: Random;
  readonly clock: Clock;
  readonly failed: Promise<never>;
  readonly #events = new Subject<SystemEvent>();
  readonly events = this.#events.asObservable();
  readonly #onFailure: SystemOptions['onFailure'];
  readonly #copies = new Map<string, Copy>();
  readonly #names = new Set<string>();
  readonly #watchdog = new Watchdog();
  readonly #mainSeat: Seat;
  readonly #graph: Graph;
  /** Threads that actors share, by name. */
  readonly #shared = new Map<string, Seat>();
  /** Links that are being made known to their threads. */
  readonly #wiring = new Map<Promise<void>, Copy>();
  #reject: (error: Error) => void = () => {};
  #failure: Error | undefined;
  #stopping: Promise<void> | undefined;

  constructor({ seed, clock = systemClock, onFailure }: SystemOptions) {
    this.seed = seed;
    this.random = Random.fromSeed(seed);
    this.clock = clock;
    this.#onFailure = onFailure;
    this.failed = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.failed.catch(() => {}); // nobody has to watch it
    const definitionOf = (name: string): AnyDefinition => this.#copies.get(name)!.spec.definition;
    this.#mainSeat = this.#newSeat(seat => new MainThread(clock, seat, definitionOf));
    this.#graph = new Graph(this.#mainSeat);
  }

  async spawn(definition: AnyDefinition, config: unknown, options: SpawnOptions = {}): Promise<unknown> {
    this.#mustRun('spawn');
    const given = parseSpawnOptions(options, options.name ?? definition.name);
    const { name = definition.name, on, copies: count = 1, restarts, startWithin, deadline } = given;
    const group = given.copies !== undefined;
    if (given.restore && given.restore.length !== count) {
      throw usageError(`spawn ${name}: restore: expected ${count} snapshots, got ${given.restore.length}`);
    }
    const parsed = parseOrThrow(definition.config, config, `actor ${name}: config`);
    const inputs = portsOf(definition.inputs, parsed);
    const outputs = portsOf(definition.outputs, parsed);
    const limits = { hangAfter: given.hangAfter, memory: given.memory };
    const free = this.#takeNames(name, group ? count : undefined);
    const copies: Copy[] = [];
    try {
      for (let index = 0; index < count; index++) {
        const spec: CopySpec = {
          name: group ? `${name}/${index}` : name,
          index,
          copies: count,
          definition,
          config,
          seed: this.seed,
          restarts,
          startWithin,
          limits,
          outputs: Object.keys(outputs),
        };
        const seat = this.#seatFor(on, spec.name, limits);
        const copy = new Copy(spec, seat, options.restore?.[index], this);
        this.#copies.set(copy.name, copy);
        copies.push(copy);
      }
      const started = await Promise.allSettled(copies.map(copy => copy.start()));
      const failed = started.find(result => result.status === 'rejected');
      this.#mustRun(`spawn ${name}`);
      if (failed) throw failed.reason;
      return this.#handle(name, group, copies, {
        methods: methodsOf(started[0]),
        inputs,
        outputs,
        deadline,
        free,
      });
    } catch (error) {
      await this.#stopCopies(copies);
      free();
      throw error;
    }
  }

  /** @returns gives the names of an actor or group, and of its copies, free again. @throws if one is taken */
  #takeNames(name: string, copies: number | undefined): () => void {
    const names = [name, ...Array.from({ length: copies ?? 0 }, (_, index) => `${name}/${index}`)];
    const taken = names.find(other => this.#names.has(other));
    if (taken !== undefined) {
      throw usageError(`spawn ${name}: there is an actor of that name (${taken}); give it another`);
    }
    for (const each of names) this.#names.add(each);
    return () => {
      for (const each of names) {
        this.#names.delete(each);
        this.#copies.delete(each);
      }
    };
  }

  #handle(
    name: string,
    group: boolean,
    copies: readonly Copy[],
    parts: {
      methods: readonly string[];
      inputs: Ports;
      outputs: Ports;
      deadline: number;
      free(): void;
    },
  ): unknown {
    const { deadline, free, ...rest } = parts;
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await this.#stopCopies(copies);
      this.#graph.forget(copies);
      free();
    };
    return makeHandle({
      ...rest,
      name,
      group,
      copies,
      graph: this.#graph,
      ask: (copy, method, args) =>
        this.#inTime(deadline, `${copy.name}.${method}`, async () => {
          if (this.#wiring.size > 0) await this.#wired();
          return await copy.call(method, args);
        }),
      // Once: another actor may have the name by the second time.
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    });
  }

  link(from: object, to: object, options: LinkOptions = {}): void {
    this.#mustRun('link');
    this.#graph.link(from, to, options);
  }

  links(): LinkMetrics[] {
    return this.#graph.metrics(this.#copies.values());
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  // ── What copies report ────────────────────────────────────────────────────────────────────────────────────────────

  wiring(copy: Copy, done: Promise<void>): void {
    this.#wiring.set(done, copy);
    done.then(() => this.#wiring.delete(done));
  }

  restarted(copy: Copy, reason: string): void {
    this.#events.next({ type: 'restarted', actor: copy.name, reason, restarts: copy.restarts });
  }

  beyondBudget(copy: Copy, error: TroupeError): void {
    if (this.#failure || this.#stopping) return;
    this.#failure = error;
    this.#events.next({ type: 'failed', actor: copy.name, error });
    this.#fail(error);
  }

  async #fail(error: Error): Promise<void> {
    try {
      await this.#onFailure?.(error);
    } catch (thrown) {
      error.message += ` (and saving failed: ${asError(thrown).message})`;
    }
    await this.stop();
    this.#reject(error);
  }

  // ── Ends ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #stopAll(): Promise<void> {
    await this.#stopCopies([...this.#copies.values()]);
    this.#watchdog.stop();
    this.#events.complete();
  }

  /** All are told first; then they end, producers before their consumers, each handling what waits in its inputs. */
  async #stopCopies(all: readonly Copy[]): Promise<void> {
    const copies = this.#graph.producersFirst(all);
    const halted = await Promise.all(copies.map(copy => this.#end(copy, haltTakes, () => copy.halt())));
    const leaving: Promise<void>[] = [];
    for (const [i, copy] of copies.entries()) {
      if (halted[i]) await this.#end(copy, stopTakes, () => copy.stop());
      leaving.push(
        copy.leave().then(unclean => {
          if (unclean) this.#warned(copy.name, unclean);
        }),
      );
    }
    await this.#graph.completeObservers();
    await Promise.all(leaving);
    for (const copy of copies) {
      if (copy.seat.copies.size === 0) this.#watchdog.forget(copy.seat);
    }
  }

  /**
   * What is called after a link was made finds it in place, whichever thread it sets to work; except on threads that
   * stand still, which may be waiting for the very call.
   */
  async #wired(): Promise<void> {
    for (;;) {
      const open = [...this.#wiring].filter(([, { seat }]) => !seat.standsStill).map(([done]) => done);
      if (open.length === 0) return;
      await Promise.race([Promise.all(open), new Promise(resolve => setTimeout(resolve, 5))]);
    }
  }

  async #end(copy: Copy, ms: number, step: () => Promise<void>): Promise<boolean> {
    try {
      await this.#inTime(ms, `${copy.name}: stop`, step, systemClock);
      return true;
    } catch (error) {
      this.#warned(copy.name, described(error));
      return false;
    }
  }

  async #inTime<T>(ms: number, what: string, work: () => Promise<T>, clock = this.clock): Promise<T> {
    let cancel = (): void => {};
    const late = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(ms, () => reject(new TroupeError(`${what}: no answer within ${ms} ms`)));
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      cancel();
    }
  }

  // ── Threads ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #seatFor(on: Placement, name: string, limits: Limits): Seat {
    if (on === 'main') return this.#mainSeat;
    if (on !== 'worker') {
      const thread = on === 'tensors' ? on : on.thread;
      const shared =
        this.#shared.get(thread) ??
        this.#newSeat(seat => new WorkerThread(thread, beatEvery(limits), undefined, seat));
      this.#shared.set(thread, shared);
      this.#watchdog.watch(shared);
      return shared;
    }
    const seat = this.#newSeat(watcher => new WorkerThread(name, beatEvery(limits), limits.memory, watcher));
    this.#watchdog.watch(seat);
    return seat;
  }

  #newSeat(make: (seat: Seat) => MainThread | WorkerThread): Seat {
    return new Seat(
      watcher => make(watcher as Seat),
      (actor, message) => this.#warned(actor, message),
    );
  }

  #warned(actor: string, message: string): void {
    this.#events.next({ type: 'warning', actor, message });
  }

  #mustRun(what: string): void {
    if (this.#failure) throw new TroupeError(`${what}: the system has failed`, { cause: this.#failure });
    if (this.#stopping) throw usageError(`${what}: the system has been stopped`);
  }
}

const methodsOf = (started: PromiseSettledResult<readonly string[]>): readonly string[] =>
  (started as PromiseFulfilledResult<readonly string[]>).value;
