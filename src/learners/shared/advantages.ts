/** One stretch of experience: `steps` rows of `count` copies, row-major [steps × count]. */
export interface Experience {
  readonly rewards: Float32Array;
  /** V(s_t), [steps × count] */
  readonly values: Float32Array;
  /** 0 or 1, [steps × count]: the task ended, what follows is worth nothing */
  readonly terminated: Uint8Array;
  /** 0 or 1, [steps × count]: the episode was cut, what follows is worth `bootstrapValues` */
  readonly truncated: Uint8Array;
  /** V of the true final observation, [steps × count]; read only where truncated and not terminated */
  readonly bootstrapValues: Float32Array;
  /** V of the observation after the last row, [count]; read only where the last row ended no episode */
  readonly lastValues: Float32Array;
}

/** The shape of an experience, and how far ahead advantages look: both factors in [0, 1]. */
export interface AdvantageSettings {
  readonly steps: number;
  readonly count: number;
  readonly gamma: number;
  readonly lambda: number;
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, eq. 16), with what follows a step valued by how it ended:
 *
 *     next(t) = 0 if terminated, V(final observation) if truncated, V(s_{t+1}) otherwise
 *     δ_t     = r_t + γ next(t) − V(s_t)
 *     A_t     = δ_t + γλ A_{t+1}, where A_{t+1} counts only within the same episode
 *
 * Sums run in float64; `advantages` and `returns` (A + V, the targets of the value network) are written whole.
 * @param advantages [steps × count]
 * @param returns [steps × count]
 */
export function estimateAdvantages(
  experience: Experience,
  { steps, count, gamma, lambda }: AdvantageSettings,
  advantages: Float32Array,
  returns: Float32Array,
): void {
  const { rewards, values, terminated, truncated, bootstrapValues, lastValues } = experience;
  for (let copy = 0; copy < count; copy++) {
    let advantage = 0;
    let next = lastValues[copy];
    for (let t = steps - 1; t >= 0; t--) {
      const at = t * count + copy;
      if (terminated[at] === 1) {
        next = 0;
        advantage = 0;
      } else if (truncated[at] === 1) {
        next = bootstrapValues[at];
        advantage = 0;
      }
      const delta = rewards[at] + gamma * next - values[at];
      advantage = delta + gamma * lambda * advantage;
      advantages[at] = advantage;
      returns[at] = advantage + values[at];
      next = values[at];
    }
  }
}

/**
 * How much of the variance of the returns the values explain: 1 is perfect, 0 is as good as a constant, below 0 is
 * worse than one. NaN where the returns do not vary.
 */
export function explainedVariance(values: Float32Array, returns: Float32Array): number {
  const spread = variance(returns.length, i => returns[i]);
  return spread === 0 ? Number.NaN : 1 - variance(returns.length, i => returns[i] - values[i]) / spread;
}

function variance(count: number, at: (i: number) => number): number {
  let mean = 0;
  for (let i = 0; i < count; i++) mean += at(i) / count;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (at(i) - mean) ** 2;
  return sum / count;
}
