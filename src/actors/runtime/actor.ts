import { asError, parseOrThrow, usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ActorContext, ActorDefinition, Inputs, Methods, Outputs, Ports } from '../contract.ts';
import { portsOf } from './define.ts';
import type { ThreadEnvironment } from './host.ts';
import { type Activity, Inlet } from './inputs.ts';
import type { LocalQueue } from './local.ts';
import { Outlet } from './outputs.ts';
import { type ActorSpec, Counter, type LinkSpec, type Notice, type Side } from './protocol.ts';
import { StateWriter } from './saved-state.ts';

/** Any definition: what is carried is checked where links are made. */
export type AnyDefinition = Omit<ActorDefinition, 'inputs' | 'outputs' | 'start'> & {
  readonly inputs: Ports | ((config: never) => Ports);
  readonly outputs: Ports | ((config: never) => Ports);
  start(context: ActorContext<unknown, Ports, Ports>): Methods | undefined | Promise<Methods | undefined>;
};

/** One running copy of an actor, on the thread where it lives. */
export class HostedActor {
  readonly spec: ActorSpec;
  readonly #definition: AnyDefinition;
  readonly #environment: ThreadEnvironment;
  readonly #config: unknown;
  readonly #inlets: ReadonlyMap<string, Inlet>;
  readonly #outlets: ReadonlyMap<string, Outlet>;
  readonly #controller = new AbortController();
  readonly #saved = new StateWriter(room => this.#notify({ type: 'saved', actor: this.spec.name, room }));
  #methods: Methods = {};
  #dead = false;
  #crashed = false;

  /** @throws a usage error if the config does not fit */
  constructor(definition: AnyDefinition, spec: ActorSpec, environment: ThreadEnvironment) {
    this.spec = spec;
    this.#definition = definition;
    this.#environment = environment;
    this.#config = parseOrThrow(definition.config, spec.config, `actor ${spec.name}: config`);
    const { name, counters } = spec;
    const failed = (error: unknown): void => this.crash(error);
    const activity: Activity = { busy: false };
    const sender = {
      mayBlock: !environment.main,
      beatEvery: environment.beatEvery,
      beat: () => environment.beat(),
      blocked: (still: boolean) => environment.blocked(still),
      stopping: () => {
        if (Atomics.load(counters, Counter.ending) === 1) this.halt(); // one that blocks in `next` learns of it here
        return this.#controller.signal.aborted;
      },
    };
    const witness = (link: number, message: number): void => {
      counters[Counter.lastLink] = link;
      counters[Counter.lastMessage] = message;
    };
    this.#inlets = mapPorts(portsOf(definition.inputs, this.#config), (port, portName) => {
      return new Inlet(port, `${name}: input ${portName}`, witness, failed, activity);
    });
    let index: number = Counter.unlinked;
    this.#outlets = mapPorts(portsOf(definition.outputs, this.#config), (port, portName) => {
      const at = index++;
      const count = (): void => {
        counters[at]++;
      };
      return new Outlet(port, `${name}: output ${portName}`, sender, count, failed, activity);
    });
  }

  /** @returns the names of the actor's methods */
  async start(): Promise<readonly string[]> {
    const { spec, signal } = { spec: this.spec, signal: this.#controller.signal };
    const methods = await this.#definition.start({
      config: this.#config,
      inputs: Object.fromEntries(
        [...this.#inlets].map(([key, inlet]) => [key, inlet.observable]),
      ) as Inputs<Ports>,
      outputs: Object.fromEntries(this.#outlets) as unknown as Outputs<Ports>,
      random: Random.fromSeed(spec.seed).split('actor', spec.name),
      clock: this.#environment.clock,
      signal,
      name: spec.name,
      index: spec.index,
      copies: spec.copies,
      restored: spec.restored,
      save: state => this.#save(state),
      heartbeat: () => this.#environment.beat(),
      crash: error => this.crash(error),
      warn: message => this.#notify({ type: 'warning', actor: spec.name, message }),
    });
    this.#methods = methods ?? {};
    return Object.keys(this.#methods);
  }

  attach(side: Side, portName: string, link: LinkSpec, local: LocalQueue | undefined): void {
    if (side === 'input') this.#inlets.get(portName)?.attach(link, local);
    else this.#outlets.get(portName)?.attach(link, local);
  }

  detach(link: number): void {
    for (const inlet of this.#inlets.values()) inlet.detach(link);
    for (const outlet of this.#outlets.values()) outlet.detach(link);
  }

  async call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (!this.#methods[method]) throw usageError(`${this.spec.name}: has no method ${method}`);
    try {
      const result = await this.#methods[method](...(args as never[]));
      if (method === 'snapshot') this.#remember(result as Snapshot);
      return result;
    } catch (error) {
      // A module that trapped is in no known state: answer, but never go on with it.
      if (isTrap(error)) this.crash(error);
      // Its thread is about to end, and that is the answer: one of our own might come before its supervisor knows.
      if (this.#crashed && !this.#environment.main) return new Promise(() => {});
      throw error;
    }
  }

  halt(): void {
    if (this.#controller.signal.aborted) return;
    this.#controller.abort();
    for (const outlet of this.#outlets.values()) outlet.release();
  }

  async stop(): Promise<void> {
    this.halt();
    for (const inlet of this.#inlets.values()) await inlet.drain();
    await this.#methods['stop']?.();
    for (const inlet of this.#inlets.values()) inlet.complete();
    this.#dead = true;
    const { name: actor } = this.spec;
    for (const [port, outlet] of this.#outlets) {
      let told = false;
      outlet.end(() => {
        const message = `sent on ${port} after it had stopped`;
        if (!told) this.#environment.notify({ type: 'warning', actor, message });
        told = true;
      });
    }
  }

  /** The actor failed: it is given nothing more, and the supervisor is told, once. */
  crash(error: unknown): void {
    if (this.#dead) return;
    this.#crashed = true;
    this.abandon();
    this.#environment.crashed(this.spec.name, error);
  }

  /** Cuts the actor off, without a word to it but the abort. */
  abandon(): void {
    this.#dead = true;
    for (const inlet of this.#inlets.values()) inlet.abandon();
    this.halt();
    for (const outlet of this.#outlets.values()) outlet.end(() => {});
  }

  #save(state: Snapshot): void {
    if (!this.#dead) this.#saved.write(state);
  }

  /** A snapshot is what a restart goes on from, too. One that is no plain data is refused by who asked for it. */
  #remember(snapshot: Snapshot): void {
    try {
      this.#save(snapshot);
    } catch (error) {
      const { message } = asError(error);
      this.#notify({
        type: 'warning',
        actor: this.spec.name,
        message: `snapshot is not kept for a restart: ${message}`,
      });
    }
  }

  #notify(notice: Notice): void {
    if (!this.#dead) this.#environment.notify(notice);
  }
}

const mapPorts = <T>(ports: Ports, make: (port: Ports[string], name: string) => T): Map<string, T> =>
  new Map(Object.entries(ports).map(([name, port]) => [name, make(port, name)]));

const { WebAssembly } = globalThis as unknown as { WebAssembly: { RuntimeError: ErrorConstructor } };

/** Whether a WebAssembly module trapped (unreachable, out of bounds…). */
const isTrap = (error: unknown): boolean => error instanceof WebAssembly.RuntimeError;
