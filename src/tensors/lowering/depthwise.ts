import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { matMul } from '../graph/linear.ts';
import { reshape, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { channelsFirst, channelsLast, convolution, patches, spread } from '../graph/windows.ts';
import { type FusedAttributes, finished } from './activations.ts';
import { type ConvolutionAttributes, convolutionWindows } from './geometry.ts';
import { type Row, row } from './row.ts';

type Fused = ConvolutionAttributes & FusedAttributes;

/** Filters are `[height, width, channels, multiplier]`; channel c makes the channels c · multiplier + m. */
export const depthwiseRows: readonly Row[] = [
  row<'x' | 'filter', ConvolutionAttributes>(
    'DepthwiseConv2dNative',
    'Conv with a group for each channel, between Transposes',
    (g, { x, filter }, attributes) => depthwise(g, x, filter, attributes),
  ),
  row<'x' | 'filter' | 'bias' | 'preluActivationWeights', Fused>(
    'FusedDepthwiseConv2D',
    'as DepthwiseConv2dNative, then Add, then the activation',
    (g, { x, filter, bias, preluActivationWeights }, attributes) =>
      finished(g, depthwise(g, x, filter, attributes), bias, preluActivationWeights, attributes),
  ),
  row<'x' | 'dy', ConvolutionAttributes & { filterShape: number[] }>(
    'DepthwiseConv2dNativeBackpropFilter',
    'for each channel MatMul of the patches and dy',
    (g, { x, dy }, attributes) => {
      const [rows, columns, channels, multiplier] = attributes.filterShape;
      const { height, width } = convolutionWindows(x.shape, attributes.filterShape, attributes, true);
      const places = sizeOf(dy.shape.slice(0, 3));
      const windows = reshape(g, patches(g, x, height, width, 0), [places, rows * columns, channels]);
      const gradients = reshape(g, dy, [places, channels, multiplier]);
      const product = matMul(g, transpose(g, windows, [2, 1, 0]), transpose(g, gradients, [1, 0, 2]));
      return reshape(g, transpose(g, product, [1, 0, 2]), attributes.filterShape);
    },
  ),
  row<'dy' | 'filter', ConvolutionAttributes & { inputShape: number[] }>(
    'DepthwiseConv2dNativeBackpropInput',
    'ConvTranspose with a group for each channel, between Transposes',
    (g, { dy, filter }, attributes) => {
      const { height, width } = convolutionWindows(attributes.inputShape, filter.shape, attributes, true);
      const channels = filter.shape[2];
      const weights = grouped(g, filter);
      return channelsLast(g, spread(g, channelsFirst(g, dy), weights, height, width, channels));
    },
  ),
];

function depthwise(g: GraphBuilder, x: Value, filter: Value, attributes: ConvolutionAttributes): Value {
  const first = attributes.dataFormat === 'NCHW';
  const image = first ? x : channelsFirst(g, x);
  const [batch, channels, rows, columns] = image.shape;
  const shape = [batch, rows, columns, channels];
  const { height, width } = convolutionWindows(shape, filter.shape, attributes, true);
  const made = convolution(g, image, grouped(g, filter), height, width, channels);
  return first ? made : channelsLast(g, made);
}

/** As ONNX wants the filter: `[channels · multiplier, 1, height, width]`. */
function grouped(g: GraphBuilder, filter: Value): Value {
  const [rows, columns, channels, multiplier] = filter.shape;
  return reshape(g, transpose(g, filter, [2, 3, 0, 1]), [channels * multiplier, 1, rows, columns]);
}
