import {
  compile,
  type HostTensor,
  labelCrossEntropy,
  type Sgd,
  sgd,
  sgdInit,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { type Classifier, classify } from '../classifier/index.ts';
import type { BootstrapConfig } from './config.ts';

interface StepArguments {
  readonly params: Classifier<Tensor>;
  readonly optimizer: Sgd<Tensor>;
  /** [batch, ...shape] */
  readonly x: Tensor;
  /** [batch], int32 */
  readonly y: Tensor;
  readonly learningRate: Tensor;
}

/**
 * One step of SGD on the mean cross-entropy of a batch, as a program that owns the weights: the same one in every world.
 * Neither smoothing nor temperature, on which soft errors depend.
 */
export const compileWorldStep = (
  { momentum, weightDecay }: Pick<BootstrapConfig, 'momentum' | 'weightDecay'>,
  initial: Classifier<HostTensor>,
  executor?: string,
) =>
  compile(
    ({ params, optimizer, x, y, learningRate }: StepArguments) => {
      const lossOf = (candidate: Classifier<Tensor>) => ({
        loss: tf.mean(labelCrossEntropy(classify(candidate, x), y)),
      });
      const { gradient, loss } = valueAndGrad(lossOf, params);
      const next = sgd(params, gradient, optimizer, { learningRate, momentum, weightDecay });
      return momentum === 0
        ? { params: next.params, loss }
        : { params: next.params, optimizer: next.optimizer, loss };
    },
    {
      state: { params: initial, optimizer: sgdInit(initial) },
      name: 'world step',
      ...(executor !== undefined && { executor }),
    },
  );
