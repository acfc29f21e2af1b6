import type { z } from 'zod';
import { parseOrThrow } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { type ActionSpace, actionSize, sample } from '../../env/spaces.ts';
import { randomActions } from './config.ts';

/** How much is drawn at random, as `randomActions` reads it. */
export type RandomShare = z.output<typeof randomActions>;

/** `randomActions` with the defaults for what is not given. @throws a usage error that names the field */
export const randomShare = (given: z.input<typeof randomActions>): RandomShare =>
  parseOrThrow(randomActions, given, 'random actions');

/**
 * The share of random actions after so many environment steps of all copies together, 0 … 1.
 * @param done steps before this one, at least 0
 */
export function shareAt({ from, to, steps, schedule }: RandomShare, done: number): number {
  if (done >= steps) return to;
  return schedule === 'step' ? from : from + (to - from) * (done / steps);
}

/**
 * Puts an action drawn evenly from the space in the place of each copy's, with a probability. Where a box is unbounded,
 * `sample` says what is drawn. @param actions [count × size], overwritten
 */
export function drawSome(
  actions: Float32Array | Int32Array,
  space: ActionSpace,
  share: number,
  random: Random,
): void {
  if (share <= 0) return;
  const size = actionSize(space);
  for (let at = 0; at < actions.length; at += size) {
    if (share < 1 && random.uniform() >= share) continue;
    const action: number | ArrayLike<number> = sample(space, random);
    if (typeof action === 'number') actions[at] = action;
    else actions.set(action, at);
  }
}
