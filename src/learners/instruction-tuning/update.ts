import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  leafVector,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { LanguageModel, LanguageModelConfig } from '../language-model/index.ts';
import { modelLoss } from './loss.ts';

interface Inputs {
  readonly params: LanguageModel<Tensor>;
  readonly optimizer: Adam<Tensor>;
  /** [rows, length], int32 */
  readonly ids: Tensor;
  /** [rows, length] */
  readonly lossMask: Tensor;
  readonly learningRate: Tensor;
}

/**
 * Compiles one step of AdamW on the tokens of a batch that count.
 * @param weightDecay of matrices; norms and biases have none
 */
export function compileUpdate(
  initial: LanguageModel<HostTensor>,
  config: LanguageModelConfig,
  weightDecay = 0,
) {
  const decays = leafVector(initial, (_, { length }) => (length > 1 ? weightDecay : 0)).data;
  return compile(
    ({ params, optimizer, ids, lossMask, learningRate }: Inputs) => {
      const { gradient, loss } = valueAndGrad(
        (candidate: LanguageModel<Tensor>) => ({ loss: modelLoss(candidate, config, { ids, lossMask }) }),
        params,
      );
      const options = {
        learningRate,
        weightDecay: weightDecay > 0 ? tf.tensor1d(decays as Float32Array) : 0,
      };
      return { ...adam(params, gradient, optimizer, options), loss };
    },
    { name: 'instruction tuning', state: { params: initial, optimizer: adamInit(initial) } },
  );
}
