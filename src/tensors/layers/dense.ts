import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { type Activation, activations } from './activations.ts';
import { type Initializer, initialWeights } from './initializers.ts';
import { withOwnGradient } from './own-gradient.ts';

/** The parameters of a dense layer. */
export interface Dense<T> {
  /** [inputs, outputs] */
  readonly weights: T;
  /** [outputs] */
  readonly bias: T;
}

/** Dense layers, one after another. */
export type Mlp<T> = readonly Dense<T>[];

/** How `denseInit` draws weights. */
export interface DenseOptions {
  /** Default `orthogonal`. */
  readonly init?: Initializer;
  /** What the weights are multiplied by. Default 1. */
  readonly gain?: number;
}

/** The initial parameters of a dense layer; the bias is zero, except with `torch`. */
export function denseInit(
  random: Random,
  inputs: number,
  outputs: number,
  options: DenseOptions = {},
): Dense<HostTensor> {
  const { init = 'orthogonal', gain = 1 } = options;
  const data = initialWeights(random, inputs, outputs, init, gain);
  const bias = new Float32Array(outputs);
  if (init === 'torch') random.fillUniform(bias, -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs));
  return { weights: { shape: [inputs, outputs], data }, bias: { shape: [outputs], data: bias } };
}

/** How `mlpInit` draws weights. */
export interface MlpOptions {
  readonly init?: Initializer;
  /** Of the hidden layers. Default √2 for `orthogonal`, else 1. */
  readonly gain?: number;
  /** Of the last layer. Default 1; PPO's policies start at 0.01. */
  readonly outputGain?: number;
}

/** The initial parameters of an MLP. @param sizes inputs, hidden layers, outputs, e.g. `[8, 64, 64, 2]` */
export function mlpInit(random: Random, sizes: readonly number[], options: MlpOptions = {}): Mlp<HostTensor> {
  const { init = 'orthogonal', gain = init === 'orthogonal' ? Math.SQRT2 : 1, outputGain = 1 } = options;
  if (sizes.length < 2) throw usageError(`mlpInit: expected two sizes or more, got ${sizes.length}`);
  const last = sizes.length - 2;
  return sizes
    .slice(1)
    .map((outputs, i) =>
      denseInit(random, sizes[i], outputs, { init, gain: i === last ? outputGain : gain }),
    );
}

/** x · weights + bias, then the activation (default: none). @param x [rows, inputs] @returns [rows, outputs] */
export function dense(layer: Dense<Tensor>, x: Tensor, activation: Activation = 'linear'): Tensor {
  return layers([layer], x, activation, activation);
}

/**
 * Dense layers with an activation between them; the last one is linear unless `output` says otherwise.
 * @param x [rows, inputs]
 * @returns [rows, outputs]
 */
export function mlp(
  params: Mlp<Tensor>,
  x: Tensor,
  activation: Activation = 'tanh',
  output: Activation = 'linear',
): Tensor {
  return layers(params, x, activation, output);
}

/**
 * The whole chain is one node of the tape with a gradient of its own: the tape saves each value once, the bias needs no
 * broadcasting gradient, and what nobody asks for (the gradient of a batch, say) is not computed.
 */
function layers(params: Mlp<Tensor>, x: Tensor, hidden: Activation, output: Activation): Tensor {
  const last = params.length - 1;
  const activationOf = (i: number) => activations[i === last ? output : hidden];
  const inputs: Record<string, Tensor> = { x };
  params.forEach((layer, i) => {
    inputs[`weights${i}`] = layer.weights;
    inputs[`bias${i}`] = layer.bias;
  });
  const [y] = withOwnGradient(
    inputs,
    inputs => {
      const values = [inputs['x']];
      const sums: Tensor[] = [];
      for (let i = 0; i <= last; i++) {
        const sum = tf.add(product(values[i], inputs[`weights${i}`]), inputs[`bias${i}`]);
        if (activationOf(i).needsInput) sums.push(sum);
        values.push(activationOf(i).forward(sum));
      }
      return { output: values[last + 1], saved: [...values.slice(1), ...sums] };
    },
    (dy, inputs, saved) => {
      const values = [inputs['x'], ...saved.slice(0, last + 1)];
      const sums = saved.slice(last + 1);
      const gradients: Record<string, () => Tensor> = {};
      let slope = dy;
      for (let i = last; i >= 0; i--) {
        const { backward, needsInput } = activationOf(i);
        if (i < last) slope = product(slope, inputs[`weights${i + 1}`], false, true);
        slope = backward(slope, values[i + 1], needsInput ? sums.pop()! : values[i + 1]);
        const here = slope;
        gradients[`weights${i}`] = () => product(values[i], here, true);
        gradients[`bias${i}`] = () => tf.sum(here, 0);
      }
      gradients['x'] = () => product(slope, inputs['weights0'], false, true);
      return gradients;
    },
  );
  return y;
}

const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB);
