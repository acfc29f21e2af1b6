import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSaved, type SavedRoom, StateWriter } from '../../../src/actors/runtime/saved-state.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';

function writer() {
  const rooms: SavedRoom[] = [];
  const state = new StateWriter(room => rooms.push(room));
  return {
    rooms,
    write: (snapshot: Snapshot) => state.write(snapshot),
    read: () => readSaved(rooms.at(-1)!),
  };
}

const leaf = fc.oneof(
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.float32Array(),
  fc.float64Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.uint8Array(),
);
const snapshots = fc.letrec<{ tree: Snapshot }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf as fc.Arbitrary<Snapshot>,
    fc.array(tie('tree')),
    fc.dictionary(
      fc.string().filter(key => key !== '__proto__'),
      tie('tree'),
    ),
  ),
})).tree;

describe('saved state', () => {
  it('reads back what was written last, bit for bit, save after save', () => {
    fc.assert(
      fc.property(fc.array(snapshots, { minLength: 1, maxLength: 5 }), states => {
        const { write, read } = writer();
        for (const state of states) {
          write(state);
          expect(read()).toEqual(state);
        }
      }),
    );
  });

  it('is a copy of its time', () => {
    const { write, read } = writer();
    const array = Float32Array.of(1, 2);
    write({ array });
    const before = read();
    array[0] = 9;
    write({ array });
    expect(before).toEqual({ array: Float32Array.of(1, 2) });
    expect(read()).toEqual({ array: Float32Array.of(9, 2) });
  });

  it('takes no new memory for a state of the same size', () => {
    const { rooms, write } = writer();
    for (let i = 0; i < 100; i++) write({ i: 1000 + i, array: new Float64Array(50).fill(i) });
    expect(rooms.length).toBe(1);
    write(new Uint8Array(10_000));
    expect(rooms.length).toBe(2);
  });

  it('keeps the state before when a save is not finished', () => {
    const { rooms, write, read } = writer();
    write('first');
    write('second');
    // Whoever dies in the middle has written into the other half, and not counted up.
    new Uint8Array(rooms[0].halves[(rooms[0].count[0] + 1) % 2]).fill(255);
    expect(read()).toBe('second');
  });

  it('names what cannot be saved', () => {
    const { write } = writer();
    expect(() => write({ a: [new Map()] } as never)).toThrow('state.a.0: Map cannot be saved');
  });
});
