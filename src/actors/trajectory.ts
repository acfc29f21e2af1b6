import { sizeOf, zeros } from '../core/arrays.ts';
import { actionSize, flatSize } from '../env/spaces.ts';
import type { Slab, SlabFields } from './contract.ts';
import type { PolicyRef, Spaces } from './policy.ts';

/** How much one worker collects at once. */
export interface TrajectoryShape {
  readonly spaces: Spaces;
  /** T: steps of every copy. */
  readonly steps: number;
  /** n: environment copies. */
  readonly count: number;
}

/** The columns of a trajectory. Row `t · n + i` is step t of copy i. */
export function trajectoryFields({ spaces, steps, count }: TrajectoryShape) {
  const each = [steps, count];
  const actions = {
    dtype: spaces.action.kind === 'box' ? 'float32' : 'int32',
    shape: [...each, actionSize(spaces.action)],
  } as const satisfies SlabFields[string];
  return {
    /** Raw, before the action. */
    observations: { dtype: 'float32', shape: [...each, flatSize(spaces.observation)] },
    /** As the policy drew them: unbounded, where the environment was given them within its bounds. */
    actions: actions as { dtype: 'float32' | 'int32'; shape: readonly number[] },
    /** Log-probability of the action under the policy that drew it. */
    logProbs: { dtype: 'float32', shape: each },
    /** V(observation) by the same policy. */
    values: { dtype: 'float32', shape: each },
    rewards: { dtype: 'float32', shape: each },
    terminated: { dtype: 'uint8', shape: each },
    truncated: { dtype: 'uint8', shape: each },
    /** V of the true final observation where the step was truncated; elsewhere 0. */
    bootstrapValues: { dtype: 'float32', shape: each },
    /** V of the observation after the last step; of a new episode's first where one ended there. */
    lastValues: { dtype: 'float32', shape: [count] },
    /** Sum of rewards of the episode that ended at the step, NaN where none did. */
    episodeReturns: { dtype: 'float32', shape: each },
    /** Its length, NaN where none ended. */
    episodeLengths: { dtype: 'float32', shape: each },
    /** Which stretch of this worker's experience it is, from 0. */
    round: { dtype: 'int32', shape: [1] },
    /** Of the policy that acted. */
    version: { dtype: 'int32', shape: [1] },
    /** Which copy of the group collected it. */
    worker: { dtype: 'int32', shape: [1] },
  } as const satisfies SlabFields;
}

/** The columns that `trajectoryFields` gives. */
export type TrajectoryFields = ReturnType<typeof trajectoryFields>;
/** A stretch of experience of one worker: `steps` steps of each of its `count` copies. */
export type Trajectory = Slab<TrajectoryFields>;

/** The columns of a policy on its way to those who act with it. */
export function policyFields(policy: PolicyRef) {
  return {
    /** Counts up from 0 with each update. */
    version: { dtype: 'int32', shape: [1] },
    /** All parameters end to end, normalisation included. */
    parameters: { dtype: 'float32', shape: [policy.size] },
  } as const satisfies SlabFields;
}

/** The columns that `policyFields` gives. */
export type PolicyFields = ReturnType<typeof policyFields>;
/** One version of a policy: its number and all its parameters. */
export type PolicySlab = Slab<PolicyFields>;

/** A slab of one's own, all zeros. */
export function allocateSlab<F extends SlabFields>(fields: F): Slab<F> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { dtype, shape }]) => [name, zeros(dtype, sizeOf(shape))]),
  ) as unknown as Slab<F>;
}

/** Copies every column. */
export function copySlab<F extends SlabFields>(from: Slab<F>, to: Slab<F>): void {
  for (const name in to) (to[name] as Float32Array).set(from[name] as Float32Array);
}
