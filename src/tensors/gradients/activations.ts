import * as tf from '../tfjs.ts';
import { ofInput, ofOutput } from './elementwise.ts';
import { kernel, type Row, row, sumTo, where } from './row.ts';

/** λα and λ of Klambauer et al. 2017, "Self-Normalizing Neural Networks". */
const SELU_SCALE_ALPHA = 1.7580993408473768;
const SELU_SCALE = 1.0507009873554805;

/** What layers put after their sums. At a kink it is the slope of the left side, as in PyTorch. */
export const activations: readonly Row[] = [
  // A product with a mask here: on wasm a quarter of the time of comparing and selecting.
  ofOutput('Relu', (dy, y) => tf.mul(dy, tf.step(y))),
  ofOutput('Relu6', (dy, y) => where(tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6)), dy)),
  ofInput<{ alpha: number }>('LeakyRelu', (dy, x, { alpha }) => tf.mul(dy, tf.step(x, alpha))),
  ofOutput('Elu', (dy, y) => kernel('EluGrad', { dy, y })),
  // dy (y + 1) below zero, dy above it: what gradients of gradients need.
  row('EluGrad', { inputs: ['dy', 'y'] }, (slope, [dy, y]) => ({
    dy: () => kernel('EluGrad', { dy: slope, y }),
    y: () => where(tf.less(y, 0), tf.mul(slope, dy)),
  })),
  ofOutput('Selu', (dy, y) => {
    const below = tf.add(y, SELU_SCALE_ALPHA);
    const slope = { condition: tf.greater(y, 0), t: tf.fill(y.shape, SELU_SCALE), e: below };
    return tf.mul(dy, kernel('Select', slope));
  }),
  row('Prelu', { inputs: ['x', 'alpha'] }, (dy, [x, alpha]) => ({
    x: () => kernel('Select', { condition: tf.greater(x, 0), t: dy, e: tf.mul(dy, alpha) }),
    alpha: () => sumTo(tf.mul(dy, tf.minimum(x, 0)), alpha.shape),
  })),
  ofOutput('Sigmoid', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  ofInput('Softplus', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  ofOutput('Tanh', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
];
