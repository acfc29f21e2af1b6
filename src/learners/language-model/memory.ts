import { usageError } from '../../core/errors.ts';
import {
  additiveMask,
  causalMask,
  type HostTensor,
  hostZeros,
  nextMemory,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import type { LanguageModelConfig } from './config.ts';
import { type Dropout, type LanguageModel, readTokens } from './network.ts';

/** What a model remembers of earlier segments, lane by lane. */
export interface Memory<T> {
  /** Each block's inputs, [lanes, places, width], the newest last; none where there are no places. */
  readonly layers: readonly T[];
  /** [lanes]: how many of the last places hold something. The others must not be seen: a zero there is no nothing. */
  readonly filled: T;
}

/** A memory with nothing in it. @param places M; 0: a model that remembers nothing */
export function emptyMemory(
  { layers, width }: Pick<LanguageModelConfig, 'layers' | 'width'>,
  lanes: number,
  places: number,
): Memory<HostTensor> {
  const blocks = places === 0 ? 0 : layers;
  return {
    layers: Array.from({ length: blocks }, () => hostZeros([lanes, places, width])),
    filled: hostZeros([lanes]),
  };
}

/** How far back a token sees. */
export interface Sight {
  /**
   * Every token sees exactly as many keys as the memory has places, itself among them, as far as they are filled (`same_length` of
   * the original, for evaluation). Default: all of the memory, and its segment up to itself.
   */
  readonly sameLength?: boolean | undefined;
}

/**
 * What may be seen of a memory that is not full everywhere, and of the segment: to add to scores.
 * @param filled [lanes], float32: how many of the last places hold something
 * @param length of the segment
 * @param places of the memory
 * @returns [1, lanes, length, places + length]; [length, length] without places
 */
export function memoryMask(
  filled: Tensor,
  length: number,
  places: number,
  { sameLength = false }: Sight = {},
): Tensor {
  if (sameLength && places === 0)
    throw usageError('sameLength: expected a memory of 1 or more places, got 0');
  const causal = causalMask(length, places + length, sameLength ? places : undefined);
  if (places === 0) return causal;
  const lanes = filled.shape[0] ?? 0;
  const age = tf.range(places, 0, -1);
  const kept = tf.lessEqual(tf.reshape(age, [1, places]), tf.reshape(filled, [lanes, 1]));
  const seen = tf.concat([tf.cast(kept, 'float32'), tf.ones([lanes, length])], 1);
  return tf.add(causal, tf.reshape(additiveMask(seen), [1, lanes, 1, places + length]));
}

/**
 * Which part of [memory ; segment] is the memory of the next segment (Dai et al., 2019, in its code: `_update_mems`, whose callers
 * there pass `memory` and `segment` the wrong way round).
 * @param memory places that are filled
 * @param segment tokens
 * @param places M
 * @param extended tokens at the end of the segment that are read again with the next one, so that they are not remembered yet. Default 0
 * @returns [begin, end)
 */
export function memoryRange(
  memory: number,
  segment: number,
  places: number,
  extended = 0,
): readonly [begin: number, end: number] {
  const end = memory + Math.max(0, segment - extended);
  return [Math.max(0, end - places), end];
}

/** How a segment is read. */
export interface SegmentReading extends Sight {
  /** [lanes], 1 where a lane begins anew, else 0. Default: nowhere. */
  readonly reset?: Tensor | undefined;
  /** A control: each lane sees the memory of the next one instead of its own. */
  readonly shuffled?: boolean | undefined;
  readonly dropout?: Dropout | undefined;
}

/**
 * Reads one segment of each lane with the memory of those before.
 * @param ids [lanes, length], int32
 * @returns `hidden`, [lanes, length, width], and the memory that the next segment is read with, a constant to gradients
 */
export function readSegment(
  params: LanguageModel<Tensor>,
  ids: Tensor,
  memory: Memory<Tensor>,
  config: LanguageModelConfig,
  { reset, shuffled = false, sameLength, dropout }: SegmentReading = {},
): { readonly hidden: Tensor; readonly memory: Memory<Tensor> } {
  const length = ids.shape[1] ?? 0;
  const places = memory.layers[0]?.shape[1] ?? 0;
  const filled = reset ? tf.mul(memory.filled, tf.sub(1, reset)) : memory.filled;
  const other = (x: Tensor): Tensor => (shuffled ? nextLane(x) : x);
  const { hidden, inputs } = readTokens(params, ids, config, {
    memory: memory.layers.map(other),
    mask: memoryMask(other(filled), length, places, { sameLength }),
    dropout,
  });
  return {
    hidden,
    memory: {
      layers: memory.layers.map((layer, i) => nextMemory(layer, inputs[i] ?? layer)),
      filled: tf.minimum(tf.add(filled, length), places),
    },
  };
}

/** Rows moved up by one, the first one last. */
function nextLane(x: Tensor): Tensor {
  const rest = x.shape.slice(1);
  const lanes = x.shape[0] ?? 0;
  const zeros = rest.map(() => 0);
  return tf.concat([
    tf.slice(x, [1, ...zeros], [lanes - 1, ...rest]),
    tf.slice(x, [0, ...zeros], [1, ...rest]),
  ]);
}
