import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  defineActor,
  type LinkMetrics,
  port,
  type System,
  slab,
  startSystem,
} from '../../../src/actors/index.ts';
import { batches, collector, doubler, reader, source, summer } from '../../fixtures/actors/basic.ts';
import { faulty } from '../../fixtures/actors/faults.ts';

let system: System;
afterEach(() => system?.stop());

const metricsOf = (name: string): LinkMetrics => system.links().find(({ link }) => link === name)!;

describe('a full link', () => {
  it('that blocks stops a worker, which keeps giving signs of life, and counts the wait', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { hangAfter: 500 });
    const end = await system.spawn(reader, {}, { on: 'main' });
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 2 });
    const sent = sender.call.sendBlocking(5);
    // Several times longer than a thread may be silent.
    await vi.waitFor(() => expect(metricsOf('source.numbers → reader.numbers').sent).toBe(2));
    const before = performance.now();
    await vi.waitFor(() => expect(performance.now() - before).toBeGreaterThan(1500), { timeout: 5000 });
    expect(await end.call.read(5)).toEqual([0, 1, 2, 3, 4]);
    expect(await sent).toBe(5);
    expect(sender.restarts).toBe(0);
    const { waits, waitedMs, dropped, received } = metricsOf('source.numbers → reader.numbers');
    expect({ dropped, received }).toEqual({ dropped: 0, received: 5 });
    expect(waits).toBeGreaterThan(0);
    expect(waitedMs).toBeGreaterThan(1400);
  });

  it('that blocks throws on the main thread, where it would never end', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: 'main' });
    const end = await system.spawn(reader, {}, { on: 'main' });
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 2 });
    await expect(sender.call.sendBlocking(3)).rejects.toThrow(
      'source: output numbers: the link source.numbers → reader.numbers is full (depth 2): await ready() before next()',
    );
    expect(await end.call.read(2)).toEqual([0, 1]);
  });

  it('with latest keeps the newest', async () => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: 'main' });
    const end = await system.spawn(reader, {}, { on: 'main' });
    system.link(sender.outputs.numbers, end.inputs.numbers, { overflow: 'latest' });
    await sender.call.send(10);
    expect(await end.call.read(1)).toEqual([9]);
    expect(metricsOf('source.numbers → reader.numbers')).toMatchObject({ sent: 10, dropped: 9, received: 1 });
  });

  it.each([true, false])(
    'with dropOldest keeps as many of the newest as it is deep (same thread: %s)',
    async same => {
      system = await startSystem({ seed: 1 });
      const sender = await system.spawn(source, {}, { on: same ? 'main' : 'worker' });
      const end = await system.spawn(reader, {}, { on: 'main' });
      system.link(sender.outputs.numbers, end.inputs.numbers, { overflow: 'dropOldest', depth: 3 });
      await sender.call.send(10);
      expect(await end.call.read(3)).toEqual([7, 8, 9]);
      expect(metricsOf('source.numbers → reader.numbers')).toMatchObject({
        sent: 10,
        dropped: 7,
        received: 3,
      });
    },
  );
});

describe('a full link between two actors of one thread', () => {
  it('has its consumer take a message, so that many may send to one that passes on', async () => {
    system = await startSystem({ seed: 1 });
    const on = 'main';
    const senders = await system.spawn(source, {}, { on, copies: 3 });
    const middle = await system.spawn(doubler, {}, { on });
    const end = await system.spawn(collector, {}, { on });
    system.link(senders.outputs.numbers, middle.inputs.numbers);
    system.link(middle.outputs.doubled, end.inputs.numbers, { depth: 2 });
    await senders.call.send(50);
    const seen = (await end.call.waitFor(150)).toSorted((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 150 }, (_, i) => 2 * Math.floor(i / 3)));
    expect(middle.restarts).toBe(0);
  });

  it('never gives an actor a message while it handles one: a circle that is full throws', async () => {
    const within: number[] = [];
    const echo = defineActor(import.meta.url, {
      name: 'echo',
      config: z.object({}),
      inputs: { in: port<number>() },
      outputs: { out: port<number>() },
      start({ inputs, outputs }) {
        let depth = 0;
        inputs.in.subscribe(n => {
          within.push(depth++);
          for (let i = 0; i < n; i++) outputs.out.next(0);
          depth--;
        });
        return { begin: (n: number) => outputs.out.next(n) };
      },
    });
    system = await startSystem({ seed: 1 });
    const actor = await system.spawn(echo, {}, { on: 'main', restarts: { times: 0, within: 1 } });
    system.link(actor.outputs.out, actor.inputs.in, { depth: 4 });
    await actor.call.begin(6);
    await expect(system.failed).rejects.toThrow('the link echo.out → echo.in is full (depth 4)');
    expect(new Set(within)).toEqual(new Set([0]));
  });

  it('charges what the consumer gets wrong to the consumer', async () => {
    system = await startSystem({ seed: 1 });
    const restarted = firstValueFrom(system.events);
    const sender = await system.spawn(source, {}, { on: 'main' });
    const end = await system.spawn(faulty, { fault: 'throw' }, { on: 'main' });
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 2 });
    await expect(sender.call.sendBlocking(6)).rejects.toThrow(/is full/); // nobody is there to take the sixth
    const reason = expect.stringMatching(/^crashed: boom \(.*faults\.ts:\d+:\d+\)$/);
    expect(await restarted).toMatchObject({ type: 'restarted', actor: 'faulty', reason });
    expect(sender.restarts).toBe(0);
  });
});

describe('a deep link', () => {
  // A buffer a message once took the 65,530 mappings that Linux gives a process, and aborted it.
  it('holds 32,768 values for a worker that does not read yet', async () => {
    system = await startSystem({ seed: 1 });
    const depth = 32_768;
    const sender = await system.spawn(source, {}, { on: 'main' });
    const end = await system.spawn(reader, {});
    system.link(sender.outputs.numbers, end.inputs.numbers, { depth });
    await sender.call.send(depth);
    expect(metricsOf('source.numbers → reader.numbers')).toMatchObject({
      sent: depth,
      received: 0,
      waits: 0,
    });
    expect(await end.call.read(depth)).toEqual(Array.from({ length: depth }, (_, n) => n));
  });

  it('whose slabs no memory could hold is refused before it takes any', async () => {
    system = await startSystem({ seed: 1 });
    const size = 2 ** 20; // 17 MiB a slab, 1 TiB in all
    const sender = await system.spawn(batches, { size }, { on: 'main', copies: 2 });
    const end = await system.spawn(summer, { size }, { on: 'main' });
    expect(() => system.link(sender.outputs.batches, end.inputs.batches, { depth: 65_536 })).toThrow(
      /^link batches\/0\.batches → summer\.batches: depth = 65536: expected one that there is memory for: 65536 slabs of 17825792 bytes, where this machine has \d+$/,
    );
    expect(system.links()).toEqual([]);
  });
});

describe('a latest link', () => {
  it.each([true, false])('starts with what was sent before it was made (same thread: %s)', async same => {
    system = await startSystem({ seed: 1 });
    const sender = await system.spawn(source, {}, { on: same ? 'main' : 'worker' });
    await sender.call.send(4);
    expect(metricsOf('source.numbers → (no link)')).toMatchObject({ sent: 4, dropped: 4 });
    const end = await system.spawn(collector, {}, { on: 'main' });
    system.link(sender.outputs.numbers, end.inputs.numbers, { overflow: 'latest' });
    expect(await end.call.waitFor(1)).toEqual([3]);
    const late = await system.spawn(collector, {}, { on: 'main', name: 'late' });
    system.link(sender.outputs.numbers, late.inputs.numbers, { overflow: 'latest' });
    expect(await late.call.waitFor(1)).toEqual([3]);
    expect(await end.call.seen()).toEqual([3]);
  });

  it('starts with the last slab, too, whether it had a link or not', async () => {
    const weights = slab({ weights: { dtype: 'float32', shape: [2] } });
    const sender = defineActor(import.meta.url, {
      name: 'sender',
      config: z.object({}),
      outputs: { weights },
      start({ outputs }) {
        const buffer = new Float32Array([1, 2]);
        outputs.weights.next({ weights: buffer });
        buffer.fill(9); // what was sent is not touched by it
        return {
          send: (value: number) => outputs.weights.write(slot => void slot.weights.fill(value)),
          fail: () =>
            outputs.weights.write(slot => {
              slot.weights[0] = 7;
              throw new Error('half way');
            }),
        };
      },
    });
    const end = defineActor(import.meta.url, {
      name: 'end',
      config: z.object({}),
      inputs: { weights },
      start: ({ inputs }) => {
        const seen: number[][] = [];
        inputs.weights.subscribe(slot => seen.push([...slot.weights]));
        return { seen: () => seen };
      },
    });
    system = await startSystem({ seed: 1 });
    const from = await system.spawn(sender, {}, { on: 'main' });
    await expect(from.call.fail()).rejects.toThrow('half way');
    const first = await system.spawn(end, {}, { on: 'main' });
    system.link(from.outputs.weights, first.inputs.weights, { overflow: 'latest' });
    await vi.waitFor(async () => expect(await first.call.seen()).toEqual([[1, 2]]));
    await from.call.send(5);
    const second = await system.spawn(end, {}, { on: 'main', name: 'second' });
    system.link(from.outputs.weights, second.inputs.weights, { overflow: 'latest' });
    await vi.waitFor(async () => expect(await second.call.seen()).toEqual([[5, 5]]));
  });
});

it('a port without subscribers is not read, so nothing is lost between two readings', async () => {
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {}, { on: 'main' });
  const end = await system.spawn(reader, {}, { on: 'main' });
  system.link(sender.outputs.numbers, end.inputs.numbers, { depth: 8 });
  await sender.call.send(6);
  expect(await end.call.read(2)).toEqual([0, 1]);
  expect(await end.call.read(1)).toEqual([2]);
  expect(await end.call.read(3)).toEqual([3, 4, 5]);
});
