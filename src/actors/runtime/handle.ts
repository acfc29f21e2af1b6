import type { Snapshot } from '../../core/snapshot.ts';
import type { ActorHandle, Methods, Ports } from '../contract.ts';
import type { Copy } from './copy.ts';
import type { End, Graph } from './graph.ts';

/** What a caller of `spawn` gets: one actor or a group, seen as one. */
export function makeHandle(parts: {
  readonly name: string;
  readonly group: boolean;
  readonly copies: readonly Copy[];
  readonly methods: readonly string[];
  readonly inputs: Ports;
  readonly outputs: Ports;
  readonly graph: Graph;
  ask(copy: Copy, method: string, args: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}): ActorHandle<Ports, Ports, Methods, boolean> {
  const { name, group, copies, methods, graph, ask } = parts;
  const ends = (ports: Ports, make: (end: End) => object) =>
    Object.fromEntries(
      Object.entries(ports).map(([portName, port]) => [
        portName,
        make({ actor: name, portName, port, copies }),
      ]),
    );
  const call =
    (method: string) =>
    async (...args: unknown[]): Promise<unknown> =>
      group
        ? await Promise.all(copies.map(copy => ask(copy, method, args)))
        : await ask(copies[0], method, args);
  return {
    name,
    copies: copies.length,
    methods,
    inputs: ends(parts.inputs, e => graph.input(e)) as never,
    outputs: ends(parts.outputs, e => graph.output(e)) as never,
    call: Object.fromEntries(
      methods
        .filter(method => method !== 'snapshot' && method !== 'stop')
        .map(method => [method, call(method)]),
    ) as never,
    snapshot: () => Promise.all(copies.map(copy => ask(copy, 'snapshot', []))) as Promise<Snapshot[]>,
    get restarts() {
      return copies.reduce((sum, copy) => sum + copy.restarts, 0);
    },
    stop: parts.stop,
  };
}
