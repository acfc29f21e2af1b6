import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  type Tensor,
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

/** Compiles one step of Adam on the tokens of a batch that count. */
export const compileUpdate = (initial: LanguageModel<HostTensor>, config: LanguageModelConfig) =>
  compile(
    ({ params, optimizer, ids, lossMask, learningRate }: Inputs) => {
      const { gradient, loss } = valueAndGrad(
        (candidate: LanguageModel<Tensor>) => ({ loss: modelLoss(candidate, config, { ids, lossMask }) }),
        params,
      );
      return { ...adam(params, gradient, optimizer, { learningRate }), loss };
    },
    { name: 'instruction tuning', state: { params: initial, optimizer: adamInit(initial) } },
  );
