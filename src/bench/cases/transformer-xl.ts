import {
  emptyMemory,
  guessSums,
  type LanguageModel,
  languageModelConfig,
  languageModelInit,
  nextTokenLogits,
  readSegment,
} from '../../learners/language-model/index.ts';
import {
  adam,
  adamInit,
  clipByGlobalNorm,
  hostZeros,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { integers, MAX_NORM } from './train.ts';

/** What a case is of: B lanes of L tokens, and M places of memory. */
export interface TransformerXlSizes {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly lanes: number;
  readonly length: number;
  readonly memory: number;
  readonly vocabulary: number;
}

/** A training step of Transformer-XL as its learner takes it, its memory moved on from step to step (pre-norm, ReLU, four times as wide). */
export const transformerXlCase = (sizes: TransformerXlSizes) => {
  const { layers, width, heads, lanes, length, memory: places, vocabulary } = sizes;
  const config = languageModelConfig.parse({ layers, width, heads, inner: 4 * width });
  return defineCase({
    name: `${layers} blocks of ${width}, ${heads} heads, ${lanes}×${length} tokens of ${vocabulary}, memory ${places}`,
    program: 'transformer-xl',
    state(random) {
      const params = languageModelInit(random, config, vocabulary);
      return { params, memory: emptyMemory(config, lanes, places), optimizer: adamInit(params) };
    },
    inputs: random => ({
      ids: integers(random, [lanes, length], vocabulary),
      next: integers(random, [lanes, length], vocabulary),
      reset: hostZeros([lanes]),
      learningRate: 1e-3,
    }),
    step({ params, memory, optimizer, ids, next, reset, learningRate }) {
      const { gradient, loss, after } = valueAndGrad((model: LanguageModel<Tensor>) => {
        const read = readSegment(model, ids, memory, config, { reset });
        const { nats, counted } = guessSums(nextTokenLogits(model, read.hidden), next);
        return { loss: tf.div(nats, tf.maximum(counted, 1)), after: read.memory };
      }, params);
      const cut = clipByGlobalNorm(gradient, MAX_NORM);
      return { ...adam(params, cut.gradient, optimizer, { learningRate }), memory: after, loss };
    },
  });
};
