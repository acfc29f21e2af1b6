/** What the bits of a row's flags mean; 0 is a row without a transition. */
export const Flag = { transition: 1, terminated: 2, truncated: 4 } as const;

/** The columns of a ring of rows that returns are read from. Step t + 1 of a stream lies `streams` rows after its step t. */
export interface StepColumns {
  readonly rewards: Float32Array;
  readonly flags: Uint8Array;
  readonly streams: number;
}

/** What `nStepReturn` writes. */
export interface NStepReturn {
  reward: number;
  /** What the value of `next` counts. */
  discount: number;
  /** The row whose observation the return ends in. */
  next: number;
}

/**
 * The return of the steps from a row on, Σ_{k<m} γᵏ · r_{t+k}, with m = n or fewer where the episode ends before. The value
 * of what it ends in counts γᵐ: of the observation after m steps, or the true last one of an episode that was truncated;
 * and 0 where it terminated (Sutton, 1988; Hessel et al., 2018, with the bootstrap of truncated episodes of Pardo et al., 2018).
 * @param row one whose n steps are there
 */
export function nStepReturn(
  { rewards, flags, streams }: StepColumns,
  row: number,
  n: number,
  gamma: number,
  out: NStepReturn,
): void {
  let at = row;
  let reward = 0;
  let weight = 1;
  let terminated = false;
  for (let k = 0; k < n; k++) {
    const flag = flags[at];
    reward += weight * rewards[at];
    weight *= gamma;
    at += streams;
    if (at >= flags.length) at -= flags.length;
    terminated = (flag & Flag.terminated) !== 0;
    if (terminated || (flag & Flag.truncated) !== 0) break;
  }
  out.reward = reward;
  out.discount = terminated ? 0 : weight;
  out.next = at;
}
