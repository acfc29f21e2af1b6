import { usageError } from '../../core/errors.ts';

/** What the cost of a language model depends on: see `languageModelConfig`. */
export interface CostedModel {
  readonly layers: number;
  readonly width: number;
  readonly inner: number;
}

/** How a block reads. */
export interface BlockReading {
  /** Tokens whose states are computed: a segment, or a window. */
  readonly queries: number;
  /** Tokens that can be seen: those, and the memory. */
  readonly keys: number;
  /** Whether distances have keys of their own. */
  readonly relative: boolean;
  /** Whether queries are projected of the memory too, and thrown away, as the original's code does. Default: no. */
  readonly queriesOfMemory?: boolean;
}

/**
 * Multiply-adds of one reading of one lane, of the blocks alone: projections (queries, keys, values, output; of distances the keys),
 * the feed-forward net, and the products of attention. What is masked counts, since it is computed.
 */
export function readingCost(
  { layers, width, inner }: CostedModel,
  { queries, keys, relative, queriesOfMemory = false }: BlockReading,
): number {
  if (keys < queries) throw usageError(`keys = ${keys}: expected at least queries = ${queries}`);
  const square = width * width;
  const projections =
    (queriesOfMemory ? keys : queries) * square +
    2 * keys * square +
    (relative ? keys * square : 0) +
    queries * square;
  const feedForward = 2 * queries * width * inner;
  const attention = (relative ? 3 : 2) * queries * keys * width;
  return layers * (projections + feedForward + attention);
}

/** The two ways to give every token the same context. */
export interface Ways {
  /** Tokens that a prediction can see beside those of its own segment: the memory, and the length of a window. */
  readonly attention: number;
  /** Tokens a segment. */
  readonly segment: number;
}

/**
 * How many times more a sliding window of stride 1 computes for a token than reading segments with a memory, as the source counts
 * it: windows with absolute positions, queries projected of the whole memory. Three blocks of width 128, 512 inner units,
 * segments of 32: 21.6, 35.8, 54.7, 79.1 and 114 at an attention length of 32, 64, 128, 256 and 512.
 */
export function costRatioOfOriginal(model: CostedModel, { attention, segment }: Ways): number {
  const window = readingCost(model, { queries: attention, keys: attention, relative: false });
  const streaming = readingCost(model, {
    queries: segment,
    keys: attention + segment,
    relative: true,
    queriesOfMemory: true,
  });
  return window / (streaming / segment);
}

/** The same of what is computed here: windows have relative positions too, and queries are of the segment alone. */
export function costRatio(model: CostedModel, { attention, segment }: Ways): number {
  const window = readingCost(model, { queries: attention, keys: attention, relative: true });
  const streaming = readingCost(model, { queries: segment, keys: attention + segment, relative: true });
  return window / (streaming / segment);
}
