import {
  type Adam,
  adam,
  adamInit,
  clipByGlobalNorm,
  compile,
  type HostTensor,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import {
  adaptiveSums,
  type ClusterTargets,
  emptyMemory,
  guessSums,
  type LanguageModel,
  type LanguageModelConfig,
  type Memory,
  nextTokenLogits,
  readSegment,
} from '../language-model/index.ts';
import type { XlConfig } from './config.ts';

interface State {
  readonly params: LanguageModel<Tensor>;
  readonly optimizer: Adam<Tensor>;
  readonly memory: Memory<Tensor>;
}

interface Inputs {
  /** [B, L], int32 */
  readonly ids: Tensor;
  /** [B, L], int32; −1: not to be guessed */
  readonly next: Tensor;
  /** [B], float32: 1 where the lane begins anew */
  readonly reset: Tensor;
  readonly learningRate: Tensor;
  /** [2, B, L, width], uniform in [0, 1): only with dropout */
  readonly noise?: Tensor;
  /** Of `next`: only with an adaptive softmax */
  readonly clusters?: ClusterTargets<Tensor>;
}

/** What the update is compiled for. */
export interface UpdateForm {
  readonly model: LanguageModelConfig;
  readonly lanes: number;
  /** M; 0: vanilla */
  readonly memory: number;
  readonly settings: Pick<XlConfig, 'clip' | 'dropout'>;
}

/**
 * One gradient step on one segment of each lane: the mean cross-entropy of what is to be guessed, its gradient cut to a global norm,
 * Adam. The memory is state beside the parameters: read as it was, and moved on with the step; no gradient flows into it.
 */
export async function compileXlUpdate(
  initial: LanguageModel<HostTensor>,
  { model, lanes, memory: places, settings }: UpdateForm,
) {
  return compile(
    ({ params, optimizer, memory, ids, next, reset, learningRate, noise, clusters }: State & Inputs) => {
      const dropout = noise && { rate: settings.dropout, noise };
      const { gradient, sums, after } = valueAndGrad((candidate: LanguageModel<Tensor>) => {
        const read = readSegment(candidate, ids, memory, model, { reset, dropout });
        const { adaptive, bias } = candidate;
        const guesses =
          adaptive && clusters
            ? adaptiveSums({ adaptive, bias }, tf.reshape(read.hidden, [ids.size, model.width]), clusters)
            : guessSums(nextTokenLogits(candidate, read.hidden), next);
        const loss = tf.div(guesses.nats, tf.maximum(guesses.counted, 1));
        return { loss, sums: guesses, after: read.memory };
      }, params);
      const cut = clipByGlobalNorm(gradient, settings.clip);
      return {
        ...adam(params, cut.gradient, optimizer, { learningRate }),
        memory: after,
        figures: { ...sums, gradientNorm: cut.norm },
      };
    },
    {
      name: places === 0 ? 'vanilla update' : 'transformer-xl update',
      state: { params: initial, optimizer: adamInit(initial), memory: emptyMemory(model, lanes, places) },
    },
  );
}
