import { z } from 'zod';
import type { TypedArray } from '../../../core/arrays.ts';
import { systemClock } from '../../../core/clock.ts';
import { asError, parseOrThrow } from '../../../core/errors.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { ActorHandle, Methods, Ports, System } from '../../contract.ts';
import type { AnyDefinition } from '../actor.ts';
import { defineActor, portsOf } from '../define.ts';
import { startSystem } from '../system.ts';

export type Message = readonly [port: string, message: unknown];

export interface Script {
  readonly seed: number;
  readonly messages: readonly Message[];
  readonly restore?: Snapshot;
  /** Take a snapshot once so many messages have been handled. */
  readonly snapshotAfter?: number;
  readonly calls: readonly (readonly [method: string, args: readonly unknown[]])[];
  /** How many messages to wait for on an output before stopping. */
  readonly awaits: Readonly<Record<string, number>>;
  /** Milliseconds for each wait. */
  readonly deadline: number;
}

/** What an actor did from its start to its stop. */
export interface Play {
  /** Why it did not start. */
  refused?: Error;
  /** Why the system stopped, or the actor was restarted. */
  failure?: string;
  /** The input that was not read. */
  unread?: string;
  readonly methods: string[];
  readonly sent: Record<string, unknown[]>;
  readonly warnings: string[];
  readonly unanswered: string[];
  snapshot?: Snapshot;
  /** How many messages each output had sent when the snapshot was taken. */
  readonly sentAtSnapshot: Record<string, number>;
}

type Handle = ActorHandle<Ports, Ports, Methods>;

/** Starts the actor in a worker of its own, plays the script, stops it. */
export async function play(definition: AnyDefinition, config: unknown, script: Script): Promise<Play> {
  const result: Play = { methods: [], sent: {}, warnings: [], unanswered: [], sentAtSnapshot: {} };
  const system = await startSystem({ seed: script.seed });
  system.events.subscribe(event => {
    if (event.type === 'warning') result.warnings.push(event.message);
    if (event.type === 'restarted') result.failure ??= event.reason;
  });
  system.failed.catch(error => {
    result.failure = asError(error).message;
  });
  try {
    const parsed = parseOrThrow(definition.config, config, `actor ${definition.name}: config`);
    const feed = await system.spawn(feeder(portsOf(definition.inputs, parsed)), {}, { on: 'main' });
    const options = { deadline: script.deadline, restarts: { times: 0, within: 1 } };
    const actor = (await system.spawn(definition as never, config as never, {
      ...options,
      ...(script.restore !== undefined && { restore: [script.restore] }),
    })) as Handle;
    result.methods.push(...actor.methods);
    for (const [name, port] of Object.entries(portsOf(definition.outputs, parsed))) {
      const sent: unknown[] = [];
      result.sent[name] = sent;
      actor.outputs[name].subscribe(message => {
        sent.push(port.port === 'slab' ? copyOf(message as Record<string, TypedArray>) : message);
      });
    }
    for (const name of Object.keys(feed.outputs)) {
      system.link(feed.outputs[name] as never, actor.inputs[name] as never);
    }
    await perform(script, result, actor, system, async ([port, message]) => {
      await feed.call.send(port, message);
      const isRead = (): boolean => {
        const { sent, received } = counts(system, `${feed.name}.${port} → ${actor.name}.${port}`);
        return sent === received || result.failure !== undefined;
      };
      if (!(await until(isRead, script.deadline))) result.unread ??= port;
    });
  } catch (error) {
    result.refused = asError(error);
  } finally {
    await system.stop();
    await new Promise(setImmediate); // a failure that stopped the system is told after it
  }
  return result;
}

async function perform(
  script: Script,
  result: Play,
  actor: Handle,
  system: System,
  send: (message: Message) => Promise<void>,
): Promise<void> {
  const snapshot = async (): Promise<void> => {
    try {
      [result.snapshot] = await actor.snapshot();
      for (const port of Object.keys(result.sent)) {
        result.sentAtSnapshot[port] = counts(system, `${actor.name}.${port} → main`).sent;
      }
    } catch (error) {
      result.unanswered.push(`snapshot: ${asError(error).message}`);
    }
  };
  for (const [count, message] of script.messages.entries()) {
    if (count === script.snapshotAfter) await snapshot();
    if (result.unread === undefined && result.failure === undefined) await send(message);
  }
  if (script.snapshotAfter === script.messages.length) await snapshot();
  for (const [method, args] of script.calls) {
    try {
      await actor.call[method](...(args as never[]));
    } catch (error) {
      result.unanswered.push(`${method}: ${asError(error).message}`);
    }
  }
  const arrived = (): boolean =>
    Object.entries(script.awaits).every(([port, count]) => (result.sent[port]?.length ?? 0) >= count);
  await until(() => arrived() || result.failure !== undefined, script.deadline);
}

/** A slab of its own: a structured clone would share the ring's memory. */
const copyOf = (slab: Record<string, TypedArray>) =>
  Object.fromEntries(Object.entries(slab).map(([name, column]) => [name, column.slice()]));

const counts = (system: System, link: string): { readonly sent: number; readonly received: number } =>
  system.links().find(other => other.link === link) ?? { sent: 0, received: 0 };

/** An actor that sends, on outputs like another's inputs, what it is told. */
const feeder = (ports: Ports) =>
  defineActor('troupe:check', {
    name: 'troupe-check',
    config: z.object({}),
    outputs: ports,
    start: ({ outputs }) => ({
      async send(port: string, message: unknown) {
        await outputs[port].ready();
        outputs[port].next(message as never);
      },
    }),
  });

async function until(condition: () => boolean, ms: number): Promise<boolean> {
  const end = systemClock.now() + ms;
  while (!condition()) {
    if (systemClock.now() > end) return false;
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  return true;
}
