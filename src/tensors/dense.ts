import type { Tensor } from '@tensorflow/tfjs';
import type { Random } from '../core/random.ts';
import { type Activation, activations } from './activations.ts';
import type { HostTensor } from './contract.ts';
import { type Initializer, initialWeights } from './initializers.ts';
import * as tf from './ops.ts';

/** The parameters of a dense layer. */
export interface Dense<T> {
  /** [inputs, outputs] */
  readonly weights: T;
  /** [outputs] */
  readonly bias: T;
}

/** Dense layers, one after another. */
export type Mlp<T> = readonly Dense<T>[];

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
 * The whole chain is one node of the tape with a gradient of its own: a third of the operations of the taped one,
 * because nothing is cloned for the tape and the bias needs no broadcasting gradient.
 */
function layers(params: Mlp<Tensor>, x: Tensor, hidden: Activation, output: Activation): Tensor {
  const activationOf = (i: number) => activations[i === params.length - 1 ? output : hidden];
  const chain = tf.customGrad((...args: unknown[]) => {
    const save = args.pop() as (tensors: Tensor[]) => void;
    const [input, ...weights] = args as Tensor[];
    const values = [input];
    for (let i = 0; i < params.length; i++) {
      const sum = tf.add(
        tf.matMul(values[i] as tf.Tensor2D, weights[2 * i] as tf.Tensor2D),
        weights[2 * i + 1],
      );
      values.push(activationOf(i).forward(sum));
    }
    save(values);
    const value = values[params.length];
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const gradients: Tensor[] = [];
      let slope = dy;
      for (let i = params.length - 1; i >= 0; i--) {
        slope = activationOf(i).backward(slope, saved[i + 1]);
        gradients.unshift(
          tf.matMul(saved[i] as tf.Tensor2D, slope as tf.Tensor2D, true, false),
          tf.sum(slope, 0),
        );
        slope = tf.matMul(slope as tf.Tensor2D, weights[2 * i] as tf.Tensor2D, false, true);
      }
      return [slope, ...gradients];
    };
    return { value, gradFunc };
  });
  return chain(x, ...params.flatMap(layer => [layer.weights, layer.bias]));
}
