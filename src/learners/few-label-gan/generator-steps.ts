import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  movingAverage,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { GeneratorConfig, GeneratorLearning } from './config.ts';
import { type GeneratorParams, generate } from './networks.ts';

/** What the generator keeps. */
export interface GeneratorState<T> {
  readonly params: GeneratorParams<T>;
  readonly optimizer: Adam<T>;
  /** The moving average of the parameters: what is judged. */
  readonly average: GeneratorParams<T>;
}

/** What images are made from. */
export interface Wanted {
  /** [images, noise], standard normal */
  readonly z: Tensor;
  /** [images], int32 */
  readonly y: Tensor;
}

/** What a step takes. */
export interface GeneratorInputs extends Wanted {
  /** The gradient of the objective with respect to the pixels that `z` and `y` gave, from the critique; of any shape. */
  readonly dx: Tensor;
  /** Of the moving average: 0 until it begins. */
  readonly decay: Tensor;
}

/**
 * The generator's step: Adam along the pixels' gradient, pulled back through the net. That is the gradient of Σ x · dx with
 * `dx` a constant.
 */
export function generatorStep(
  { params, optimizer, average, z, y, dx, decay }: GeneratorState<Tensor> & GeneratorInputs,
  config: GeneratorConfig,
  { learningRate, beta1, beta2 }: GeneratorLearning,
) {
  const { gradient } = valueAndGrad((candidate: GeneratorParams<Tensor>) => {
    const x = generate(candidate, z, y, config);
    return { loss: tf.sum(tf.mul(x, tf.reshape(dx, x.shape))) };
  }, params);
  const next = adam(params, gradient, optimizer, { learningRate, beta1, beta2 });
  return {
    params: next.params,
    optimizer: next.optimizer,
    average: movingAverage(average, next.params, decay),
  };
}

/** The two programs of the generator: `make` images, and `learn` from what was thought of them. They share its state. */
export async function compileGenerator(
  params: GeneratorParams<HostTensor>,
  config: GeneratorConfig,
  learning: GeneratorLearning,
) {
  const learn = await compile(
    (args: GeneratorState<Tensor> & GeneratorInputs) => generatorStep(args, config, learning),
    {
      state: { params, optimizer: adamInit(params), average: params },
      name: 'generator step',
    },
  );
  const make = await compile(
    ({ params, z, y }: Pick<GeneratorState<Tensor>, 'params'> & Wanted) => ({
      x: generate(params, z, y, config),
    }),
    { state: learn.state, name: 'generator' },
  );
  return { learn, make };
}
