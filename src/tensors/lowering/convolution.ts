import { sizeOf } from '../../core/arrays.ts';
import { batchFirst, batchLast, madeBatchLast } from '../graph/batch-last.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { correlation, correlationFilterGradient, correlationInputGradient } from '../graph/correlation.ts';
import { matMul } from '../graph/linear.ts';
import { reshape } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { channelsFirst, channelsLast } from '../graph/windows.ts';
import { type FusedAttributes, finished } from './activations.ts';
import { type ConvolutionAttributes, convolutionWindows, type ImageWindows } from './geometry.ts';
import { type Row, row } from './row.ts';

type Fused = ConvolutionAttributes & FusedAttributes;

export const convolutionRows: readonly Row[] = [
  row<'x' | 'filter', ConvolutionAttributes>(
    'Conv2D',
    'with the batch last: Slices along the width, Conv along the height; MatMul for a filter of one element',
    (g, { x, filter }, attributes) => conv2d(g, x, filter, attributes),
    'width and batch are one axis of the Conv, so that nothing in it depends on the number of rows',
  ),
  row<'x' | 'filter' | 'bias' | 'preluActivationWeights', Fused>(
    'FusedConv2D',
    'as Conv2D, then Add, then the activation',
    (g, { x, filter, bias, preluActivationWeights }, attributes) =>
      finished(g, conv2d(g, x, filter, attributes), bias, preluActivationWeights, attributes),
  ),
  row<'x' | 'dy', ConvolutionAttributes & { filterShape: number[] }>(
    'Conv2DBackpropFilter',
    'with the batch last: for each row of the filter MatMul of what it met along the width, and dy',
    (g, { x, dy }, attributes) => {
      const { filterShape, dataFormat } = attributes;
      const [image, gradient] = [asLast(g, x, dataFormat), asLast(g, dy, dataFormat)];
      const windows = convolutionWindows(image.shape, filterShape, attributes);
      if (isPointwise(windows, image, gradient)) {
        const product = matMul(g, asRows(g, image), asRows(g, gradient), true);
        return reshape(g, product, filterShape);
      }
      const { height, width } = windows;
      return correlationFilterGradient(g, batchLast(g, image), batchLast(g, gradient), height, width);
    },
  ),
  row<'dy' | 'filter', ConvolutionAttributes & { inputShape: number[] }>(
    'Conv2DBackpropInput',
    'with the batch last: Conv along the height, Pads and Sum along the width; MatMul for a filter of one element',
    (g, { dy, filter }, attributes) => {
      const { inputShape, dataFormat } = attributes;
      const gradient = asLast(g, dy, dataFormat);
      const shape = dataFormat === 'NCHW' ? [0, 2, 3, 1].map(axis => inputShape[axis]) : inputShape;
      const windows = convolutionWindows(shape, filter.shape, attributes);
      if (isPointwise(windows, gradient)) {
        const product = matMul(g, asRows(g, gradient), asMatrix(g, filter), false, true);
        return asGiven(g, reshape(g, product, shape), dataFormat);
      }
      const { height, width } = windows;
      const made = correlationInputGradient(g, batchLast(g, gradient), filter, height, width);
      return asGiven(g, batchFirst(g, made), dataFormat);
    },
    'with strides, elements of each remainder have a Conv of their own',
  ),
];

function conv2d(g: GraphBuilder, x: Value, filter: Value, attributes: ConvolutionAttributes): Value {
  const { dataFormat } = attributes;
  const image = asLast(g, x, dataFormat);
  const windows = convolutionWindows(image.shape, filter.shape, attributes);
  if (isPointwise(windows, image)) return asGiven(g, matMul(g, image, asMatrix(g, filter)), dataFormat);
  const made = correlation(g, batchLast(g, image), filter, windows.height, windows.width);
  return asGiven(g, batchFirst(g, made), dataFormat);
}

/** A filter of one element at every place: a product of matrices, unless the batch is last already. */
const isPointwise = ({ height, width }: ImageWindows, ...images: readonly Value[]): boolean =>
  [height, width].every(axis => axis.size === 1 && axis.places === axis.length && axis.before === 0) &&
  !images.some(image => madeBatchLast(image));

/** The channels of each place as a row. */
const asRows = (g: GraphBuilder, image: Value): Value =>
  reshape(g, image, [sizeOf(image.shape.slice(0, 3)), image.shape[3]]);

const asMatrix = (g: GraphBuilder, filter: Value): Value => reshape(g, filter, filter.shape.slice(2));

/** With the channels last, whatever the format. */
const asLast = (g: GraphBuilder, x: Value, format: 'NHWC' | 'NCHW' | undefined): Value =>
  format === 'NCHW' ? channelsLast(g, x) : x;

/** In the format, from channels last. */
const asGiven = (g: GraphBuilder, x: Value, format: 'NHWC' | 'NCHW' | undefined): Value =>
  format === 'NCHW' ? channelsFirst(g, x) : x;
