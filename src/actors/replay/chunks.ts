import { flatSize } from '../../env/spaces.ts';
import type { Slab, SlabFields } from '../contract.ts';
import type { Spaces } from '../policy.ts';

/** How large a batch of chunks is. */
export interface ChunkShape {
  readonly spaces: Spaces;
  /** B: chunks of a batch. */
  readonly batch: number;
  /** L: rows of a chunk. */
  readonly length: number;
}

/**
 * The columns of a batch of chunks, pieces of whole episodes: B chunks of L rows in the order of time. Row t holds o_t, the
 * action a_{t−1} that led to it, and the reward r_t that came with it; an episode's first row has an action and a reward of zero.
 */
export function chunkFields({ spaces, batch, length }: ChunkShape) {
  const each = [batch, length];
  return {
    observations: { dtype: 'float32', shape: [...each, flatSize(spaces.observation)] },
    /** As the environment was given them; choices one-hot, so that no action is zeros. */
    actions: { dtype: 'float32', shape: [...each, flatSize(spaces.action)] },
    rewards: { dtype: 'float32', shape: each },
    /** Which batch it is, from 0. */
    index: { dtype: 'int32', shape: [1] },
    /** Episodes that had come in when it was drawn, in all. */
    episodes: { dtype: 'int32', shape: [1] },
  } as const satisfies SlabFields;
}

/** The columns that `chunkFields` gives. */
export type ChunkFields = ReturnType<typeof chunkFields>;
/** A batch of chunks. */
export type Chunks = Slab<ChunkFields>;
