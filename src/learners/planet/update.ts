import {
  type Adam,
  adam,
  adamInit,
  clipByGlobalNorm,
  compile,
  type HostTensor,
  type Tensor,
  valueAndGrad,
} from '../../tensors/index.ts';
import { type Chunks, chunkTerms } from './chunk.ts';
import { planetLoss } from './loss.ts';
import type { PlanetModel, PlanetParams } from './networks.ts';

interface UpdateArguments extends Chunks {
  readonly params: PlanetParams<Tensor>;
  readonly optimizer: Adam<Tensor>;
  readonly learningRate: Tensor;
}

/** One gradient step on a batch of chunks as a program that owns the parameters: loss, gradient, clipping, Adam. */
export const compilePlanetUpdate = (
  model: PlanetModel,
  initial: PlanetParams<HostTensor>,
  executor?: string,
) =>
  compile(
    ({ params, optimizer, learningRate, ...chunks }: UpdateArguments) => {
      const { config } = model;
      const lossOf = (candidate: PlanetParams<Tensor>) =>
        planetLoss(chunkTerms(candidate, chunks, model), config);
      const { gradient, ...figures } = valueAndGrad(lossOf, params);
      const { gradient: change, norm } = clipByGlobalNorm(gradient, config.maxGradientNorm);
      const next = adam(params, change, optimizer, { learningRate, epsilon: config.adamEpsilon });
      return { params: next.params, optimizer: next.optimizer, ...figures, gradientNorm: norm };
    },
    {
      state: { params: initial, optimizer: adamInit(initial) },
      name: 'planet update',
      ...(executor !== undefined && { executor }),
    },
  );
