import { usageError } from '../../core/errors.ts';

/** The two caps of a mixture. */
export interface MixingCaps {
  /** Examples of a task beyond these are not there. */
  readonly examplesPerTask: number;
  /** A task counts for as many at most. */
  readonly rateCap: number;
}

/**
 * How often each task is drawn: in proportion to its examples, but no more than the cap (examples-proportional mixing).
 * @param counts examples of each task
 * @returns shares that sum to 1
 */
export function mixingRates(
  counts: readonly number[],
  { examplesPerTask, rateCap }: MixingCaps,
): readonly number[] {
  const weights = counts.map(count => {
    if (!(Number.isInteger(count) && count > 0)) {
      throw usageError(`counts = [${counts.join(', ')}]: expected whole numbers above 0`);
    }
    return Math.min(count, examplesPerTask, rateCap);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map(weight => weight / total);
}
