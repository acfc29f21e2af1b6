import type { Clock } from '../../core/clock.ts';
import { asError, oneLine, TroupeError } from '../../core/errors.ts';
import { described } from '../../core/places.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { RestartBudget } from '../contract.ts';
import type { AnyDefinition } from './actor.ts';
import { isFinal } from './final-error.ts';
import { showValue } from './port-value-error.ts';
import { type ActorSpec, type Command, Counter, type LinkSpec, type Side } from './protocol.ts';
import { closeRing, RingReader, wakeRing } from './ring.ts';
import { readSaved, type SavedRoom } from './saved-state.ts';
import type { Seat } from './seats.ts';
import { slotsFor } from './slots.ts';
import type { Limits } from './watchdog.ts';

export interface CopySpec {
  readonly name: string;
  readonly index: number;
  readonly copies: number;
  readonly definition: AnyDefinition;
  /** As the caller gave it. */
  readonly config: unknown;
  readonly seed: number;
  readonly restarts: RestartBudget;
  /** Milliseconds that `start` may take, in each life. */
  readonly startWithin: number;
  /** What its thread may do, as far as it is this copy's. */
  readonly limits: Limits;
  readonly outputs: readonly string[];
}

/** What a copy needs of the system it is in. */
export interface CopyWatcher {
  readonly clock: Clock;
  /** A link is being made known to the copy's thread. */
  wiring(copy: Copy, done: Promise<void>): void;
  restarted(copy: Copy, reason: string): void;
  /** The copy is past its budget, or cannot be helped by a restart. */
  beyondBudget(copy: Copy, error: TroupeError): void;
}

/** Milliseconds for a thread to end by itself: with nothing left open it will, however slow the machine. */
const grace = 10_000;
const graceWhenBusy = 2000;

interface Attached {
  readonly side: Side;
  readonly port: string;
  readonly link: LinkSpec;
}

/** One copy of an actor over all its lives: where it sits, what it is linked to, what it last saved. */
export class Copy {
  readonly spec: CopySpec;
  readonly seat: Seat;
  /** See `Counter`; shared by all its lives. */
  readonly counters: Int32Array;
  readonly #watcher: CopyWatcher;
  readonly #links = new Map<string, Attached>();
  #state: 'new' | 'starting' | 'running' | 'stopping' | 'gone' = 'new';
  #life: Promise<readonly string[]> = Promise.resolve([]);
  /** What it starts from as long as it has saved nothing. */
  readonly #given: Snapshot | undefined;
  #saved: SavedRoom | undefined;
  #crashes: number[] = [];
  #lives = 0;
  #openHandles: readonly string[] = [];
  /** Ends the wait for a `start` that is under way. */
  #giveUp: (error: Error) => void = () => {};
  restarts = 0;

  constructor(spec: CopySpec, seat: Seat, restored: Snapshot | undefined, watcher: CopyWatcher) {
    this.spec = spec;
    this.seat = seat;
    this.#given = restored;
    this.#watcher = watcher;
    const words = Counter.unlinked + spec.outputs.length;
    this.counters = new Int32Array(new SharedArrayBuffer(words * 4));
    seat.copies.add(this);
  }

  get name(): string {
    return this.spec.name;
  }

  /** Its `start` has not come back yet, so it may be silent for longer. */
  get starting(): boolean {
    return this.#state === 'starting';
  }

  /** Told to end, or ended. */
  get ending(): boolean {
    return this.#state === 'stopping' || this.#state === 'gone';
  }

  /** The first life. @returns the names of the actor's methods. @throws what its start throws, with its name */
  async start(): Promise<readonly string[]> {
    try {
      this.#life = this.#live();
      return await this.#life;
    } catch (thrown) {
      // Where others sit here the thread goes on without it.
      this.seat.present?.handle({ type: 'abandon', actor: this.name }).catch(() => {});
      await this.leave(0);
      const { kind = 'failure' } = asError(thrown) as Error & { kind?: TroupeError['kind'] };
      const message = oneLine(thrown);
      throw new TroupeError(
        message.startsWith(`actor ${this.name}:`) ? message : `actor ${this.name}: start: ${message}`,
        {
          kind,
          cause: thrown,
        },
      );
    }
  }

  savesTo(room: SavedRoom): void {
    this.#saved = room;
  }

  attach(side: Side, port: string, link: LinkSpec): void {
    this.#links.set(`${side} ${link.id}`, { side, port, link });
    if (this.#state !== 'running') return; // the next life finds it
    this.#watcher.wiring(this, this.#tell({ type: 'attach', actor: this.name, side, port, link }));
  }

  detach(side: Side, link: LinkSpec): void {
    if (!this.#links.delete(`${side} ${link.id}`)) return;
    wakeRing(link.memory);
    if (this.#state === 'running') this.#tell({ type: 'detach', actor: this.name, link: link.id });
  }

  /** Calls a method of whichever life answers; waits for a restart that is under way. */
  async call(method: string, args: readonly unknown[]): Promise<unknown> {
    await this.#life;
    if (this.ending) throw new TroupeError(`${this.name}: ${method}: the actor has been stopped`);
    try {
      return await this.seat.thread().handle({ type: 'call', actor: this.name, method, args });
    } catch (thrown) {
      const { kind = 'failure' } = asError(thrown) as Error & { kind?: TroupeError['kind'] };
      throw new TroupeError(`${this.name}.${method}: ${oneLine(thrown)}`, { kind, cause: thrown });
    }
  }

  /**
   * The actor died in whatever way. Restarts it, within its budget.
   * @param charged false if another actor on its thread is to blame
   */
  crashed(reason: Error, charged = true, life = this.#lives): void {
    if (life !== this.#lives || this.#state === 'stopping' || this.#state === 'gone') return;
    if (life <= 1 && this.#state !== 'running') return; // `start` tells its caller
    const now = this.#watcher.clock.now();
    const { times, within } = this.spec.restarts;
    if (charged) this.#crashes = [...this.#crashes.filter(at => now - at < within), now];
    const final = isFinal(reason);
    if (final || this.#crashes.length > times) {
      this.#fail(reason, final);
      return;
    }
    this.restarts++;
    this.#watcher.restarted(this, described(reason));
    this.#life = this.#live();
    const next = this.#lives;
    this.#life.catch(error => this.crashed(asError(error), true, next));
  }

  /** Ends a copy that runs: signal first, so that it stops making work. */
  async halt(): Promise<void> {
    if (this.#state !== 'running' && this.#state !== 'starting') return;
    this.#state = 'stopping';
    Atomics.store(this.counters, Counter.ending, 1);
    for (const { link } of this.#links.values()) wakeRing(link.memory);
    await this.seat.thread().handle({ type: 'halt', actor: this.name });
  }

  /** Handles what waits in its inputs, then ends. */
  async stop(): Promise<void> {
    if (this.#state !== 'stopping') return;
    this.#openHandles = await this.seat.thread().handle({ type: 'stop', actor: this.name });
  }

  /**
   * Leaves its seat for good: producers that still send to it drop.
   * @param ms how long its thread may take to end by itself
   * @returns what kept its thread from ending by itself, if anything did
   */
  async leave(ms = this.#openHandles.length > 0 ? graceWhenBusy : grace): Promise<string | undefined> {
    this.#state = 'gone';
    this.#giveUp(new TroupeError(`actor ${this.name}: stopped while it started`));
    for (const { side, link } of this.#links.values()) {
      if (side === 'input') closeRing(link.memory);
    }
    if (await this.seat.leave(this, ms)) return undefined;
    return `left handles open (${this.#openHandles.join(', ') || 'or never ended'}): its thread was ended for it`;
  }

  async #live(): Promise<readonly string[]> {
    this.#state = 'starting';
    this.#lives++;
    const known = [...this.#links.values()];
    const { name, definition, config, seed, index, copies } = this.spec;
    const actor: ActorSpec = {
      name,
      module: definition.module,
      definition: definition.name,
      config,
      seed,
      index,
      copies,
      restored: this.#saved ? readSaved(this.#saved) : this.#given,
      links: known,
      counters: this.counters,
    };
    const methods = await this.#startInTime(actor);
    if (this.ending) throw new TroupeError(`actor ${name}: stopped while it started`);
    this.#state = 'running';
    for (const attached of this.#links.values()) {
      if (known.includes(attached)) continue;
      this.#watcher.wiring(this, this.#tell({ type: 'attach', actor: name, ...attached }));
    }
    return methods;
  }

  async #startInTime(actor: ActorSpec): Promise<readonly string[]> {
    const { startWithin } = this.spec;
    const restarted = this.#lives > 1;
    let giveUp = (_error: Error): void => {};
    const given = new Promise<never>((_resolve, reject) => {
      giveUp = reject;
    });
    this.#giveUp = giveUp;
    const cancel = this.#watcher.clock.after(startWithin, () => {
      const late = new TroupeError(`not done within ${startWithin} ms (spawn option startWithin)`);
      if (restarted) this.seat.condemn(this, new TroupeError(`start: ${late.message}`));
      // A restarted life that has a thread ends with it, and its start with both.
      if (!restarted || this.seat.present?.main) giveUp(late);
    });
    try {
      return await Promise.race([this.seat.thread().handle({ type: 'start', actor }), given]);
    } finally {
      cancel();
    }
  }

  /** Says something to the present life; should it die meanwhile, the next one is told at its start. */
  async #tell(command: Command): Promise<void> {
    await this.seat
      .thread()
      .handle(command)
      .catch(() => {});
  }

  #fail(reason: Error, final: boolean): void {
    this.leave();
    const { times, within } = this.spec.restarts;
    const why = final
      ? described(reason)
      : `${this.name}: ${described(reason)} (beyond its budget of ${times} restarts in ${within / 1000} s)`;
    const message = `${why}; seed ${this.spec.seed}, last message: ${this.#lastMessage()}`;
    const error = new TroupeError(message, { cause: reason });
    this.#life = Promise.reject(error);
    this.#life.catch(() => {});
    this.#watcher.beyondBudget(this, error);
  }

  /** What it was last given; the value itself where it still stands in its ring. */
  #lastMessage(): string {
    const number = this.counters[Counter.lastMessage];
    const attached = this.#links.get(`input ${this.counters[Counter.lastLink]}`);
    if (!attached) return 'none';
    const { port, link } = attached;
    const slot = new RingReader(link.memory).slotOf(number);
    const value =
      link.carries === 'value' && slot >= 0 && link.memory.slots.length > 0
        ? ` = ${showValue(slotsFor({ port: 'value' }, link.memory.slots).inPlace(slot))}`
        : '';
    return `${port} number ${number}${value} (${link.name})`;
  }
}
