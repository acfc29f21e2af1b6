import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';

/** What a layer does with its sums, element by element; `linear` is nothing. */
export type Activation = 'linear' | 'relu' | 'elu' | 'sigmoid' | 'tanh';

interface Definition {
  readonly forward: (x: Tensor) => Tensor;
  /** The gradient before the activation, from the one after it and the activation's output `y`. */
  readonly backward: (dy: Tensor, y: Tensor) => Tensor;
}

/** Activations whose gradient can be had from their output alone, so that a layer need not keep its sums. */
export const activations: Readonly<Record<Activation, Definition>> = {
  linear: { forward: x => x, backward: dy => dy },
  relu: { forward: tf.relu, backward: (dy, y) => tf.mul(dy, tf.step(y)) },
  elu: {
    forward: tf.elu,
    backward: (dy, y) => tf.engine().runKernel('EluGrad', { dy, y }) as Tensor,
  },
  sigmoid: { forward: tf.sigmoid, backward: (dy, y) => tf.mul(dy, tf.sub(y, tf.square(y))) },
  tanh: { forward: tf.tanh, backward: (dy, y) => tf.sub(dy, tf.mul(dy, tf.square(y))) },
};
