import type { TypedArray } from './arrays.ts';

/**
 * Plain data that puts a thing back where it was. It survives structured clone bit for bit and is written to
 * checkpoints as it is (typed arrays as safetensors, the rest as JSON).
 */
export type Snapshot =
  | TypedArray
  | string
  | number
  | boolean
  | null
  | readonly Snapshot[]
  | { readonly [key: string]: Snapshot };
