import type { Trajectory } from '../../actors/trajectory.ts';

/** What of a trajectory of `simganIdentification` the discriminator can judge. */
export interface FakeTransitions {
  /** `[s, a, s′]` of each, [count × (2 O + A)]. */
  readonly values: Float32Array;
  /** The row of the trajectory that each was. */
  readonly rows: Int32Array;
  readonly count: number;
}

/** How a trajectory is laid out. */
export interface FakeShape {
  readonly steps: number;
  /** Environment copies. */
  readonly count: number;
  /** O */
  readonly observations: number;
  /** A */
  readonly actions: number;
}

/**
 * The transitions of a trajectory whose observations are `[s, a]`: s′ is the s of the copy's next row. Rows without one are
 * left out: an episode ended there (its last observation is in no trajectory), or the trajectory.
 */
export function fakeTransitions(
  {
    observations: seen,
    terminated,
    truncated,
  }: Pick<Trajectory, 'observations' | 'terminated' | 'truncated'>,
  { steps, count, observations, actions }: FakeShape,
): FakeTransitions {
  const row = observations + actions;
  const size = row + observations;
  const values = new Float32Array((steps - 1) * count * size);
  const rows = new Int32Array((steps - 1) * count);
  let found = 0;
  for (let at = 0; at < (steps - 1) * count; at++) {
    if (terminated[at] === 1 || truncated[at] === 1) continue;
    const next = (at + count) * row;
    const to = found * size;
    for (let k = 0; k < row; k++) values[to + k] = seen[at * row + k];
    for (let k = 0; k < observations; k++) values[to + row + k] = seen[next + k];
    rows[found++] = at;
  }
  return { values: values.subarray(0, found * size), rows: rows.subarray(0, found), count: found };
}

/**
 * Writes rewards: of the rows that were judged their own, of each other one that of the copy's step before it, or the mean of
 * all where that was not judged either. So the end of an episode neither pays nor costs.
 * @param logits of the transitions
 * @param bonus added to every reward
 */
export function fillRewards(
  { rows }: Pick<FakeTransitions, 'rows'>,
  logits: Float32Array,
  bonus: number,
  count: number,
  rewards: Float32Array,
): void {
  let mean = 0;
  for (const logit of logits) mean += logit / logits.length;
  rewards.fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) rewards[rows[i]] = logits[i] + bonus;
  for (let at = 0; at < rewards.length; at++) {
    if (!Number.isNaN(rewards[at])) continue;
    const before = at >= count ? rewards[at - count] : Number.NaN;
    rewards[at] = Number.isNaN(before) ? mean + bonus : before;
  }
}
