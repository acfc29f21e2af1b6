import type { Spaces } from '../../actors/policy.ts';
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
import type { PpoConfig } from './config.ts';
import { type PpoBatch, ppoLoss } from './loss.ts';
import { actionsFor, type Normalizer, normalize, type PpoWeights, valuesFor } from './networks.ts';

interface UpdateArguments extends PpoBatch {
  readonly weights: PpoWeights<Tensor>;
  readonly optimizer: Adam<Tensor>;
  readonly normalizer?: Normalizer<Tensor>;
  readonly learningRate: Tensor;
  readonly clip: Tensor;
}

type LogProbsArguments = Pick<UpdateArguments, 'weights' | 'normalizer' | 'observations' | 'actions'>;

/** One gradient step on one minibatch, as a program that owns the weights and the optimiser's state. */
export const compilePpoUpdate = (
  config: PpoConfig,
  { action }: Spaces,
  initial: PpoWeights<HostTensor>,
  executor?: string,
) =>
  compile(
    ({ weights, optimizer, normalizer, learningRate, clip, ...batch }: UpdateArguments) => {
      const inputs = normalize(batch.observations, normalizer);
      const lossOf = (candidate: PpoWeights<Tensor>) =>
        ppoLoss(
          batch,
          actionsFor(candidate, inputs, config, action),
          valuesFor(candidate, inputs, config),
          clip,
          config,
        );
      const { gradient, loss: _, ...figures } = valueAndGrad(lossOf, weights);
      const { gradient: change, norm } = clipByGlobalNorm(gradient, config.maxGradientNorm ?? Infinity);
      const next = adam(weights, change, optimizer, { learningRate, epsilon: config.adamEpsilon });
      return {
        weights: next.params,
        optimizer: next.optimizer,
        ...figures,
        gradientNorm: norm,
        ...(weights.logStd && { actionStd: tf.mean(tf.exp(weights.logStd)) }),
      };
    },
    {
      state: { weights: initial, optimizer: adamInit(initial) },
      name: 'ppo update',
      ...(executor !== undefined && { executor }),
    },
  );

/** Log-probabilities of actions, [B], under the weights that an update program owns. */
export const compileLogProbs = (
  config: PpoConfig,
  { action }: Spaces,
  { state }: Awaited<ReturnType<typeof compilePpoUpdate>>,
) =>
  compile(
    ({ weights, normalizer, observations, actions }: LogProbsArguments) => ({
      logProbs: actionsFor(weights, normalize(observations, normalizer), config, action).logProb(actions),
    }),
    { state, name: 'ppo log-probabilities' },
  );
