import type { Spaces } from '../../actors/policy.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  type Tensor,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { CloningConfig } from './config.ts';
import { cloningLoss } from './loss.ts';
import { type CloningWeights, outputsOf } from './networks.ts';

interface UpdateArguments {
  readonly weights: CloningWeights<Tensor>;
  readonly optimizer: Adam<Tensor>;
  readonly observations: Tensor;
  readonly actions: Tensor;
}

/** One gradient step on one batch, as a program that owns the weights and the optimiser's state. */
export const compileCloningUpdate = (
  config: CloningConfig,
  { action }: Spaces,
  initial: CloningWeights<HostTensor>,
) =>
  compile(
    ({ weights, optimizer, observations, actions }: UpdateArguments) => {
      const { gradient, ...figures } = valueAndGrad((candidate: CloningWeights<Tensor>) => {
        const head = { outputs: outputsOf(candidate, observations, config), logStd: candidate.logStd };
        return cloningLoss(action, head, actions, config.loss);
      }, weights);
      const { learningRate, adamEpsilon: epsilon, weightDecay } = config;
      const next = adam(weights, gradient, optimizer, { learningRate, epsilon, weightDecay });
      return { weights: next.params, optimizer: next.optimizer, ...figures };
    },
    { state: { weights: initial, optimizer: adamInit(initial) }, name: 'behavior cloning update' },
  );
