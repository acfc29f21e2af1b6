import { usageError } from '../../core/errors.ts';
import type { CurvePoint, Gap } from './messages.ts';

/** Train error below which a world counts as converged: the paper's stopping time is the first step there. */
export const convergedBelow = 0.01;

/** What the curves of a real world and of the ideal one say together. Errors are shares, 0 … 1. */
export interface PairFigures {
  /** Steps to the first measurement with a train error below 1 %; `undefined` where there is none. */
  readonly stop: number | undefined;
  /**
   * The largest |bootstrap error| up to the stopping time, or to the end where there is none; each as the mean of five
   * measurements around it.
   */
  readonly largestBefore: number;
  /** The same of single measurements: two ideal worlds differ by as much, since a step of SGD moves the error. */
  readonly largestSingle: number;
  /** Of the measurement at the stopping time, or of the last one. */
  readonly atStop: GapAt;
  readonly atEnd: GapAt;
}

/** Both ways to split the error of a real world at one step. */
export interface GapAt {
  readonly step: number;
  readonly softReal: number;
  readonly softIdeal: number;
  /** Bootstrap error: softReal − softIdeal. */
  readonly eps: number;
  readonly hardReal: number;
  readonly hardIdeal: number;
  readonly trainError: number;
  /** The generalisation gap of the classical view: hardReal − trainError. */
  readonly classical: number;
}

/** The first measured step with a train error below 1 %. */
export const stoppingTime = (real: readonly CurvePoint[]): number | undefined =>
  real.find(({ trainError = 1 }) => trainError < convergedBelow)?.step;

/** The bootstrap error at every measured step. @throws a usage error where the curves were not measured at the same steps */
export function gapsOf(world: string, real: readonly CurvePoint[], ideal: readonly CurvePoint[]): Gap[] {
  mustBeEqual(world, real, ideal);
  const stop = stoppingTime(real) ?? Number.POSITIVE_INFINITY;
  return real.map(({ step, soft }, i) => ({
    world,
    step,
    eps: soft - ideal[i].soft,
    converged: step >= stop,
  }));
}

/**
 * What a pair of worlds came to, from their curves.
 * @throws a usage error where the curves are empty or were not measured at the same steps
 */
export function pairFigures(
  world: string,
  real: readonly CurvePoint[],
  ideal: readonly CurvePoint[],
): PairFigures {
  const gaps = gapsOf(world, real, ideal).map(({ eps }) => eps);
  const stop = stoppingTime(real);
  const last = real.length - 1;
  const at = stop === undefined ? last : real.findIndex(({ step }) => step === stop);
  return {
    stop,
    largestBefore: largest(runningMeans(gaps).slice(0, at + 1)),
    largestSingle: largest(gaps.slice(0, at + 1)),
    atStop: gapAt(real[at], ideal[at]),
    atEnd: gapAt(real[last], ideal[last]),
  };
}

/** Measurements on each side that are averaged with one. */
const around = 2;

/** The mean of each number and up to two on each side of it, as far as there are any. */
export const runningMeans = (values: readonly number[]): number[] =>
  values.map((_, i) => {
    const near = values.slice(Math.max(0, i - around), i + around + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

function gapAt(real: CurvePoint, ideal: CurvePoint): GapAt {
  const trainError = real.trainError ?? 1;
  return {
    step: real.step,
    softReal: real.soft,
    softIdeal: ideal.soft,
    eps: real.soft - ideal.soft,
    hardReal: real.hard,
    hardIdeal: ideal.hard,
    trainError,
    classical: real.hard - trainError,
  };
}

/**
 * How many pairs of architectures stand in another order in one world than in the other: 0 where a ranking by the ideal
 * world is the ranking by the real one.
 * @param errors of one architecture each
 */
export function pairsOutOfOrder(
  errors: readonly { readonly real: number; readonly ideal: number }[],
): number {
  let swapped = 0;
  errors.forEach((a, i) => {
    for (const b of errors.slice(i + 1)) {
      if (Math.sign(a.real - b.real) !== Math.sign(a.ideal - b.ideal)) swapped++;
    }
  });
  return swapped;
}

function mustBeEqual(world: string, real: readonly CurvePoint[], ideal: readonly CurvePoint[]): void {
  if (real.length === 0 || real.length !== ideal.length) {
    throw usageError(
      `${world}: expected as many measurements as the ideal world has (1 or more), got ${real.length} and ${ideal.length}`,
    );
  }
  const at = real.findIndex(({ step }, i) => step !== ideal[i].step);
  if (at < 0) return;
  throw usageError(
    `${world}: measurement ${at}: expected step ${ideal[at].step} as in the ideal world, got ${real[at].step}`,
  );
}
