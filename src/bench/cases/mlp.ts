import { adamInit, mlp, mlpInit, tf } from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { descend, normal } from './train.ts';

/** Regression by dense layers: mean squared error. @param sizes inputs, hidden layers, outputs */
export const mlpCase = (sizes: readonly number[], batch: number) =>
  defineCase({
    name: `MLP ${sizes.join('-')}, batch ${batch}`,
    program: 'mlp',
    state(random) {
      const params = mlpInit(random, sizes);
      return { params, optimizer: adamInit(params) };
    },
    inputs: random => ({
      x: normal(random, [batch, sizes[0]]),
      y: normal(random, [batch, sizes.at(-1)!]),
      learningRate: 1e-3,
    }),
    step: ({ params, optimizer, x, y, learningRate }) =>
      descend(params, optimizer, learningRate, candidate =>
        tf.mean(tf.square(tf.sub(mlp(candidate, x, 'tanh'), y))),
      ),
  });
