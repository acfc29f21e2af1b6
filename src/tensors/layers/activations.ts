import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../ops.ts';
import { withOwnGradient } from './own-gradient.ts';

/**
 * What a layer does with its sums, element by element; `linear` is nothing.
 * - `leakyRelu`: x, or 0.2 · x where x is negative (the slope of DCGAN and its successors; PyTorch's default is 0.01)
 * - `gelu`: x · Φ(x), Φ the normal distribution function (Hendrycks & Gimpel, 2016); `geluTanh`: its approximation with tanh
 * - `silu`: x · sigmoid(x), also called swish
 * - `softplus`: ln(1 + eˣ)
 */
export type Activation =
  | 'linear'
  | 'relu'
  | 'leakyRelu'
  | 'elu'
  | 'sigmoid'
  | 'tanh'
  | 'gelu'
  | 'geluTanh'
  | 'silu'
  | 'softplus';

interface Definition {
  readonly forward: (x: Tensor) => Tensor;
  /** The gradient before the activation, from the one after it, the activation's output `y` and its input `x`. */
  readonly backward: (dy: Tensor, y: Tensor, x: Tensor) => Tensor;
  /** Whether the gradient needs `x`; where it can be had from `y` alone, a layer need not keep its sums. */
  readonly needsInput: boolean;
}

const fromOutput = (
  forward: Definition['forward'],
  backward: (dy: Tensor, y: Tensor) => Tensor,
): Definition => ({
  forward,
  backward,
  needsInput: false,
});

const fromInput = (forward: Definition['forward'], backward: Definition['backward']): Definition => ({
  forward,
  backward,
  needsInput: true,
});

const LEAK = 0.2;
// ½ (1 + tanh(√(2/π) (x + 0.044715 x³))) is sigmoid(x · (A + B x²)).
const A = 2 * Math.sqrt(2 / Math.PI);
const B = A * 0.044715;

const geluTanhGate = (x: Tensor): Tensor => tf.sigmoid(tf.mul(x, tf.add(tf.mul(tf.square(x), B), A)));

/** The activations and their gradients. */
export const activations: Readonly<Record<Activation, Definition>> = {
  linear: fromOutput(
    x => x,
    dy => dy,
  ),
  relu: fromOutput(tf.relu, (dy, y) => tf.mul(dy, tf.step(y))),
  leakyRelu: fromOutput(
    x => tf.leakyRelu(x, LEAK),
    (dy, y) => tf.mul(dy, tf.step(y, LEAK)),
  ),
  elu: fromOutput(tf.elu, (dy, y) => tf.engine().runKernel('EluGrad', { dy, y }) as Tensor),
  sigmoid: fromOutput(tf.sigmoid, (dy, y) => tf.mul(dy, tf.sub(y, tf.square(y)))),
  tanh: fromOutput(tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  gelu: fromInput(
    x => {
      const half = tf.mul(x, 0.5);
      return tf.add(half, tf.mul(half, tf.erf(tf.mul(x, Math.SQRT1_2))));
    },
    (dy, _y, x) => {
      // Φ(x) + x φ(x)
      const cdf = tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
      const pdf = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(cdf, tf.mul(x, pdf)));
    },
  ),
  geluTanh: fromInput(
    x => tf.mul(x, geluTanhGate(x)),
    (dy, y, x) => {
      // With gate g and y = x g: g + (y − y g) (A + 3 B x²)
      const gate = geluTanhGate(x);
      const inner = tf.add(tf.mul(tf.square(x), 3 * B), A);
      return tf.mul(dy, tf.add(gate, tf.mul(tf.sub(y, tf.mul(y, gate)), inner)));
    },
  ),
  silu: fromInput(
    x => tf.mul(x, tf.sigmoid(x)),
    (dy, y, x) => {
      const gate = tf.sigmoid(x);
      return tf.mul(dy, tf.add(gate, tf.sub(y, tf.mul(y, gate))));
    },
  ),
  softplus: fromInput(tf.softplus, (dy, _y, x) => tf.mul(dy, tf.sigmoid(x))),
};

/** An activation on its own. @param x any shape @returns the same shape */
export function activate(x: Tensor, activation: Activation): Tensor {
  if (activation === 'linear') return x;
  const { forward, backward } = activations[activation];
  const [y] = withOwnGradient(
    { x },
    inputs => {
      const output = forward(inputs.x);
      return { output, saved: [output] };
    },
    (dy, inputs, [output]) => ({ x: () => backward(dy, output, inputs.x) }),
  );
  return y;
}
