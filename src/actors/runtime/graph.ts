import { Observable } from 'rxjs';
import { asError, usageError } from '../../core/errors.ts';
import type { InputEnd, LinkMetrics, LinkOptions, OutputEnd, Port, SlabFields } from '../contract.ts';
import type { Copy } from './copy.ts';
import { Inlet } from './inputs.ts';
import { parseLinkOptions } from './options.ts';
import { Counter, type LinkSpec } from './protocol.ts';
import { allocateRing, closeRing, ringCounts } from './ring.ts';
import type { Seat } from './seats.ts';
import { newSlots } from './slots.ts';
import type { MainThread } from './threads.ts';

/** A port of a running actor or group, as the graph sees it. */
export interface End {
  readonly actor: string;
  readonly portName: string;
  readonly port: Port;
  readonly copies: readonly Copy[];
}

/** A link and its two ends; a link to the main thread has no consumer. */
interface Edge {
  readonly link: LinkSpec;
  readonly producer: Copy;
  readonly consumer: Copy | undefined;
}

/** All links of a system: who sends to whom, through which memory. */
export class Graph {
  readonly #main: Seat;
  readonly #ends = new WeakMap<object, End>();
  readonly #edges = new Set<Edge>();
  readonly #observers = new Set<{ readonly inlet: Inlet; readonly end: End; detach(): void }>();
  #ids = 0;

  constructor(main: Seat) {
    this.#main = main;
  }

  input(end: End): InputEnd<unknown> {
    const { actor, portName } = end;
    const input: InputEnd<unknown> = { end: 'input', actor, portName };
    this.#ends.set(input, end);
    return input;
  }

  output(end: End): OutputEnd<unknown> {
    const { actor, portName } = end;
    const observable = new Observable<unknown>(subscriber => {
      if (end.copies.every(copy => copy.ending)) {
        subscriber.complete(); // nobody is left who would
        return undefined;
      }
      const observer = this.#observe(end);
      const subscription = observer.inlet.observable.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        observer.detach();
      };
    });
    const output = Object.assign(observable, { end: 'output' as const, actor, portName });
    this.#ends.set(output, end);
    return output;
  }

  /** Links every copy of one end to every copy of the other. */
  link(from: object, to: object, options: LinkOptions): void {
    const [source, target] = [this.#ends.get(from), this.#ends.get(to)];
    if (!source || !target)
      throw usageError('link: expected an output and an input of actors of this system');
    const name = `${source.actor}.${source.portName} → ${target.actor}.${target.portName}`;
    const parsed = parseLinkOptions(options, name);
    const unlike = difference(source.port, target.port);
    if (unlike) throw usageError(`link ${name}: ${unlike}`);
    const gone = [...source.copies, ...target.copies].find(copy => copy.ending);
    if (gone) throw usageError(`link ${name}: ${gone.name} has been stopped`);
    // All rooms first: where there is none for one of them, nothing is linked.
    const edges = source.copies.flatMap(producer =>
      target.copies.map(consumer => {
        const ends = `${producer.name}.${source.portName} → ${consumer.name}.${target.portName}`;
        const link = this.#newLink(ends, source.port, parsed, producer.seat === consumer.seat);
        return { link, producer, consumer };
      }),
    );
    for (const edge of edges) {
      const { link, producer, consumer } = edge;
      this.#edges.add(edge);
      consumer.attach('input', target.portName, link);
      producer.attach('output', source.portName, link);
    }
  }

  metrics(copies: Iterable<Copy>): LinkMetrics[] {
    const linked = [...this.#edges].map(({ link: { name, memory } }) => {
      const { sent, received, dropped, waits, waitedMs } = ringCounts(memory);
      const { overflow, depth } = memory;
      return { link: name, overflow, depth, sent, received, dropped, waits, waitedMs };
    });
    const unlinked = [...copies].flatMap(({ name, spec, counters }) =>
      spec.outputs.flatMap((portName, i) => {
        const sent = counters[Counter.unlinked + i];
        if (sent === 0) return [];
        const link = `${name}.${portName} → (no link)`;
        const nothing = { overflow: 'dropOldest', depth: 0, received: 0, waits: 0, waitedMs: 0 } as const;
        return [{ link, ...nothing, sent, dropped: sent }];
      }),
    );
    return [...linked, ...unlinked];
  }

  /** Takes out every link of copies that have ended, while others go on. */
  forget(copies: readonly Copy[]): void {
    for (const edge of this.#edges) {
      const { link, producer, consumer } = edge;
      if (!copies.includes(producer) && !(consumer && copies.includes(consumer))) continue;
      this.#edges.delete(edge);
      producer.detach('output', link);
      consumer?.detach('input', link);
    }
  }

  /**
   * Copies in the order in which to end them: who sends before who is sent to, so that the last messages find their
   * reader. Where they send to each other in a circle, and where nothing else decides, as they were given.
   */
  producersFirst(copies: readonly Copy[]): Copy[] {
    const fedBy = new Map(copies.map(copy => [copy, this.#fedBy(copy)]));
    const feeds = (copy: Copy, other: Copy): boolean => fedBy.get(other)?.has(copy) ?? false;
    const left = new Set(copies);
    const ordered: Copy[] = [];
    while (left.size > 0) {
      const rest = [...left];
      const next = rest.find(copy => rest.every(other => !feeds(other, copy) || feeds(copy, other))) as Copy;
      left.delete(next);
      ordered.push(next);
    }
    return ordered;
  }

  /** All from whom something reaches a copy, over however many links; itself, if it is part of a circle. */
  #fedBy(copy: Copy): ReadonlySet<Copy> {
    const found = new Set<Copy>();
    const open = [copy];
    for (let at = open.pop(); at; at = open.pop()) {
      for (const { producer, consumer } of this.#edges) {
        if (consumer !== at || found.has(producer)) continue;
        found.add(producer);
        open.push(producer);
      }
    }
    return found;
  }

  /** Gives the observers of these copies what they were still sent, and completes those that have no producer left. */
  async completeObservers(): Promise<void> {
    for (const observer of [...this.#observers]) {
      if (!observer.end.copies.every(copy => copy.ending)) continue;
      await observer.inlet.drain();
      observer.inlet.complete();
      observer.detach();
    }
  }

  #observe(end: End) {
    const inlet = new Inlet(end.port, `${end.actor}.${end.portName}`);
    const edges = end.copies.map(producer => {
      const ends = `${producer.name}.${end.portName} → main`;
      const link = this.#newLink(ends, end.port, parseLinkOptions({}, ends), producer.seat === this.#main);
      inlet.attach(link, (this.#main.thread() as MainThread).host.queueOf(link));
      producer.attach('output', end.portName, link);
      const edge = { link, producer, consumer: undefined };
      this.#edges.add(edge);
      return edge;
    });
    const observer = {
      inlet,
      end,
      detach: () => {
        if (!this.#observers.delete(observer)) return;
        inlet.abandon();
        for (const edge of edges) {
          const { producer, link } = edge;
          this.#edges.delete(edge);
          closeRing(link.memory);
          inlet.detach(link.id);
          producer.detach('output', link);
        }
      },
    };
    this.#observers.add(observer);
    return observer;
  }

  #newLink(name: string, port: Port, { overflow, depth }: Required<LinkOptions>, local: boolean): LinkSpec {
    const byReference = local && port.port === 'value';
    const newest = overflow === 'latest' ? 1 : depth;
    try {
      const memory = allocateRing(overflow, newest, byReference ? undefined : count => newSlots(port, count));
      return { id: ++this.#ids, name, carries: port.port, memory, local };
    } catch (error) {
      const { message } = asError(error);
      throw usageError(
        `link ${name}: depth = ${newest}: expected one that there is memory for: ${message}`,
        error,
      );
    }
  }
}

/** What keeps an output from being linked to an input, in words, or `undefined` if nothing does. */
function difference(from: Port, to: Port): string | undefined {
  if (from.port !== to.port) return `expected a ${to.port} port, got a ${from.port} port`;
  if (from.port !== 'slab' || to.port !== 'slab') return undefined;
  const names = new Set([...Object.keys(from.fields), ...Object.keys(to.fields)]);
  for (const name of names) {
    const [got, expected] = [describe(from.fields, name), describe(to.fields, name)];
    if (got !== expected) return `field ${name}: expected ${expected}, got ${got}`;
  }
  return undefined;
}

function describe(fields: SlabFields, name: string): string {
  const field = fields[name];
  return field ? `${field.dtype} [${field.shape.join(', ')}]` : 'no such field';
}
