import type { z } from 'zod';
import type { ActorDefinition, Carried, Methods, Ports } from '../../contract.ts';
import type { AnyDefinition } from '../actor.ts';
import { portsOf } from '../define.ts';
import { showValue } from '../port-value-error.ts';
import { badValue, differing, notPlain, same } from './compare.ts';
import { type Message, type Play, play, type Script } from './play.ts';
import type { ActorFinding, ActorReport, ActorRule } from './rules.ts';

/** What `checkActor` sends the actor and asks of it. With none of it, only loading, refusal of bad configs and a clean end are seen. */
export interface CheckActorOptions<I extends Ports, O extends Ports, M extends Methods> {
  /** Messages to send it, one after the other. Default: none. */
  readonly inputs?: { readonly [K in keyof I]?: readonly Carried<I[K]>[] };
  /** How many messages must have come out before it is stopped. Default: it is not waited for any. */
  readonly awaits?: { readonly [K in keyof O]?: number };
  /** Calls to make after the messages, with their arguments. Default: none. */
  readonly calls?: { readonly [K in keyof M]?: Parameters<M[K]> };
  /** A config that it must refuse. Default: something that no object schema takes. */
  readonly badConfig?: unknown;
  /** Rules that do not apply, e.g. `repeats` for an actor that reads a clock. */
  readonly except?: readonly ActorRule[];
  /** Default 1. */
  readonly seed?: number;
  /** Milliseconds for each thing that is waited for. Default 10,000. */
  readonly deadline?: number;
}

/**
 * Holds an actor to the contract, each time in a worker thread of its own: loading, config, ports and their schemas,
 * calls, repetition, snapshots, a clean end, and what else `actorRules` says.
 *
 * ```ts
 * const report = await checkActor(doubler, { factor: 2 }, { inputs: { numbers: [1, 2, 3] }, awaits: { doubled: 3 } });
 * if (!report.passed) throw new Error(describeActorReport(report));
 * ```
 */
export async function checkActor<S extends z.ZodType, I extends Ports, O extends Ports, M extends Methods>(
  actor: ActorDefinition<S, I, O, M>,
  config: z.input<S>,
  options: CheckActorOptions<I, O, M> = {},
): Promise<ActorReport> {
  const definition = actor as unknown as AnyDefinition;
  const findings: ActorFinding[] = [];
  const found = (rule: ActorRule, seen: string | undefined): void => {
    if (seen === undefined || options.except?.includes(rule)) return;
    if (!findings.some(other => other.rule === rule)) findings.push({ rule, seen });
  };
  const messages: Message[] = Object.entries(options.inputs ?? {}).flatMap(([port, list]) =>
    (list as readonly unknown[]).map(message => [port, message] as const),
  );
  const script: Script = {
    seed: options.seed ?? 1,
    messages,
    calls: Object.entries(options.calls ?? {}) as [string, unknown[]][],
    awaits: (options.awaits ?? {}) as Record<string, number>,
    deadline: options.deadline ?? 10_000,
  };
  found('config', badConfigTaken(definition, options.badConfig));
  const first = await play(definition, config, script);
  if (first.refused) found('loads', first.refused.message);
  else await examine(definition, config, script, first, found);
  return { name: actor.name, passed: findings.length === 0, findings };
}

type Found = (rule: ActorRule, seen: string | undefined) => void;

async function examine(
  definition: AnyDefinition,
  config: unknown,
  script: Script,
  first: Play,
  found: Found,
): Promise<void> {
  const parsed = definition.config.parse(config);
  const [inputs, outputs] = [portsOf(definition.inputs, parsed), portsOf(definition.outputs, parsed)];
  found('survives', first.failure);
  found('reads', first.unread);
  if (first.failure !== undefined || first.unread !== undefined) return; // what follows would only echo it
  found('answers', first.unanswered[0]);
  found(
    'ends',
    first.warnings.find(line => !line.includes('after it had stopped')),
  );
  found(
    'silentAfterStop',
    first.warnings.find(line => line.includes('after it had stopped')),
  );
  for (const [port, count] of Object.entries(script.awaits)) {
    const sent = first.sent[port]?.length ?? 0;
    if (sent < count) found('awaited', `${port}: expected ${count} messages, got ${sent}`);
  }
  for (const [name, port] of Object.entries(outputs)) {
    found('outputs', badValue(name, port, first.sent[name]));
  }
  await checkRefusal(definition, config, script, inputs, found);
  const half = Math.ceil(script.messages.length / 2);
  const snapshots = first.methods.includes('snapshot');
  const again = await play(definition, config, { ...script, ...(snapshots && { snapshotAfter: half }) });
  found('repeats', differing(first.sent, again.sent, 'the first time', 'again'));
  if (snapshots) await checkSnapshot(definition, config, script, half, again, found);
}

/** A copy restored half way must go on as the one that was never stopped. */
async function checkSnapshot(
  definition: AnyDefinition,
  config: unknown,
  script: Script,
  half: number,
  whole: Play,
  found: Found,
): Promise<void> {
  found('answers', whole.unanswered[0]);
  if (whole.snapshot === undefined) return;
  const { snapshot } = whole;
  found('snapshotPlain', notPlain(snapshot, 'snapshot'));
  const at = await play(definition, config, {
    ...script,
    messages: [],
    calls: [],
    awaits: {},
    restore: snapshot,
    snapshotAfter: 0,
  });
  if (at.refused || !same(at.snapshot, snapshot)) {
    const got = at.refused?.message ?? showValue(at.snapshot);
    found('snapshotExact', `snapshot ${showValue(snapshot)}, after restoring it ${got}`);
    return;
  }
  const tail = Object.fromEntries(
    Object.entries(whole.sent).map(([port, sent]) => [port, sent.slice(whole.sentAtSnapshot[port])]),
  );
  const after = await play(definition, config, {
    ...script,
    messages: script.messages.slice(half),
    restore: snapshot,
    awaits: Object.fromEntries(Object.entries(tail).map(([port, sent]) => [port, sent.length])),
  });
  found('snapshotExact', differing(tail, after.sent, 'uninterrupted', 'restored'));
}

async function checkRefusal(
  definition: AnyDefinition,
  config: unknown,
  script: Script,
  inputs: Ports,
  found: Found,
): Promise<void> {
  for (const [name, port] of Object.entries(inputs)) {
    if (port.port !== 'value' || !port.schema) continue;
    const { schema } = port;
    const bad = [null, 'not a message', -1e308, {}].find(value => !schema.safeParse(value).success);
    if (bad === undefined) continue;
    const refusal = await play(definition, config, {
      ...script,
      messages: [[name, bad]],
      calls: [],
      awaits: {},
    });
    if (!refusal.failure?.includes(`input ${name}`)) {
      found(
        'refuses',
        `${name}: took ${showValue(bad)}${refusal.failure ? `, then: ${refusal.failure}` : ''}`,
      );
    }
  }
}

function badConfigTaken(definition: AnyDefinition, badConfig: unknown): string | undefined {
  const bad = badConfig === undefined ? 'not a config' : badConfig;
  return definition.config.safeParse(bad).success ? `took ${showValue(bad)}` : undefined;
}
