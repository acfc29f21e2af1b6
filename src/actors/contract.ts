import type { Observable, Observer } from 'rxjs';
import type { z } from 'zod';
import type { Dtype, TypedArrays } from '../core/arrays.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Snapshot } from '../core/snapshot.ts';

// ── Ports ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Carries small structured values (anything structured clone takes). */
export interface ValuePort<T> {
  readonly port: 'value';
  /** Checked where a value enters the actor from outside it, if given. */
  readonly schema?: z.ZodType<T>;
  readonly carries?: T;
}

/** The columns of a slab: fixed dtypes and shapes, by name. */
export type SlabFields = Readonly<
  Record<string, { readonly dtype: Dtype; readonly shape: readonly number[] }>
>;

/** One slab: a flat typed array a field, row-major. Views into a shared ring: valid until the callback returns. */
export type Slab<F extends SlabFields> = { readonly [K in keyof F]: TypedArrays[F[K]['dtype']] };

/** Carries slabs: fixed-shape struct-of-arrays batches through a shared-memory ring. */
export interface SlabPort<F extends SlabFields> {
  readonly port: 'slab';
  readonly fields: F;
}

/** What an actor declares under a port’s name: values, or slabs. Made with `port` and `slab`. */
export type Port = ValuePort<unknown> | SlabPort<SlabFields>;
/** An actor’s inputs or outputs, by name. */
export type Ports = Readonly<Record<string, Port>>;

/** What travels through a port. */
export type Carried<P> = P extends SlabPort<infer F> ? Slab<F> : P extends ValuePort<infer T> ? T : never;

// ── Inside an actor ─────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Where an actor sends. Without a link, what is sent is dropped and counted. `error` is a crash of the actor;
 * `complete` ends nothing: an output lives as long as its actor.
 */
export interface Output<T> extends Observer<T> {
  /**
   * Resolves when every `block` link has room for one more. An actor that awaits it stays responsive; `next` on a full
   * `block` link stops the whole thread until there is room, and throws where that could never end: on the main
   * thread, and where the consumer lives on the same thread. There a consumer of values is first given one, at once,
   * unless it is itself in the middle of a message.
   */
  ready(): Promise<void>;
}

/** An output that sends slabs: whole ones with `next`, or filled in place with `write`. */
export interface SlabOutput<F extends SlabFields> extends Output<Slab<F>> {
  /** Fills the next slot in place, without a copy, and sends it. `fill` must write every field whole. */
  write(fill: (slab: Slab<F>) => void): void;
}

/** An actor’s outputs as its `start` sees them, by name. */
export type Outputs<P extends Ports> = {
  readonly [K in keyof P]: P[K] extends SlabPort<infer F> ? SlabOutput<F> : Output<Carried<P[K]>>;
};

/**
 * What arrives, merged over all links of the port. A port without subscribers is not read: its links fill up, nothing
 * is lost. A message counts as handled when its callback returns; if the actor dies before, it is given again to the
 * restarted actor (links that `block`: at least once). Between two actors of one thread values pass by reference: if
 * that thread dies, those that waited are dropped, and counted.
 */
export type Inputs<P extends Ports> = { readonly [K in keyof P]: Observable<Carried<P[K]>> };

/** What `start` is given: the actor’s settings, its ports, and all it may use of time, chance and the supervisor. */
export interface ActorContext<C, I extends Ports, O extends Ports> {
  readonly config: C;
  readonly inputs: Inputs<I>;
  readonly outputs: Outputs<O>;
  /** This actor's own stream, split from the run's seed by its name; the same after a restart. */
  readonly random: Random;
  readonly clock: Clock;
  /** Aborted when the actor is to stop. */
  readonly signal: AbortSignal;
  /** `rollout/1`: the name in the system. */
  readonly name: string;
  /** Which copy of its group this is. */
  readonly index: number;
  readonly copies: number;
  /** What `save`, or this actor's `snapshot` method, last gave before it was restarted, or what it was spawned with. */
  readonly restored: Snapshot | undefined;
  /** Hands state to the supervisor, which gives it back as `restored` after a crash. Copied at once. */
  save(state: Snapshot): void;
  /** Tells the supervisor that a long computation is alive. Sent by itself whenever the event loop turns. */
  heartbeat(): void;
  /**
   * This actor cannot go on: it is restarted, within its budget, as after a throw in a subscriber. For methods, whose
   * errors are otherwise only answers. A call under way fails.
   */
  crash(error: unknown): void;
  /** One line for people, shown as it comes. */
  warn(message: string): void;
}

/**
 * What `start` may return: methods that can be called over the control plane. Two names are the runtime's own:
 * `snapshot` gives the state for checkpoints, `stop` runs before a clean end.
 */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** An actor as `defineActor` makes it. Any thread finds it again by its module’s URL and its name. */
export interface ActorDefinition<
  S extends z.ZodType = z.ZodType,
  I extends Ports = Ports,
  O extends Ports = Ports,
  M extends Methods = Methods,
> {
  readonly kind: 'actor';
  readonly module: string;
  readonly name: string;
  readonly config: S;
  readonly inputs: I | ((config: z.output<S>) => I);
  readonly outputs: O | ((config: z.output<S>) => O);
  // biome-ignore lint/suspicious/noConfusingVoidType: an actor without methods need not return anything
  start(context: ActorContext<z.output<S>, I, O>): M | void | Promise<M | void>;
}

// ── Outside ─────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The thread an actor runs on: a `worker` of its own, the `main` thread, the one shared thread that owns the `tensors`
 * of a device or of a library that allows one thread only, or a thread of that name, which all that name it share.
 * Actors of one thread pass values by reference, and die together.
 */
export type Placement = 'worker' | 'main' | 'tensors' | { readonly thread: string };

/** What a full link does: stop the producer, keep only the newest, or forget the oldest. */
export type Overflow = 'block' | 'latest' | 'dropOldest';

/** How a link holds what its consumer has not taken yet. */
export interface LinkOptions {
  /** Default `block`. */
  readonly overflow?: Overflow;
  /** Messages a link holds, 1 to 65,536. Default 8 (`latest`: always 1). */
  readonly depth?: number;
}

/** What has gone over a link so far, in messages. */
export interface LinkMetrics {
  readonly link: string;
  readonly overflow: Overflow;
  readonly depth: number;
  readonly sent: number;
  /** A value that a `latest` link gives anew, after a restart, counts again. */
  readonly received: number;
  /** Taken away by newer ones, lost with a thread, or sent to nobody. */
  readonly dropped: number;
  /** How often and for how long the producer stood waiting. */
  readonly waits: number;
  readonly waitedMs: number;
}

/** How often an actor may be restarted: so many times within any stretch of so long. One more, and the system fails. */
export interface RestartBudget {
  readonly times: number;
  /** Milliseconds. */
  readonly within: number;
}

/** Where an actor runs, how many of it, and how it is watched over. */
export interface SpawnOptions {
  /** Default `worker`. */
  readonly on?: Placement;
  /**
   * How many of them; a group is linked, called and stopped as one. Default 1. Each copy is sent everything: to share
   * work out, let each take what falls to its `index` of `copies`.
   */
  readonly copies?: number;
  /** Default: the definition's name. */
  readonly name?: string;
  /** State to start from, one for each copy. */
  readonly restore?: readonly Snapshot[];
  /** Default 3 in a minute. */
  readonly restarts?: RestartBudget;
  /** Milliseconds without a sign of life after which its thread counts as hung. Default 60,000. Not on `main`. */
  readonly hangAfter?: number;
  /**
   * Bytes of heap, array buffers and WebAssembly memory that the actor's thread may use beyond what it used before it
   * loaded the actor. Default: no limit. Not on `main`; on a shared thread the budgets of all that sit there add up.
   */
  readonly memory?: number;
  /** Milliseconds that a call may take. Default 60,000. */
  readonly deadline?: number;
  /**
   * Milliseconds that `start` may take. Default 60,000. The first one that takes longer fails the spawn; one after a
   * restart counts as a crash.
   */
  readonly startWithin?: number;
}

/** One end of a link on the outside of an actor or a group. */
export interface InputEnd<T> {
  readonly end: 'input';
  readonly actor: string;
  readonly portName: string;
  readonly accepts?: (value: T) => void;
}
/** Also an observable on the main thread. */
export interface OutputEnd<T> extends Observable<T> {
  readonly end: 'output';
  readonly actor: string;
  readonly portName: string;
}

/** Every method as a call with a deadline. A group answers with one result a copy. */
export type Calls<M extends Methods, Group extends boolean> = {
  readonly [K in Exclude<keyof M, 'snapshot' | 'stop'>]: (
    ...args: Parameters<M[K]>
  ) => Promise<Group extends true ? Awaited<ReturnType<M[K]>>[] : Awaited<ReturnType<M[K]>>>;
};

/** A spawned actor, or a group of copies, from the outside: ends to link, methods to call, and its state. */
export interface ActorHandle<
  I extends Ports,
  O extends Ports,
  M extends Methods,
  Group extends boolean = false,
> {
  readonly name: string;
  readonly copies: number;
  readonly inputs: { readonly [K in keyof I]: InputEnd<Carried<I[K]>> };
  readonly outputs: { readonly [K in keyof O]: OutputEnd<Carried<O[K]>> };
  readonly call: Calls<M, Group>;
  /** The names of all its methods, `snapshot` and `stop` included. */
  readonly methods: readonly string[];
  /** The state of each copy, from its `snapshot` method. */
  snapshot(): Promise<Snapshot[]>;
  /** How often its copies have been restarted. */
  readonly restarts: number;
  stop(): Promise<void>;
}

/** What the supervisor tells: an actor was restarted, said something for people, or is past its restart budget. */
export type SystemEvent =
  | { readonly type: 'restarted'; readonly actor: string; readonly reason: string; readonly restarts: number }
  | { readonly type: 'warning'; readonly actor: string; readonly message: string }
  | { readonly type: 'failed'; readonly actor: string; readonly error: Error };

/** What `startSystem` takes: the seed that all random streams are split from, and what a test or a runner may bring. */
export interface SystemOptions {
  readonly seed: number;
  readonly clock?: Clock;
  /** Called once when an actor is past its budget, before the system stops: save what there is to save. */
  readonly onFailure?: (error: Error) => void | Promise<void>;
}

/** A running set of actors and the links between them. */
export interface System {
  readonly seed: number;
  readonly random: Random;
  readonly clock: Clock;
  spawn<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options?: SpawnOptions & { readonly copies?: undefined },
  ): Promise<ActorHandle<I, O, M>>;
  spawn<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
    definition: ActorDefinition<S, I, O, M>,
    config: z.input<S>,
    options: SpawnOptions & { readonly copies: number },
  ): Promise<ActorHandle<I, O, M, true>>;
  /**
   * Every copy of the group `from` sends to every copy of the group `to`; what they send is merged at its port.
   * @throws a usage error that names the link where the options, or what the two ports carry, do not fit
   */
  link<T>(from: OutputEnd<T>, to: InputEnd<T>, options?: LinkOptions): void;
  readonly events: Observable<SystemEvent>;
  links(): LinkMetrics[];
  /** Rejects when the system fails; never resolves before `stop`. Race long work against it. */
  readonly failed: Promise<never>;
  /** Stops every actor cleanly: no thread and no handle left. */
  stop(): Promise<void>;
}
