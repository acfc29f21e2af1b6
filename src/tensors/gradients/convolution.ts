import * as tf from '@tensorflow/tfjs-core';
import { type InputGradients, kernel, type Row, row } from './row.ts';
import { dilate } from './strides.ts';

interface Convolution {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | [number, number][];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Convolutions of images, and the kernels that are their gradients, for gradients of gradients. */
export const convolution: readonly Row[] = [
  row<Convolution>('Conv2D', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) =>
    gradients('Conv2DBackprop', dy, x, filter, attributes),
  ),
  row<Convolution>('DepthwiseConv2dNative', { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) =>
    gradients('DepthwiseConv2dNativeBackprop', dy, x, filter, attributes),
  ),
  // Also the transposed convolution; the gradient of both is the convolution.
  row<Convolution>(
    'Conv2DBackpropInput',
    { inputs: ['dy', 'filter'] },
    (slope, [dy, filter], attributes) => ({
      dy: () => convolved(slope, filter, attributes),
      filter: () => filterGradient('Conv2DBackprop', slope, dy, filter.shape, attributes),
    }),
  ),
  row<Convolution>('Conv2DBackpropFilter', { inputs: ['x', 'dy'] }, (slope, [x, dy], attributes) => ({
    x: () => inputGradient('Conv2DBackprop', dy, slope, x.shape, attributes),
    dy: () => convolved(x, slope, attributes),
  })),
];

type Stem = 'Conv2DBackprop' | 'DepthwiseConv2dNativeBackprop';

/** A dilated filter is a filter with zeros in it; the gradients' kernels know no other. */
function gradients(
  stem: Stem,
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  attributes: Convolution,
): InputGradients {
  const steps = [attributes.dilations, attributes.dilations].flat().slice(0, 2);
  const [height, width, ...channels] = filter.shape;
  const wide = [(height - 1) * steps[0] + 1, (width - 1) * steps[1] + 1, ...channels];
  return {
    x: () => inputGradient(stem, dy, dilate(filter, [...steps, 1, 1]), x.shape, attributes),
    filter() {
      const whole = filterGradient(stem, x, dy, wide, attributes);
      if (whole.size === filter.size) return whole;
      return tf.stridedSlice(whole, [0, 0, 0, 0], wide, [...steps, 1, 1]);
    },
  };
}

function inputGradient(
  stem: Stem,
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  attributes: Convolution,
): tf.Tensor {
  return kernel(`${stem}Input`, { dy, filter }, { ...attributes, dilations: [1, 1], inputShape });
}

function filterGradient(
  stem: Stem,
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  attributes: Convolution,
): tf.Tensor {
  return kernel(`${stem}Filter`, { x, dy }, { ...attributes, dilations: [1, 1], filterShape });
}

function convolved(x: tf.Tensor, filter: tf.Tensor, attributes: Convolution): tf.Tensor {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  return kernel('Conv2D', { x, filter }, { strides, pad, dataFormat, dilations: [1, 1], dimRoundingMode });
}
