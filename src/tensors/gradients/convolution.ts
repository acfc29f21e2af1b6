import * as tf from '../tfjs.ts';
import { type InputGradients, kernel, type Row, row } from './row.ts';
import { dilate } from './strides.ts';

interface Convolution {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | [number, number][];
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Stem = 'Conv2D' | 'DepthwiseConv2dNative';

/** A convolution, and the kernels that are its gradients; the one of its input is also the transposed convolution. */
const rowsOf = (stem: Stem): Row[] => [
  row<Convolution>(stem, { inputs: ['x', 'filter'] }, (dy, [x, filter], attributes) =>
    gradients(stem, dy, x, filter, attributes),
  ),
  row<Convolution>(
    `${stem}BackpropInput`,
    { inputs: ['dy', 'filter'] },
    (slope, [dy, filter], attributes) => ({
      dy: () => convolved(stem, slope, filter, attributes),
      filter: () => filterGradient(stem, slope, dy, filter.shape, attributes),
    }),
  ),
  row<Convolution>(`${stem}BackpropFilter`, { inputs: ['x', 'dy'] }, (slope, [x, dy], attributes) => ({
    x: () => inputGradient(stem, dy, slope, x.shape, attributes),
    dy: () => convolved(stem, x, slope, attributes),
  })),
];

/** Convolutions of images. */
export const convolution: readonly Row[] = [...rowsOf('Conv2D'), ...rowsOf('DepthwiseConv2dNative')];

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
  return kernel(`${stem}BackpropInput`, { dy, filter }, { ...attributes, dilations: [1, 1], inputShape });
}

function filterGradient(
  stem: Stem,
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  attributes: Convolution,
): tf.Tensor {
  return kernel(`${stem}BackpropFilter`, { x, dy }, { ...attributes, dilations: [1, 1], filterShape });
}

function convolved(stem: Stem, x: tf.Tensor, filter: tf.Tensor, attributes: Convolution): tf.Tensor {
  const { strides, pad, dataFormat = 'NHWC', dimRoundingMode } = attributes;
  return kernel(stem, { x, filter }, { strides, pad, dataFormat, dilations: [1, 1], dimRoundingMode });
}
