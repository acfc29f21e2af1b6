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
import { copySlab, emptySlab, newSlots, slotsFor } from '../../../src/actors/runtime/slots.ts';

const values = port<unknown>();
const pair = slab({ x: { dtype: 'float32', shape: [1] }, y: { dtype: 'float32', shape: [1] } });

function ring(overflow: Overflow, depth: number, over: Port = values) {
  const memory = allocateRing(overflow, depth, count => newSlots(over, count));
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

  it('keeps values apart, whatever sizes they have and had', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), sizes, (depth, list) => {
        const it = ring('block', depth);
        const text = (i: number) => String.fromCharCode(97 + (i % 26)).repeat(list[i]);
        list.forEach((_, i) => {
          if (i >= depth) expect(receive(it)).toBe(text(i - depth));
          expect(send(it, text(i))).toBe(true);
        });
      }),
    );
  });

  it('keeps slabs apart, however many it holds', () => {
    const depth = 65_536;
    const it = ring(
      'block',
      depth,
      slab({ flag: { dtype: 'uint8', shape: [] }, x: { dtype: 'float64', shape: [3] } }),
    );
    const message = { flag: new Uint8Array(1), x: new Float64Array(3) };
    for (let i = 0; i < depth; i++) {
      message.flag[0] = i;
      message.x.fill(i);
      send(it, message);
    }
    expect(it.writer.hasRoom()).toBe(false);
    for (let i = 0; i < depth; i++) {
      const { flag, x } = receive(it) as typeof message;
      if (flag[0] !== i % 256 || x[0] !== i || x[2] !== i) throw new Error(`slab ${i}: ${flag} ${x}`);
    }
    expect(it.reader.waiting).toBe(0);
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

  it('leaves a slab alone where a later field of its successor is refused', () => {
    const [from, to] = [{ x: new Float32Array(1).fill(1), y: new Float32Array(2) }, emptySlab(pair.fields)];
    expect(() => copySlab(['x', 'y'], from, to)).toThrow('slab field y');
    expect([...to.x]).toEqual([0]);
  });

  it('refuses an array in a column’s place, which would never leave its thread', () => {
    const { writer, slots } = ring('block', 2, pair);
    const slot = slots.inPlace(writer.begin()) as { x: Float32Array };
    expect(() => {
      slot.x = new Float32Array([1]);
    }).toThrow(TypeError);
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

it('a reader that went back to a message just as the producer went on does not take it half overwritten', () => {
  const it = ring('latest', 1);
  send(it, 'old');
  expect(receive(it)).toBe('old');
  send(it, 'newer');
  it.memory.control[16] = 0; // read: what a reader that saw nothing new goes back to
  const number = it.reader.next;
  it.slots.copy(it.reader.slotOf(number));
  it.slots.write(it.writer.begin(), 'newest'); // takes the slot of the old one
  expect(it.reader.claim(number)).toBe(false);
  expect(it.reader.pass(number)).toBe(true);
  expect(receive(it)).toBe('newer');
  expect(ringCounts(it.memory).received).toBe(2);
});

it('a closed ring has room for ever: nobody waits for a consumer that is gone', () => {
  const it = ring('block', 1);
  send(it, 1);
  expect(it.writer.hasRoom()).toBe(false);
  closeRing(it.memory);
  expect(it.writer.hasRoom()).toBe(true);
  expect(it.writer.closed).toBe(true);
});
