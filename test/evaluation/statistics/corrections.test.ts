import { describe, expect, it } from 'vitest';
import {
  benjaminiHochberg,
  bonferroni,
  holm,
  sidak,
} from '../../../src/evaluation/statistics/corrections.ts';

describe('five p values', () => {
  const ps = [0.003, 0.012, 0.021, 0.04, 0.2];
  const rounded = (values: readonly number[]) => values.map(value => Number(value.toFixed(12)));

  it('corrected', () => {
    expect(rounded(holm(ps))).toEqual([0.015, 0.048, 0.063, 0.08, 0.2]);
    expect(rounded(benjaminiHochberg(ps))).toEqual([0.015, 0.03, 0.035, 0.05, 0.2]);
    expect(rounded(bonferroni(ps))).toEqual([0.015, 0.06, 0.105, 0.2, 1]);
    expect(rounded(sidak([0.05, 0.2]))).toEqual([0.0975, 0.36]);
  });

  it('keep their order', () => {
    expect(rounded(holm([0.2, 0.003, 0.04, 0.012, 0.021]))).toEqual([0.2, 0.015, 0.08, 0.048, 0.063]);
    expect(rounded(benjaminiHochberg([0.2, 0.003, 0.04, 0.012, 0.021]))).toEqual([
      0.2, 0.015, 0.05, 0.03, 0.035,
    ]);
  });

  it('may be none, one, 0 and 1', () => {
    for (const correct of [holm, benjaminiHochberg, bonferroni, sidak]) {
      expect(correct([])).toEqual([]);
      expect(rounded(correct([0.25]))).toEqual([0.25]);
      expect(correct([0, 1])).toEqual([0, 1]);
    }
    // Too small to be told from 0 beside 1.
    expect(sidak([1e-300])[0]).toBe(1e-300);
  });

  it('must be p values', () => {
    expect(() => holm([0.1, Number.NaN])).toThrow('ps[1] = NaN: expected a number from 0 to 1');
    expect(() => sidak([1.2])).toThrow('ps[0] = 1.2');
  });
});
