import { usageError } from '../../core/errors.ts';

/** What the alive correction is worked out from. */
export interface Survival {
  /** Episodes that ended in a batch of the hybrid simulator. */
  readonly ends: number;
  /** Environments that the batch comes from. */
  readonly environments: number;
  /** Steps in the batch, over all environments. */
  readonly steps: number;
  /** Mean length of the target's episodes, steps. */
  readonly targetLength: number;
}

/**
 * What is added to every reward of a batch, so that a logit as reward neither pays nor punishes survival: with
 * `n_d = ends + environments / 2`, `n_e = steps / targetLength` and `d = 1 − n_d / (n_d + n_e)`, it is
 * `c = −(log d − log(1 − d)) = log(n_d / n_e)`. Above zero where simulated episodes end too early (SimGAN's code; see
 * `parameterTransforms`).
 * @throws a usage error for counts below zero, or no environments, steps or length
 */
export function aliveCorrection({ ends, environments, steps, targetLength }: Survival): number {
  if (!(ends >= 0 && Number.isFinite(ends)))
    throw usageError(`aliveCorrection: ends = ${ends}, expected a number of at least 0`);
  for (const [name, value] of Object.entries({ environments, steps, targetLength })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw usageError(`aliveCorrection: ${name} = ${value}, expected a number above 0`);
  }
  return Math.log((ends + environments / 2) / (steps / targetLength));
}
