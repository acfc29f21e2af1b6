import type { GraphBuilder } from '../graph/builder.ts';
import { cast } from '../graph/elementwise.ts';
import { matMul } from '../graph/linear.ts';
import { gather, reshape } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { type Row, row } from './row.ts';

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: readonly [number, number];
}

type Placing = Pick<ResizeAttributes, 'alignCorners' | 'halfPixelCenters'>;

/** Which elements one of the new ones is made of, and how much of each. */
type Shares = readonly (readonly [position: number, weight: number])[];

export const resizeRows: readonly Row[] = [
  row<'images', ResizeAttributes>(
    'ResizeBilinear',
    'MatMul with a constant along each axis',
    (g, { images }, { size, ...placing }) => {
      const [, height, width] = images.shape;
      const rows = matrixOf(g, height, size[0], bilinear, placing);
      const columns = matrixOf(g, width, size[1], bilinear, placing);
      return along(g, cast(g, images, 'float32'), rows, columns, false);
    },
    'an infinite pixel makes its whole row and column NaN',
  ),
  row<'images' | 'dy', ResizeAttributes>(
    'ResizeBilinearGrad',
    'MatMul with the same constants, transposed',
    (g, { images, dy }, placing) => {
      const [, height, width] = images.shape;
      const rows = matrixOf(g, height, dy.shape[1], bilinear, placing);
      const columns = matrixOf(g, width, dy.shape[2], bilinear, placing);
      return along(g, dy, rows, columns, true);
    },
    'tfjs ignores halfPixelCenters and mixes up height and width',
  ),
  row<'images', ResizeAttributes>(
    'ResizeNearestNeighbor',
    'Gather along each axis',
    (g, { images }, { size, ...placing }) => {
      const positions = (length: number, places: number) =>
        g.indices(Array.from({ length: places }, (_, i) => nearest(length, places, i, placing)[0][0]));
      const [, height, width] = images.shape;
      return gather(g, gather(g, images, positions(height, size[0]), 1), positions(width, size[1]), 2);
    },
  ),
  row<'images' | 'dy', ResizeAttributes>(
    'ResizeNearestNeighborGrad',
    'MatMul with a constant along each axis',
    (g, { images, dy }, placing) => {
      const [, height, width] = images.shape;
      const rows = matrixOf(g, height, dy.shape[1], nearest, placing);
      const columns = matrixOf(g, width, dy.shape[2], nearest, placing);
      return along(g, dy, rows, columns, true);
    },
    'tfjs ignores halfPixelCenters',
  ),
];

/** Multiplies an image with a matrix along its height and one along its width. */
function along(g: GraphBuilder, x: Value, rows: Value, columns: Value, transposed: boolean): Value {
  const [batch, height, width, channels] = x.shape;
  const byRows = matMul(g, rows, reshape(g, x, [batch, height, width * channels]), transposed);
  const newHeight = byRows.shape[1];
  const lines = reshape(g, byRows, [batch * newHeight, width, channels]);
  const byColumns = matMul(g, columns, lines, transposed);
  return reshape(g, byColumns, [batch, newHeight, byColumns.shape[1], channels]);
}

/** The matrix that makes `places` elements of `length` ones. */
function matrixOf(
  g: GraphBuilder,
  length: number,
  places: number,
  shares: (length: number, places: number, i: number, placing: Placing) => Shares,
  placing: Placing,
): Value {
  const matrix = new Float32Array(places * length);
  for (let i = 0; i < places; i++) {
    for (const [position, weight] of shares(length, places, i, placing)) {
      matrix[i * length + position] += weight;
    }
  }
  return g.constant(matrix, [places, length], 'float32');
}

/** How far the new elements lie apart, in old ones. */
function scaleOf(length: number, places: number, { alignCorners }: Placing): number {
  return alignCorners && places > 1 ? (length - 1) / (places - 1) : length / places;
}

function bilinear(length: number, places: number, i: number, placing: Placing): Shares {
  const scale = scaleOf(length, places, placing);
  const at = placing.halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
  const below = Math.max(0, Math.floor(at));
  const above = Math.min(length - 1, Math.ceil(at));
  return [
    [below, 1 - (at - below)],
    [Math.max(0, above), at - below],
  ];
}

function nearest(length: number, places: number, i: number, placing: Placing): Shares {
  const at = scaleOf(length, places, placing) * (placing.halfPixelCenters ? i + 0.5 : i);
  const position = placing.alignCorners ? Math.round(at) : Math.floor(at);
  return [[Math.max(0, Math.min(length - 1, position)), 1]];
}
