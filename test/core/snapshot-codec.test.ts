import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from '../../src/core/snapshot-codec.ts';
import { sameBits, snapshots } from './snapshots.ts';

const throughJson = (state: Snapshot): Snapshot => {
  const { tree, tensors } = encodeSnapshot(state);
  return decodeSnapshot({ tree: JSON.parse(JSON.stringify(tree)), tensors });
};

describe('a snapshot in JSON and tensors', () => {
  it('comes back bit for bit, whatever it holds', () => {
    fc.assert(
      fc.property(snapshots, state => {
        expect(sameBits(throughJson(state), state)).toBe(true);
      }),
    );
  });

  it('keeps what JSON cannot hold, and keys that look like ours', () => {
    const state: Snapshot = {
      numbers: [-0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 2 ** 53],
      $tensor: 'a',
      nested: { $number: 'NaN' },
      $$: { $: null },
      ['__proto__']: { x: 1 },
      lone: '\ud800',
    };
    expect(sameBits(throughJson(state), state)).toBe(true);
  });

  it('names tensors by their path, and apart', () => {
    const array = () => Float32Array.of(1);
    const { tensors } = encodeSnapshot({
      learner: { params: [array(), array()] },
      'learner.params': { 1: array() },
      __metadata__: array(),
    });
    expect(Object.keys(tensors)).toEqual([
      'learner.params.0',
      'learner.params.1',
      'learner_params.1',
      '__metadata__~2',
    ]);
    expect(Object.keys(encodeSnapshot({ 'a b': array(), a_b: array() }).tensors)).toEqual(['a_b', 'a_b~2']);
    expect(Object.keys(encodeSnapshot(array()).tensors)).toEqual(['state']);
  });

  it.each<[unknown, string]>([
    [{ a: [1, undefined] }, 'state.a.1: undefined cannot be saved, expected plain data or typed arrays'],
    [{ when: new Date(0) }, 'state.when: Date cannot be saved'],
    [{ big: 1n }, 'state.big: bigint cannot be saved'],
    [{ f: () => 1 }, 'state.f: function cannot be saved'],
    [
      { many: new Float32Array(1), other: new BigInt64Array(1) },
      'state.other: BigInt64Array cannot be saved',
    ],
    [new Map(), 'state: Map cannot be saved'],
  ])('refuses what is not a snapshot: %o', (state, message) => {
    expect(() => encodeSnapshot(state as Snapshot)).toThrow(message);
  });

  it('refuses a tree that it has not written', () => {
    expect(() => decodeSnapshot({ tree: { a: { $tensor: 'b' } }, tensors: {} })).toThrow(
      'tensor b is missing',
    );
    expect(() => decodeSnapshot({ tree: { $number: '1' }, tensors: {} })).toThrow('1 is not a number');
  });
});
