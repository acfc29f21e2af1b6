import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { matMul } from '../graph/linear.ts';
import { pad } from '../graph/padding.ts';
import { reshape, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import {
  channelsFirst,
  channelsLast,
  convolution,
  paddingAfter,
  patches,
  spread,
  type WindowAxis,
} from '../graph/windows.ts';
import { type FusedAttributes, finished } from './activations.ts';
import { type ConvolutionAttributes, convolutionWindows, type ImageWindows } from './geometry.ts';
import { type Row, row } from './row.ts';

type Fused = ConvolutionAttributes & FusedAttributes;

export const convolutionRows: readonly Row[] = [
  row<'x' | 'filter', ConvolutionAttributes>(
    'Conv2D',
    'small filters: Pad, Slices, Concat to patches, MatMul; large ones: Conv between Transposes',
    (g, { x, filter }, attributes) => conv2d(g, x, filter, attributes),
    'the filter’s gradient shares the patches: where there is one, that is faster, up to 4 × 4',
  ),
  row<'x' | 'filter' | 'bias' | 'preluActivationWeights', Fused>(
    'FusedConv2D',
    'as Conv2D, then Add, then the activation',
    (g, { x, filter, bias, preluActivationWeights }, attributes) =>
      finished(g, conv2d(g, x, filter, attributes), bias, preluActivationWeights, attributes),
  ),
  row<'x' | 'dy', ConvolutionAttributes & { filterShape: number[] }>(
    'Conv2DBackpropFilter',
    'MatMul of the patches, transposed, and dy; large filters: Conv of the images as channels with dy as filter',
    (g, { x, dy }, attributes) => {
      const { filterShape, dataFormat } = attributes;
      const [image, gradient] = [asLast(g, x, dataFormat), asLast(g, dy, dataFormat)];
      const windows = convolutionWindows(image.shape, filterShape, attributes);
      if (!isSmall(windows)) return largeFilterGradient(g, image, gradient, windows, filterShape);
      const places = sizeOf(gradient.shape.slice(0, 3));
      const columns = reshape(g, patchesOf(g, image, windows), [places, sizeOf(filterShape.slice(0, 3))]);
      const rows = reshape(g, gradient, [places, filterShape[3]]);
      const product =
        columns.shape[1] < MANY_COLUMNS
          ? matMul(g, columns, rows, true)
          : transpose(g, matMul(g, transpose(g, rows, [1, 0]), columns), [1, 0]);
      return reshape(g, product, filterShape);
    },
  ),
  row<'dy' | 'filter', ConvolutionAttributes & { inputShape: number[] }>(
    'Conv2DBackpropInput',
    'ConvTranspose between Transposes; MatMul for a filter of one element',
    (g, { dy, filter }, attributes) => {
      const { inputShape, dataFormat } = attributes;
      const gradient = asLast(g, dy, dataFormat);
      const shape = dataFormat === 'NCHW' ? [0, 2, 3, 1].map(axis => inputShape[axis]) : inputShape;
      const windows = convolutionWindows(shape, filter.shape, attributes);
      if (isPointwise(windows)) {
        const matrix = reshape(g, filter, filter.shape.slice(2));
        const product = matMul(
          g,
          reshape(g, gradient, [sizeOf(shape.slice(0, 3)), filter.shape[3]]),
          matrix,
          false,
          true,
        );
        return asGiven(g, reshape(g, product, shape), dataFormat);
      }
      const weights = transpose(g, filter, [3, 2, 0, 1]);
      const first = spread(g, channelsFirst(g, gradient), weights, windows.height, windows.width);
      return dataFormat === 'NCHW' ? first : channelsLast(g, first);
    },
    'output_padding is what the windows leave over',
  ),
];

function conv2d(g: GraphBuilder, x: Value, filter: Value, attributes: ConvolutionAttributes): Value {
  const { dataFormat } = attributes;
  const image = asLast(g, x, dataFormat);
  const windows = convolutionWindows(image.shape, filter.shape, attributes);
  if (isSmall(windows)) {
    const matrix = reshape(g, filter, [sizeOf(filter.shape.slice(0, 3)), filter.shape[3]]);
    return asGiven(g, matMul(g, patchesOf(g, image, windows), matrix), dataFormat);
  }
  const weights = transpose(g, filter, [3, 2, 0, 1]);
  const first = convolution(g, channelsFirst(g, image), weights, windows.height, windows.width);
  return dataFormat === 'NCHW' ? first : channelsLast(g, first);
}

/**
 * Filters whose patches are gathered. Measured: with 3 × 3 and 4 × 4 forward and filter gradient take 0.7 to 0.9 of the
 * time of two Convs, with 8 × 8 and a stride of 4 twice as long.
 */
const isSmall = ({ height, width }: ImageWindows): boolean => height.size * width.size <= 16;

/**
 * From so many elements a patch on, the smaller of the two matrices is the one to transpose. Measured with onnxruntime
 * 1.30: 144 elements and 12,544 places take 0.6 of the time, 9 elements 1.7 times as long.
 */
const MANY_COLUMNS = 128;

/** How much each element of the filter met: a convolution over the images, whose stride is now the dilation. */
function largeFilterGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  { height, width }: ImageWindows,
  filterShape: readonly number[],
): Value {
  const over = (axis: WindowAxis): WindowAxis => ({
    length: axis.length,
    places: axis.size,
    size: axis.places,
    stride: axis.dilation,
    dilation: axis.stride,
    before: axis.before,
  });
  const image = transpose(g, cut(g, x, height, width), [3, 0, 1, 2]);
  const filters = transpose(g, dy, [3, 0, 1, 2]);
  const gradient = convolution(g, image, filters, over(height), over(width));
  return reshape(g, transpose(g, gradient, [2, 3, 0, 1]), filterShape);
}

/** Without the elements that no window covers. */
const cut = (g: GraphBuilder, x: Value, height: WindowAxis, width: WindowAxis): Value =>
  pad(g, x, [
    [0, 0],
    [0, Math.min(0, paddingAfter(height))],
    [0, Math.min(0, paddingAfter(width))],
    [0, 0],
  ]);

const patchesOf = (g: GraphBuilder, x: Value, { height, width }: ImageWindows): Value =>
  patches(g, x, height, width, 0);

const isPointwise = ({ height, width }: ImageWindows): boolean =>
  [height, width].every(axis => axis.size === 1 && axis.places === axis.length);

/** With the channels last, whatever the format. */
const asLast = (g: GraphBuilder, x: Value, format: 'NHWC' | 'NCHW' | undefined): Value =>
  format === 'NCHW' ? channelsLast(g, x) : x;

/** In the format, from channels last. */
const asGiven = (g: GraphBuilder, x: Value, format: 'NHWC' | 'NCHW' | undefined): Value =>
  format === 'NCHW' ? channelsFirst(g, x) : x;
