import { readFileSync } from 'node:fs';

/** Values of scipy and numpy: sequential-and-runs.py writes them. */
export interface Fixtures {
  readonly sequences: readonly { n: number; planned: number; alpha: number; rho: number; half: number }[];
  readonly iqm: readonly { scores: number[]; value: number }[];
  readonly sampleRatio: readonly { counts: number[]; weights: number[]; statistic: number; p: number }[];
  readonly multinomial: readonly { counts: number[]; weights: number[]; p: number }[];
  readonly missing: readonly { assigned: number[]; missing: number[]; statistic: number; p: number }[];
  readonly fewMissing: readonly { assigned: number[]; missing: number[]; p: number }[];
  readonly auc: readonly { first: number; scores: number[]; auc: number; z: number }[];
  readonly signFlip: readonly { differences: number[]; alternative: 'two-sided' | 'greater'; p: number }[];
  readonly logistic: readonly { x: number[][]; y: number[]; weights: number[] }[];
  readonly improvement: readonly { x: number[][]; y: number[][]; value: number }[];
  /** Standard error, low, high of each aggregate. */
  readonly bootstrap: { scores: number[][]; iqm: number[]; gap: number[]; median: number[] };
  readonly power: readonly {
    p0: number;
    p1: number;
    n0: number;
    n1: number;
    level: number;
    power: number;
    wanted: number;
    size: number;
  }[];
}

const file = new URL('../fixtures/sequential-and-runs.json', import.meta.url);
export const fixtures = JSON.parse(readFileSync(file, 'utf8')) as Fixtures;

/** How far a number is from another, relative to it. */
export const apart = (value: number, reference: number): number =>
  Math.abs(value - reference) / Math.max(Math.abs(reference), 1e-300);
