import { actionSize, flatSize } from '../../env/spaces.ts';
import type { Slab, SlabFields } from '../contract.ts';
import type { Spaces } from '../policy.ts';

/** How much one explorer collects at once. */
export interface TransitionShape {
  readonly spaces: Spaces;
  /** T: steps of every copy. */
  readonly steps: number;
  /** n: environment copies. */
  readonly count: number;
}

/** The columns of a stretch of experience. Row `t · n + i` is step t of copy i. */
export function transitionFields({ spaces, steps, count }: TransitionShape) {
  const each = [steps, count];
  const observations = { dtype: 'float32', shape: [...each, flatSize(spaces.observation)] } as const;
  return {
    /** Raw, before the action. */
    observations,
    /** As the environment was given them, within its bounds. */
    actions: actionField(spaces, each),
    /** Of the step itself. */
    rewards: { dtype: 'float32', shape: each },
    terminated: { dtype: 'uint8', shape: each },
    truncated: { dtype: 'uint8', shape: each },
    /** What the step led to: where an episode ended, its true last observation, never the first of the next one. */
    nextObservations: observations,
    /** Sum of rewards of the episode that ended at the step, NaN where none did. */
    episodeReturns: { dtype: 'float32', shape: each },
    /** Its length, NaN where none ended. */
    episodeLengths: { dtype: 'float32', shape: each },
    /** Which stretch of this explorer's experience it is, from 0. */
    round: { dtype: 'int32', shape: [1] },
    /** Of the policy that acted. */
    version: { dtype: 'int32', shape: [1] },
    /** Which copy of the group collected it. */
    worker: { dtype: 'int32', shape: [1] },
  } as const satisfies SlabFields;
}

/** The columns that `transitionFields` gives. */
export type TransitionFields = ReturnType<typeof transitionFields>;
/** A stretch of experience of one explorer: `steps` steps of each of its `count` copies. */
export type Transitions = Slab<TransitionFields>;

/** How much a replay sends at once. */
export interface HelpingShape {
  readonly spaces: Spaces;
  /** B: rows of a batch, which one gradient step learns from. */
  readonly batch: number;
  /** U: batches of a helping, at most. */
  readonly updates: number;
}

/**
 * The columns of a helping: batches that were drawn one after the other, before any of them was learned from. Row `u · B + b` is row b of
 * batch u. A round of experience is followed by its helpings, the last of which says so; by an empty one, where no update is due.
 */
export function helpingFields({ spaces, batch, updates }: HelpingShape) {
  const each = [updates, batch];
  const observations = { dtype: 'float32', shape: [...each, flatSize(spaces.observation)] } as const;
  return {
    observations,
    actions: actionField(spaces, each),
    /** Σ γᵏ · reward over the n steps, fewer where the episode ended. */
    rewards: { dtype: 'float32', shape: each },
    /** What the value of `nextObservations` counts: γⁿ, and 0 where the episode terminated (not where it was truncated). */
    discounts: { dtype: 'float32', shape: each },
    /** After the n steps, or the true last observation. */
    nextObservations: observations,
    /** Importance weights, 1 for uniform draws. */
    weights: { dtype: 'float32', shape: each },
    /** Where the rows lie in the store: what priorities are given back for. */
    indices: { dtype: 'int32', shape: each },
    /** The round of experience that came in last before these were drawn. */
    round: { dtype: 'int32', shape: [1] },
    /** Which helping of its round, from 0. */
    helping: { dtype: 'int32', shape: [1] },
    /** Batches that are filled, 0 … U. */
    count: { dtype: 'int32', shape: [1] },
    /** 1 where no more of this round follow. */
    last: { dtype: 'uint8', shape: [1] },
    /** Transitions that the store holds. */
    stored: { dtype: 'int32', shape: [1] },
    /** Episodes that have ended so far, over all copies. */
    episodes: { dtype: 'int32', shape: [1] },
    /** Mean return of the last hundred of them; it says nothing before one has ended. */
    episodeReturn: { dtype: 'float64', shape: [1] },
    /** Their mean length, in steps. */
    episodeLength: { dtype: 'float64', shape: [1] },
  } as const satisfies SlabFields;
}

/** The columns that `helpingFields` gives. */
export type HelpingFields = ReturnType<typeof helpingFields>;
/** Up to `updates` batches to learn from. */
export type Helping = Slab<HelpingFields>;

/** The columns of priorities on their way back, for the rows of one helping. */
export function priorityFields({ batch, updates }: Pick<HelpingShape, 'batch' | 'updates'>) {
  const each = [updates, batch];
  return {
    round: { dtype: 'int32', shape: [1] },
    helping: { dtype: 'int32', shape: [1] },
    /** Batches that are filled. */
    count: { dtype: 'int32', shape: [1] },
    indices: { dtype: 'int32', shape: each },
    /** |TD error| by row, before any exponent. */
    errors: { dtype: 'float32', shape: each },
  } as const satisfies SlabFields;
}

/** The columns that `priorityFields` gives. */
export type PriorityFields = ReturnType<typeof priorityFields>;
/** What a learner thinks of the rows of a helping. */
export type Priorities = Slab<PriorityFields>;

const actionField = (spaces: Spaces, each: readonly number[]) =>
  ({
    dtype: spaces.action.kind === 'box' ? 'float32' : 'int32',
    shape: [...each, actionSize(spaces.action)],
  }) as { dtype: 'float32' | 'int32'; shape: readonly number[] };
