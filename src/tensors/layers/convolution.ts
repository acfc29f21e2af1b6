import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { type Activation, activate, activations } from './activations.ts';
import type { DenseOptions } from './dense.ts';
import { initialWeights } from './initializers.ts';
import { rowsOfChannels } from './normalization.ts';
import { withOwnGradient } from './own-gradient.ts';

/** Height and width; one number for both. */
export type Size2d = number | readonly [height: number, width: number];

/** The parameters of a convolution. */
export interface Convolution<T> {
  /**
   * `conv2d`: [height, width, inputs, outputs]; `conv2dTranspose`: [height, width, outputs, inputs]; `depthwiseConv2d`:
   * [height, width, inputs, multiplier]
   */
  readonly weights: T;
  /** [outputs] */
  readonly bias: T;
}

/** How a convolution walks over an image. */
export interface ConvolutionOptions {
  /** Default 1. */
  readonly strides?: Size2d;
  /**
   * `same` (default): zeros around the image, the output has ⌈size / stride⌉ rows; TensorFlow's kind, where an odd zero
   * lies at the bottom and right. `valid`: none, ⌈(size − kernel + 1) / stride⌉ rows.
   */
  readonly padding?: 'same' | 'valid';
  /** Default `linear`. */
  readonly activation?: Activation;
}

/**
 * The initial parameters of `conv2d`. The fan-in is height · width · inputs; the bias is zero, except with `torch`.
 * @param kernel its height and width
 */
export function conv2dInit(
  random: Random,
  kernel: Size2d,
  inputs: number,
  outputs: number,
  options: DenseOptions = {},
): Convolution<HostTensor> {
  return init(random, pair(kernel), [inputs, outputs], outputs, options);
}

/**
 * The initial parameters of `conv2dTranspose`. As in PyTorch and TensorFlow the fan-in follows the layout: height · width ·
 * outputs.
 */
export function conv2dTransposeInit(
  random: Random,
  kernel: Size2d,
  inputs: number,
  outputs: number,
  options: DenseOptions = {},
): Convolution<HostTensor> {
  return init(random, pair(kernel), [outputs, inputs], outputs, options);
}

/** The initial parameters of `depthwiseConv2d`; the fan-in is height · width. @param multiplier outputs an input */
export function depthwiseConv2dInit(
  random: Random,
  kernel: Size2d,
  inputs: number,
  multiplier = 1,
  options: DenseOptions = {},
): Convolution<HostTensor> {
  const { weights, bias } = init(
    random,
    pair(kernel),
    [1, inputs * multiplier],
    inputs * multiplier,
    options,
  );
  return { weights: { ...weights, shape: [...pair(kernel), inputs, multiplier] }, bias };
}

function init(
  random: Random,
  [height, width]: readonly [number, number],
  [before, after]: readonly [number, number],
  outputs: number,
  { init = 'orthogonal', gain = 1 }: DenseOptions,
): Convolution<HostTensor> {
  const area = height * width;
  const fan = area * before;
  // Glorot's fan-out counts the kernel's area too.
  const correction = init === 'glorot' ? Math.sqrt((fan + after) / (fan + area * after)) : 1;
  const data = initialWeights(random, fan, after, init, gain * correction);
  const bias = new Float32Array(outputs);
  if (init === 'torch') random.fillUniform(bias, -1 / Math.sqrt(fan), 1 / Math.sqrt(fan));
  return {
    weights: { shape: [height, width, before, after], data },
    bias: { shape: [outputs], data: bias },
  };
}

/** A two-dimensional convolution. @param x [batch, height, width, inputs] @returns [batch, rows, columns, outputs] */
export function conv2d(params: Convolution<Tensor>, x: Tensor, options: ConvolutionOptions = {}): Tensor {
  const attributes = attributesOf(options);
  const { weights } = params;
  return convolution(params, x, options.activation, {
    forward: (input, filter) => kernel('Conv2D', { x: input, filter }, { ...attributes, dilations: [1, 1] }),
    input: (dy, filter) =>
      kernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
    weights: (dy, input) =>
      kernel('Conv2DBackpropFilter', { x: input, dy }, { ...attributes, filterShape: weights.shape }),
  });
}

/**
 * A transposed convolution: the gradient of `conv2d` as a layer that makes images larger.
 * @param x [batch, height, width, inputs]
 * @returns [batch, rows, columns, outputs], with rows = height · stride (`same`) or (height − 1) · stride + kernel (`valid`)
 */
export function conv2dTranspose(
  params: Convolution<Tensor>,
  x: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  const attributes = attributesOf(options);
  const { weights } = params;
  const [batch, height, width] = x.shape as number[];
  const [rows, columns, outputs] = weights.shape as number[];
  const enlarged = (size: number, stride: number, extent: number) =>
    attributes.pad === 'same' ? size * stride : (size - 1) * stride + extent;
  const [down, right] = attributes.strides;
  const inputShape = [batch, enlarged(height, down, rows), enlarged(width, right, columns), outputs];
  return convolution(params, x, options.activation, {
    forward: (input, filter) =>
      kernel('Conv2DBackpropInput', { dy: input, filter }, { ...attributes, inputShape }),
    input: (dy, filter) => kernel('Conv2D', { x: dy, filter }, { ...attributes, dilations: [1, 1] }),
    weights: (dy, input) =>
      kernel('Conv2DBackpropFilter', { x: dy, dy: input }, { ...attributes, filterShape: weights.shape }),
  });
}

/** The product of a convolution and the gradients of its two factors. */
interface Products {
  readonly forward: (x: Tensor, weights: Tensor) => Tensor;
  readonly input: (dy: Tensor, weights: Tensor) => Tensor;
  readonly weights: (dy: Tensor, x: Tensor) => Tensor;
}

/** Product, bias and activation as one node of the tape. */
function convolution(
  { weights, bias }: Convolution<Tensor>,
  x: Tensor,
  activation: Activation = 'linear',
  products: Products,
): Tensor {
  const { forward, backward, needsInput } = activations[activation];
  const [y] = withOwnGradient(
    { x, weights, bias },
    inputs => {
      const sum = tf.add(products.forward(inputs.x, inputs.weights), inputs.bias);
      const output = forward(sum);
      return { output, saved: needsInput ? [output, sum] : [output] };
    },
    (dy, inputs, [output, sum = output]) => {
      const slope = backward(dy, output, sum);
      return {
        x: () => products.input(slope, inputs.weights),
        weights: () => products.weights(slope, inputs.x),
        bias: () => tf.sum(rowsOfChannels(slope), 0),
      };
    },
  );
  return y;
}

/**
 * A convolution of each channel with kernels of its own. Its gradient needs tfjs kernels that few backends have: plain
 * JavaScript has them, wasm has not.
 * @param x [batch, height, width, inputs]
 * @returns [batch, rows, columns, inputs · multiplier]
 */
export function depthwiseConv2d(
  { weights, bias }: Convolution<Tensor>,
  x: Tensor,
  { strides = 1, padding = 'same', activation = 'linear' }: ConvolutionOptions = {},
): Tensor {
  const [rows, columns] = pair(strides);
  const product = tf.depthwiseConv2d(x as tf.Tensor4D, weights as tf.Tensor4D, [rows, columns], padding);
  const channels = bias.size;
  const sum = tf.add(tf.reshape(product, [-1, channels]), bias);
  return tf.reshape(activate(sum, activation), product.shape);
}

/** Height and width of a size. */
export const pair = (size: Size2d): [height: number, width: number] =>
  typeof size === 'number' ? [size, size] : [size[0], size[1]];

const attributesOf = ({ strides = 1, padding = 'same' }: ConvolutionOptions) => ({
  strides: pair(strides),
  pad: padding,
  dataFormat: 'NHWC',
});

const kernel = (name: string, inputs: tf.NamedTensorMap, attributes: object): Tensor =>
  tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as Tensor;
