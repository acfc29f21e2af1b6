import { batchFirst, batchLast, madeBatchLast } from '../graph/batch-last.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { binary, mul, sub, where } from '../graph/elementwise.ts';
import { pad } from '../graph/padding.ts';
import { scattered } from '../graph/scattered.ts';
import { broadcastTo, concat, interleave, reshape } from '../graph/shapes.ts';
import type { Attributes, Value } from '../graph/values.ts';
import {
  areTiles,
  atOffset,
  channelsFirst,
  channelsLast,
  offsetsIn,
  padded,
  paddingAfter,
  singly,
  spread,
  together,
  windowAttributes,
} from '../graph/windows.ts';
import { type ImageWindows, type PoolAttributes, poolWindows } from './geometry.ts';
import { type Row, row } from './row.ts';

export const poolingRows: readonly Row[] = [
  row<'x', PoolAttributes>(
    'MaxPool',
    'MaxPool between Transposes; tiles of images with the batch last: Max of Slices',
    (g, { x }, attributes) => {
      const windows = poolWindows(x.shape, attributes);
      const image = rowsOf(x);
      if (!image || !tiled(windows)) return pool(g, 'MaxPool', x, windows);
      const values = atOffsets(g, image, [1, 2], windows);
      return batchFirst(g, values.length === 1 ? values[0] : g.node('Max', values, values[0]));
    },
    'the gradient shares the Slices',
  ),
  row<'dy' | 'input' | 'output', PoolAttributes>(
    'MaxPoolGrad',
    'for each offset in the window Where of Equal; tiles: Concat; else ConvTranspose with a constant',
    (g, { dy, input, output }, attributes) => {
      const windows = poolWindows(input.shape, attributes);
      if (!tiled(windows)) return maxOfOverlapsGradient(g, dy, input, output, windows);
      const image = rowsOf(input);
      if (!image) return maxOfTilesGradient(g, dy, input, output, windows);
      return batchFirst(g, maxOfTilesGradient(g, batchLast(g, dy), image, batchLast(g, output), windows));
    },
    'where the maximum comes more than once, the first one gets it all; WebGPU has no MaxPool that says where it was',
  ),
  row<'x', PoolAttributes>(
    'AvgPool',
    'AveragePool between Transposes',
    (g, { x }, attributes) =>
      pool(g, 'AveragePool', x, poolWindows(x.shape, attributes), { count_include_pad: { int: 0 } }),
    'padding does not count',
  ),
  row<'dy' | 'input', PoolAttributes>(
    'AvgPoolGrad',
    'tiles: Expand; else ConvTranspose with a constant',
    (g, { dy, input }, attributes) => {
      const windows = poolWindows(input.shape, attributes);
      const { height, width } = windows;
      const size = height.size * width.size;
      if (tiled(windows)) {
        const [batch, rows, columns, channels] = dy.shape;
        const shares = reshape(g, mul(g, dy, g.uniform(1 / size)), [batch, rows, 1, columns, 1, channels]);
        const whole = broadcastTo(g, shares, [batch, rows, height.size, columns, width.size, channels]);
        return uncropped(
          g,
          reshape(g, whole, [batch, rows * height.size, columns * width.size, channels]),
          windows,
        );
      }
      const weights = g.uniform(1 / size, [1, 1, height.size, width.size]);
      return together(g, spread(g, singly(g, dy), weights, height, width), input.shape[3]);
    },
    'divides by the whole window at padded borders too, as tfjs does, where AvgPool divides by what it covers',
  ),
];

/** The image with its batch last, if it is there and slices of it have more than one element in a row. */
const rowsOf = (x: Value): Value | undefined => (x.shape[0] > 1 ? madeBatchLast(x) : undefined);

const tiled = ({ height, width }: ImageWindows): boolean => areTiles(height) && areTiles(width);

/** For each offset in the window, row by row, what lies there in all windows along two axes. */
function atOffsets(
  g: GraphBuilder,
  x: Value,
  [down, across]: readonly [number, number],
  { height, width }: ImageWindows,
): readonly Value[] {
  return offsetsIn(height.size).flatMap(row => {
    const rows = atOffset(g, x, down, height, row);
    return offsetsIn(width.size).map(column => atOffset(g, rows, across, width, column));
  });
}

/** With zeros for the elements after the last window. */
const uncropped = (g: GraphBuilder, x: Value, { height, width }: ImageWindows): Value =>
  pad(g, x, [
    [0, 0],
    [0, -paddingAfter(height)],
    [0, -paddingAfter(width)],
    [0, 0],
  ]);

/** Of images with the batch first or last. */
function maxOfTilesGradient(
  g: GraphBuilder,
  dy: Value,
  input: Value,
  output: Value,
  windows: ImageWindows,
): Value {
  const taken = shares(g, dy, output, atOffsets(g, input, [1, 2], windows));
  const across = windows.width.size;
  const rows = offsetsIn(windows.height.size).map(row =>
    interleave(g, taken.slice(row * across, (row + 1) * across), 2),
  );
  return scattered(uncropped(g, interleave(g, rows, 1), windows), {
    dy,
    input,
    output,
    again: other => maxOfTilesGradient(g, other, input, output, windows),
  });
}

function maxOfOverlapsGradient(
  g: GraphBuilder,
  dy: Value,
  input: Value,
  output: Value,
  windows: ImageWindows,
): Value {
  const { height, width } = windows;
  const whole = channelsFirst(g, padded(g, input, height, width, Number.NEGATIVE_INFINITY));
  const values = atOffsets(g, whole, [2, 3], windows);
  const [batch, rows, columns, channels] = dy.shape;
  const parts = shares(g, channelsFirst(g, dy), channelsFirst(g, output), values).map(share =>
    reshape(g, share, [batch * channels, 1, rows, columns]),
  );
  const size = parts.length;
  // Each share goes back to the offset that it came from.
  const home = Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const weights = g.constant(home, [size, 1, height.size, width.size], 'float32');
  return together(g, spread(g, concat(g, parts, 1), weights, height, width), channels);
}

/** dy, given to the first of the values at each place that is the maximum; zeros elsewhere. */
function shares(g: GraphBuilder, dy: Value, maximum: Value, values: readonly Value[]): readonly Value[] {
  // What no value has taken yet; dy − dy is 0, exactly.
  let rest = dy;
  return values.map((value, i) => {
    if (i === values.length - 1) return rest;
    const share = where(g, binary(g, 'Equal', value, maximum, 'bool'), rest, g.uniform(0));
    rest = sub(g, rest, share);
    return share;
  });
}

function pool(
  g: GraphBuilder,
  op: string,
  x: Value,
  { height, width }: ImageWindows,
  attributes: Attributes = {},
): Value {
  const shape = [x.shape[0], x.shape[3], height.places, width.places];
  const all = { ...windowAttributes(height, width), ...attributes };
  return channelsLast(g, g.node(op, [channelsFirst(g, x)], { dtype: x.dtype, shape }, all));
}
