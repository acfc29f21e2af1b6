import { asError, oneLine, TroupeError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Port } from '../contract.ts';
import type { RingMemory } from './ring.ts';
import type { SavedRoom } from './saved-state.ts';

/**
 * Everything that is said between the supervisor and the threads it runs. Commands go through Comlink and are
 * answered with a reply; notices come back unasked. Nothing else knows this form.
 */
export type Command =
  | { readonly type: 'start'; readonly actor: ActorSpec }
  | {
      readonly type: 'attach';
      readonly actor: string;
      readonly side: Side;
      readonly port: string;
      readonly link: LinkSpec;
    }
  | { readonly type: 'detach'; readonly actor: string; readonly link: number }
  | {
      readonly type: 'call';
      readonly actor: string;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  /** Cuts off an actor that never came out of its start. */
  | { readonly type: 'abandon'; readonly actor: string }
  /** Aborts the actor's signal: end what you are doing. */
  | { readonly type: 'halt'; readonly actor: string }
  /** Handles what waits in the inputs, runs the `stop` method, completes the inputs. */
  | { readonly type: 'stop'; readonly actor: string };

/** What a command gives back when it went well. */
export interface Results {
  /** The names of the actor's methods. */
  start: readonly string[];
  attach: undefined;
  detach: undefined;
  call: unknown;
  abandon: undefined;
  halt: undefined;
  /** Kinds of handles that are open on the thread and were not at its start, e.g. `Timeout`. */
  stop: readonly string[];
}

export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: WireError };

export type Notice =
  /** From here on, what the actor saves lies there. */
  | { readonly type: 'saved'; readonly actor: string; readonly room: SavedRoom }
  | { readonly type: 'warning'; readonly actor: string; readonly message: string }
  | { readonly type: 'crashed'; readonly actor: string; readonly error: WireError };

export type Side = 'input' | 'output';

/** One copy of an actor, as the thread that hosts it needs to know it. */
export interface ActorSpec {
  /** `rollout/1`: unique in the system. */
  readonly name: string;
  readonly module: string;
  /** The definition's name in its module. */
  readonly definition: string;
  /** As the caller gave it; parsed where the actor starts. */
  readonly config: unknown;
  readonly seed: number;
  readonly index: number;
  readonly copies: number;
  readonly restored: Snapshot | undefined;
  /** Links to attach before `start` runs: a restarted actor finds its links in place. */
  readonly links: readonly { readonly side: Side; readonly port: string; readonly link: LinkSpec }[];
  /** See `Counter`. */
  readonly counters: Int32Array;
}

/** One edge of the graph: from one copy's output to one copy's input. */
export interface LinkSpec {
  readonly id: number;
  /** `rollout/1.returns → curriculum.returns`, for people. */
  readonly name: string;
  readonly carries: Port['port'];
  readonly memory: RingMemory;
  /** Both ends live on one thread: values are passed by reference. */
  readonly local: boolean;
}

/** The words of the cell that a thread shares with its supervisor. */
export const Cell = {
  /** Counts signs of life. */
  beats: 0,
  /** KiB of heap, external and wasm memory in use, and at the thread's start. */
  memory: 1,
  memoryAtStart: 2,
  /** 1 while the thread stands still on a full link. */
  blocked: 3,
  words: 4,
} as const;

/** The words that a copy of an actor shares with its supervisor. */
export const Counter = {
  /** The link (0: none yet) and the number of the message that the actor was last given. */
  lastLink: 0,
  lastMessage: 1,
  /** 1 when the actor is to end: one that stands still on a full link reads no command. */
  ending: 2,
  /** From here on: how often each output, in the definition's order, sent without a link. */
  unlinked: 3,
} as const;

/** What a worker is started with. */
export interface ThreadData {
  readonly cell: Int32Array;
  readonly control: import('node:worker_threads').MessagePort;
  /** Milliseconds between signs of life. */
  readonly beatEvery: number;
  /** The module that `bootstrap.js` hands over to: `thread.ts` or, once built, `thread.js`. */
  readonly entry: string;
}

export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly kind: TroupeError['kind'] | undefined;
  /** What it was thrown for; it may tell where in the user's code that was. */
  readonly cause: WireError | undefined;
}

/** Causes that are told; errors may go round in a circle. */
const causes = 8;

export function toWire(thrown: unknown, left = causes): WireError {
  const error = asError(thrown);
  return {
    name: error.name,
    message: 'issues' in error ? oneLine(error) : error.message, // zod's are not for people
    stack: error.stack,
    kind: (error as Partial<TroupeError>).kind,
    cause: error.cause instanceof Error && left > 0 ? toWire(error.cause, left - 1) : undefined,
  };
}

export function fromWire(wire: WireError): Error {
  const cause = wire.cause && fromWire(wire.cause);
  const error = wire.kind
    ? new TroupeError(wire.message, { kind: wire.kind, cause })
    : new Error(wire.message, cause && { cause });
  Object.defineProperty(error, 'name', { value: wire.name, configurable: true });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
