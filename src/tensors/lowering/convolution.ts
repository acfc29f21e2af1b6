import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { matMul } from '../graph/linear.ts';
import { reshape, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { channelsFirst, channelsLast, patches, spread } from '../graph/windows.ts';
import { type FusedAttributes, finished } from './activations.ts';
import { type ConvolutionAttributes, convolutionWindows, type ImageWindows } from './geometry.ts';
import { type Row, row } from './row.ts';

type Fused = ConvolutionAttributes & FusedAttributes;

export const convolutionRows: readonly Row[] = [
  row<'x' | 'filter', ConvolutionAttributes>(
    'Conv2D',
    'Pad, Slices, Concat to patches; MatMul',
    (g, { x, filter }, attributes) => conv2d(g, x, filter, attributes),
    'faster than Conv between two Transposes; the filter’s gradient shares the patches',
  ),
  row<'x' | 'filter' | 'bias' | 'preluActivationWeights', Fused>(
    'FusedConv2D',
    'as Conv2D, then Add, then the activation',
    (g, { x, filter, bias, preluActivationWeights }, attributes) =>
      finished(g, conv2d(g, x, filter, attributes), bias, preluActivationWeights, attributes),
  ),
  row<'x' | 'dy', ConvolutionAttributes & { filterShape: number[] }>(
    'Conv2DBackpropFilter',
    'Gemm of the patches, transposed, and dy',
    (g, { x, dy }, attributes) => {
      const { filterShape, dataFormat } = attributes;
      const [image, gradient] = [asLast(g, x, dataFormat), asLast(g, dy, dataFormat)];
      const windows = convolutionWindows(image.shape, filterShape, attributes);
      const places = sizeOf(gradient.shape.slice(0, 3));
      const columns = reshape(g, patchesOf(g, image, windows), [places, sizeOf(filterShape.slice(0, 3))]);
      const rows = reshape(g, gradient, [places, filterShape[3]]);
      return reshape(g, matMul(g, columns, rows, true), filterShape);
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
  const columns = patchesOf(g, image, convolutionWindows(image.shape, filter.shape, attributes));
  const matrix = reshape(g, filter, [sizeOf(filter.shape.slice(0, 3)), filter.shape[3]]);
  return asGiven(g, matMul(g, columns, matrix), dataFormat);
}

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
