import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Estimate, Proportion } from '../contract.ts';
import { relativeEffect } from '../statistics/two-arm.ts';
import type { Simulator } from './tally.ts';
import { experimentMaker } from './trials.ts';
import { shuffleWith } from './words.ts';

/**
 * The dice study in numbers alone: a robot does the same thing for months while the world walks, a step each week.
 * Nothing is changed, yet its trials are cut into groups one after the other, and each is held against the last. The
 * same trials, cut at random, show what those intervals should look like.
 */
export interface DiceJob {
  readonly kind: 'dice';
  readonly name: string;
  /** Worlds that are simulated. */
  readonly experiments: number;
  /** Chance of success in the first week. */
  readonly base: number;
  readonly trials: number;
  readonly weeks: number;
  /** Standard deviation of a week's step, in logits. */
  readonly weeklySd: number;
  /** Parts of equal size, the last being the baseline. */
  readonly groups: number;
  /** Random regroupings of each world's trials. */
  readonly regroupings: number;
}

/** As in the study: 33,000 trials in 22 weeks, cut into eleven fortnights, ten of which are held against the last. */
export const diceStudy = {
  kind: 'dice',
  name: 'dice',
  experiments: 500,
  base: 0.9,
  trials: 33_000,
  weeks: 22,
  weeklySd: 0.15,
  groups: 11,
  regroupings: 4,
} as const satisfies DiceJob;

/** Mean numbers of intervals that contain 0: cut one after the other, and at random. */
export function diceSimulator(job: DiceJob): Simulator {
  const { base, trials, weeks, weeklySd, groups, regroupings } = job;
  if (!(Number.isSafeInteger(weeks) && weeks >= 1))
    throw usageError(`dice: weeks = ${weeks}: expected 1 or more`);
  if (!(Number.isSafeInteger(regroupings) && regroupings >= 1))
    throw usageError(`dice: regroupings = ${regroupings}: expected 1 or more`);
  const make = experimentMaker({
    world: { base, walk: weeklySd, walkEvery: Math.ceil(trials / weeks) },
    design: { assign: 'sequential' },
    trials,
    effects: [0],
  });
  return {
    columns: ['sequential', 'random'],
    run(random, row) {
      const { success } = make(random);
      row[0] = containingZero(groupIntervals(success, { groups }));
      const counts = regroupedCounts(success, { groups, regroupings, random: random.split('regroup') });
      row[1] = counts.reduce((sum, count) => sum + count, 0) / regroupings;
    },
  };
}

/**
 * Cuts trials, in their order, into groups of equal size and gives each but the last its relative effect against the last
 * one: the interval of the log ratio. Sizes differ by one where they do not divide.
 * @param outcomes 1 or 0, in the order of time
 */
export function groupIntervals(
  outcomes: Uint8Array,
  { groups, level = 0.95 }: { readonly groups: number; readonly level?: number | undefined },
): Estimate[] {
  const { length: n } = outcomes;
  if (!(Number.isSafeInteger(groups) && groups >= 2 && groups <= n))
    throw usageError(`groups = ${groups}: expected a number from 2 to the ${n} trials`);
  const parts: Proportion[] = Array.from({ length: groups }, (_, g) => {
    const from = Math.round((g * n) / groups);
    const to = Math.round(((g + 1) * n) / groups);
    let successes = 0;
    for (let t = from; t < to; t++) successes += outcomes[t];
    return { successes, n: to - from };
  });
  const baseline = parts[groups - 1];
  return parts.slice(0, -1).map(part => relativeEffect(part, baseline, { method: 'log', level }));
}

/** How many intervals contain 0. One that cannot be estimated shows no difference, so it counts. */
export const containingZero = (intervals: readonly Estimate[]): number =>
  intervals.filter(interval => !interval.estimable || (interval.low <= 0 && interval.high >= 0)).length;

/** The same trials in a random order: what assigning their groups at random would have given. */
export function regroup(outcomes: Uint8Array, random: Random): Uint8Array {
  const shuffled = outcomes.slice();
  const words = new Uint32Array(outcomes.length);
  random.fillUint32(words);
  shuffleWith(shuffled, 0, shuffled.length, words);
  return shuffled;
}

/** Regroups a log many times. @returns of each regrouping, how many of the intervals contain 0 */
export function regroupedCounts(
  outcomes: Uint8Array,
  options: {
    readonly groups: number;
    readonly regroupings: number;
    readonly random: Random;
    readonly level?: number | undefined;
  },
): number[] {
  const { groups, level = 0.95, regroupings, random } = options;
  return Array.from({ length: regroupings }, (_, i) =>
    containingZero(groupIntervals(regroup(outcomes, random.split(i)), { groups, level })),
  );
}
