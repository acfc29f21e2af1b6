import { describe, expect, it } from 'vitest';
import {
  type CurvePoint,
  gapsOf,
  pairFigures,
  pairsOutOfOrder,
  runningMeans,
  stoppingTime,
} from '../../../src/learners/deep-bootstrap/index.ts';

const curve = (soft: readonly number[], trainErrors?: readonly number[]): CurvePoint[] =>
  soft.map((value, i) => ({
    step: 4 * i,
    soft: value,
    hard: value + 0.05,
    loss: 1,
    ...(trainErrors && { trainError: trainErrors[i] }),
    drawn: 0,
    distinct: 0,
  }));

const ideal = curve([0.9, 0.5, 0.3, 0.2, 0.15, 0.1]);
const real = curve([0.9, 0.52, 0.29, 0.23, 0.21, 0.2], [0.9, 0.4, 0.01, 0.0099, 0.02, 0]);

describe('the stopping time', () => {
  it('is the first measurement below 1 %, not at it', () => {
    expect(stoppingTime(real)).toBe(12);
    expect(stoppingTime(curve([0.5], [0.01]))).toBeUndefined();
    expect(stoppingTime(ideal)).toBeUndefined();
  });
});

describe('the bootstrap error', () => {
  it('is the real world’s soft error less the ideal one’s, at equal steps', () => {
    const gaps = gapsOf('N=3', real, ideal);
    expect(gaps.map(({ step }) => step)).toEqual([0, 4, 8, 12, 16, 20]);
    const wanted = [0, 0.02, -0.01, 0.03, 0.06, 0.1];
    for (const [i, { eps }] of gaps.entries()) expect(eps).toBeCloseTo(wanted[i], 12);
    expect(gaps.map(({ converged }) => converged)).toEqual([false, false, false, true, true, true]);
  });

  it('counts up to the stopping time, and is split there and at the end', () => {
    const figures = pairFigures('N=3', real, ideal);
    expect(figures.stop).toBe(12);
    expect(figures.largestSingle).toBeCloseTo(0.03, 12);
    // (0.02 − 0.01 + 0.03 + 0.06 + 0.1) / 5
    expect(figures.largestBefore).toBeCloseTo(0.04, 12);
    expect(figures.atStop).toMatchObject({ step: 12, softReal: 0.23, softIdeal: 0.2 });
    expect(figures.atStop.eps).toBeCloseTo(0.03, 12);
    expect(figures.atStop.classical).toBeCloseTo(0.28 - 0.0099, 12);
    expect(figures.atEnd.eps).toBeCloseTo(0.1, 12);
    expect(figures.atEnd.classical).toBeCloseTo(0.25, 12);
  });

  it('counts up to the end where the train error never fell', () => {
    const never = curve([0.9, 0.52, 0.29, 0.23, 0.21, 0.2], [1, 1, 1, 1, 1, 0.01]);
    const figures = pairFigures('N=3', never, ideal);
    expect(figures.stop).toBeUndefined();
    expect(figures.largestSingle).toBeCloseTo(0.1, 12);
    expect(figures.atStop).toEqual(figures.atEnd);
  });

  it('is none of curves that were measured at other steps', () => {
    expect(() => gapsOf('N=3', real.slice(1), ideal)).toThrow(
      'N=3: expected as many measurements as the ideal world has (1 or more), got 5 and 6',
    );
    expect(() => gapsOf('N=3', [], [])).toThrow('got 0 and 0');
    const later = real.map(point => ({ ...point, step: point.step + 1 }));
    expect(() => gapsOf('N=3', later, ideal)).toThrow(
      'measurement 0: expected step 0 as in the ideal world, got 1',
    );
  });
});

describe('running means', () => {
  it('are of up to two neighbours on each side', () => {
    expect(runningMeans([1, 2, 3, 4, 10])).toEqual([2, 2.5, 4, 4.75, 17 / 3]);
    expect(runningMeans([])).toEqual([]);
  });
});

describe('the order of architectures', () => {
  it('is counted in pairs that stand the other way round', () => {
    const pair = (real: number, ideal: number) => ({ real, ideal });
    expect(pairsOutOfOrder([pair(0.1, 0.05), pair(0.2, 0.1), pair(0.3, 0.2)])).toBe(0);
    expect(pairsOutOfOrder([pair(0.2, 0.05), pair(0.1, 0.1), pair(0.3, 0.2)])).toBe(1);
    expect(pairsOutOfOrder([pair(0.3, 0.05), pair(0.2, 0.1), pair(0.1, 0.2)])).toBe(3);
  });
});
