import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Overflow, Port } from '../../../src/actors/index.ts';
import { port, slab } from '../../../src/actors/index.ts';
import {
  allocateRing,
  closeRing,
  RingReader,
  RingWriter,
  ringCounts,
} from '../../../src/actors/runtime/ring.ts';
import { newSlot, slotsFor } from '../../../src/actors/runtime/slots.ts';

const values = port<unknown>();

function ring(overflow: Overflow, depth: number, over: Port = values) {
  const memory = allocateRing(overflow, depth, () => newSlot(over));
  return {
    memory,
    writer: new RingWriter(memory),
    reader: new RingReader(memory),
    slots: slotsFor(over, memory.slots),
  };
}

type Ring = ReturnType<typeof ring>;

function send({ writer, slots }: Ring, value: unknown): boolean {
  if (!writer.hasRoom()) return false;
  slots.write(writer.begin(), value);
  writer.commit();
  return true;
}

function receive({ reader, slots }: Ring): unknown {
  if (reader.waiting === 0) return undefined;
  const number = reader.next;
  const value = slots.inPlace(reader.slotOf(number));
  return reader.claim(number) ? value : undefined;
}

describe('a ring', () => {
  it('agrees with a plain queue, whatever is sent and received in whichever order', () => {
    const overflow = fc.constantFrom<Overflow>('block', 'dropOldest', 'latest');
    fc.assert(
      fc.property(overflow, fc.integer({ min: 1, max: 9 }), fc.array(fc.boolean()), (how, deep, steps) => {
        const depth = how === 'latest' ? 1 : deep;
        const it = ring(how, depth);
        const queue: number[] = [];
        let dropped = 0;
        steps.forEach((sending, number) => {
          if (sending) {
            const room = how !== 'block' || queue.length < depth;
            expect(send(it, number)).toBe(room);
            if (room) queue.push(number);
            if (queue.length > depth) {
              queue.shift();
              dropped++;
            }
          } else {
            expect(receive(it)).toBe(queue.shift());
          }
        });
        expect(ringCounts(it.memory)).toMatchObject({ waiting: queue.length, dropped });
      }),
    );
  });

  it('goes on where its counts wrap', () => {
    const it = ring('block', 3);
    it.memory.control[0] = -2; // written
    it.memory.control[16] = -2; // read
    for (let i = 0; i < 10; i++) {
      expect([send(it, i), send(it, -i)]).toEqual([true, true]);
      expect([receive(it), receive(it)]).toEqual([i, -i]);
    }
  });

  it('holds values of any size, and gives typed arrays that are the reader’s own', () => {
    const it = ring('block', 2);
    const large = { name: 'x'.repeat(100_000), weights: new Float32Array(50_000).fill(0.5), at: new Date(5) };
    send(it, large);
    send(it, [1, null, 'two', new Map([[1, new Set([2])]])]);
    const got = receive(it) as typeof large;
    expect(got).toEqual(large);
    expect(got.weights.buffer).toBeInstanceOf(ArrayBuffer);
    expect(receive(it)).toEqual([1, null, 'two', new Map([[1, new Set([2])]])]);
  });

  it('refuses a slab with a missing, short or foreign field by name', () => {
    const it = ring('block', 2, slab({ x: { dtype: 'float32', shape: [2, 2] } }));
    const bad = (x: unknown) => () => send(it, { x });
    expect(bad(undefined)).toThrow('slab field x: expected Float32Array of 4, got nothing');
    expect(bad(new Float32Array(3))).toThrow(
      'slab field x: expected Float32Array of 4, got Float32Array of 3',
    );
    expect(bad(new Float64Array(4))).toThrow(
      'slab field x: expected Float32Array of 4, got Float64Array of 4',
    );
    expect(send(it, { x: new Float32Array(4) })).toBe(true);
  });
});

describe('a message that was begun and never finished', () => {
  it.each<Overflow>(['block', 'dropOldest', 'latest'])('is not seen (%s)', overflow => {
    const it = ring(overflow, 2);
    send(it, 'whole');
    it.slots.write(it.writer.begin(), 'half');
    expect(receive(it)).toBe('whole');
    expect(it.reader.waiting).toBe(0);
    // The producer that follows takes the same place.
    const next = { ...it, writer: new RingWriter(it.memory) };
    send(next, 'next');
    expect(receive(next)).toBe('next');
  });

  it('makes a reader that is copying its slot drop the copy', () => {
    const it = ring('latest', 1);
    send(it, 1);
    const number = it.reader.next;
    const slot = it.reader.slotOf(number);
    send(it, 2); // takes 1 away
    it.writer.begin(); // over the slot of 1
    expect(slot).toBeGreaterThanOrEqual(0);
    expect(it.reader.slotOf(number)).toBe(-1);
    expect(it.reader.claim(number)).toBe(false);
    expect(receive(it)).toBe(2);
  });
});

it('a closed ring has room for ever: nobody waits for a consumer that is gone', () => {
  const it = ring('block', 1);
  send(it, 1);
  expect(it.writer.hasRoom()).toBe(false);
  closeRing(it.memory);
  expect(it.writer.hasRoom()).toBe(true);
  expect(it.writer.closed).toBe(true);
});
