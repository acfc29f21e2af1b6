import { describe, expect, it } from 'vitest';
import { correctShare, namesByMajority, wantedClasses } from '../../../src/scenarios/few-label-gan/wanted.ts';

describe('which classes samples are asked for', () => {
  it('evenly, or by shares that hold in every first part too', () => {
    expect([...wantedClasses(7, 3, null)]).toEqual([0, 1, 2, 0, 1, 2, 0]);
    const wanted = wantedClasses(100, 3, [1, 0, 3]);
    for (const length of [4, 20, 100]) {
      const counts = [0, 0, 0];
      for (const y of wanted.subarray(0, length)) counts[y]++;
      expect(counts).toEqual([length / 4, 0, (3 * length) / 4]);
    }
    expect(() => wantedClasses(10, 3, [1, 1])).toThrow('shares = [1, 1]: expected 3 numbers');
    expect(() => wantedClasses(10, 2, [0, 0])).toThrow('at least one above 0');
  });

  it('clusters are called what most of their samples look like', () => {
    const wanted = Int32Array.of(0, 0, 0, 1, 1, 1);
    const found = Int32Array.of(2, 2, 1, 0, 0, 0);
    const names = namesByMajority(wanted, found, 2, 3);
    expect([...names]).toEqual([2, 0]);
    expect(correctShare(wanted, found)).toBe(0);
    expect(correctShare(wanted, found, names)).toBeCloseTo(5 / 6, 12);
  });
});
