import { Random } from '../../../src/core/random.ts';
import {
  emptyMemory,
  type LanguageModel,
  type LanguageModelConfig,
  languageModelConfig,
  languageModelInit,
  type Memory,
  nextTokenLogits,
  readSegment,
  type SegmentReading,
} from '../../../src/learners/language-model/index.ts';
import { type HostTensor, mapTree, type Tensor, tf } from '../../../src/tensors/index.ts';

/** Tokens of each of two lanes, and how many different ones there are. */
export const [lanes, tokens, vocabulary] = [2, 32, 7];
/** As many places as there are tokens: the memory holds the whole history. */
export const whole = tokens;

/** A model whose width no other axis has, with weights that make a difference. */
export function modelOf(options: Partial<LanguageModelConfig> = {}) {
  const config = languageModelConfig.parse({ layers: 2, width: 12, heads: 2, inner: 16, ...options });
  const init = languageModelInit(Random.fromSeed(1), config, vocabulary);
  const params = mapTree<HostTensor, HostTensor>(init, leaf =>
    leaf.shape.length > 1 ? { ...leaf, data: Float32Array.from(leaf.data, value => 10 * value) } : leaf,
  ) as unknown as LanguageModel<HostTensor>;
  return { config, params };
}

export const asTensors = <T>(tree: unknown): T =>
  mapTree<HostTensor, Tensor>(tree, ({ data, shape }) => tf.tensor(data, [...shape])) as unknown as T;

/** Logits of a text that is read in segments of `length`, [lanes, tokens, vocabulary]. */
export function logitsBySegments(
  { config, params }: ReturnType<typeof modelOf>,
  length: number,
  { memory: places = whole, ...reading }: SegmentReading & { readonly memory?: number } = {},
): Float32Array {
  const random = Random.fromSeed(2);
  const ids = Int32Array.from({ length: lanes * tokens }, () => random.integer(vocabulary));
  const model = asTensors<LanguageModel<Tensor>>(params);
  let memory = asTensors<Memory<Tensor>>(emptyMemory(config, lanes, places));
  const parts: Tensor[] = [];
  for (let at = 0; at < tokens; at += length) {
    const segment = tf.slice(tf.tensor(ids, [lanes, tokens], 'int32'), [0, at], [lanes, length]);
    const read = readSegment(model, segment, memory, config, reading);
    memory = read.memory;
    parts.push(nextTokenLogits(model, read.hidden));
  }
  return tf.concat(parts, 1).dataSync() as Float32Array;
}

/** The largest difference between two lists of numbers. */
export const apart = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
