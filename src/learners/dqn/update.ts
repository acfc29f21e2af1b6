import {
  type Adam,
  adam,
  adamInit,
  clipByGlobalNorm,
  compile,
  fromVector,
  type HostTensor,
  type Tensor,
  tf,
  toVector,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { DqnConfig } from './config.ts';
import { type DqnBatch, dqnLoss, targetsOf } from './loss.ts';
import { type DqnWeights, valuesOf } from './networks.ts';

interface UpdateArguments extends DqnBatch {
  readonly online: DqnWeights<Tensor>;
  readonly target: DqnWeights<Tensor>;
  readonly optimizer: Adam<Tensor>;
  /**
   * The share of the online network that the target network takes after the step, the same in each row, [B]: 1 is a copy, 0
   * leaves it alone. An input, so that copies fall where they are due within many steps of one call.
   */
  readonly shares: Tensor;
  readonly learningRate: Tensor;
}

/** One gradient step on one batch, as a program that owns both networks and the optimiser's state. */
export const compileDqnUpdate = (config: DqnConfig, initial: DqnWeights<HostTensor>, executor?: string) =>
  compile(
    ({ online, target, optimizer, shares, learningRate, ...batch }: UpdateArguments) => {
      const judge = valuesOf(target, batch.nextObservations, config);
      const chooser = config.double ? valuesOf(online, batch.nextObservations, config) : judge;
      const targets = targetsOf(batch, chooser, judge);
      const { gradient, loss, errors, value } = valueAndGrad(
        (candidate: DqnWeights<Tensor>) =>
          dqnLoss(batch, valuesOf(candidate, batch.observations, config), targets, config),
        online,
      );
      const { gradient: change, norm } = clipByGlobalNorm(gradient, config.maxGradientNorm ?? Infinity);
      const next = adam(online, change, optimizer, { learningRate, epsilon: config.adamEpsilon });
      const share = tf.max(shares);
      // Not a step towards it: a copy must have the same bits.
      const moved = tf.add(tf.mul(toVector(next.params), share), tf.mul(toVector(target), tf.sub(1, share)));
      return {
        online: next.params,
        target: fromVector(moved, target),
        optimizer: next.optimizer,
        tdLoss: loss,
        errors,
        value,
        gradientNorm: norm,
      };
    },
    {
      state: { online: initial, target: initial, optimizer: adamInit(initial) },
      name: 'dqn update',
      ...(executor !== undefined && { executor }),
    },
  );
