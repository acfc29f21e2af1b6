import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { binary, cast, mul, sub, where } from '../graph/elementwise.ts';
import { positions } from '../graph/indexing.ts';
import { pad } from '../graph/padding.ts';
import { reduce } from '../graph/reduce.ts';
import { broadcastTo, concat, reshape, slice, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import {
  areTiles,
  atOffset,
  channelsFirst,
  channelsLast,
  padded,
  paddingAfter,
  patches,
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
    'Max of strided Slices; first along the width, then along the height where windows overlap',
    (g, { x }, attributes) => {
      const windows = poolWindows(x.shape, attributes);
      if (tiled(windows)) return tiles(g, x, windows).reduce((a, b) => binary(g, 'Max', a, b));
      const { height, width } = windows;
      const whole = padded(g, x, height, width, Number.NEGATIVE_INFINITY);
      return maxAlong(g, maxAlong(g, whole, 2, width), 1, height);
    },
    'WebGPU has no MaxPool that says where the maximum was',
  ),
  row<'dy' | 'input' | 'output', PoolAttributes>(
    'MaxPoolGrad',
    'tiles: Where of Equal, Concat; overlapping: ArgMax of the patches, ConvTranspose',
    (g, { dy, input, output }, attributes) => {
      const windows = poolWindows(input.shape, attributes);
      return tiled(windows)
        ? maxOfTilesGradient(g, dy, input, output, windows)
        : maxOfPatchesGradient(g, dy, input, windows);
    },
    'where the maximum comes more than once, the first one gets it all',
  ),
  row<'x', PoolAttributes>(
    'AvgPool',
    'AveragePool between Transposes; tiles: ReduceMean',
    (g, { x }, attributes) => {
      const windows = poolWindows(x.shape, attributes);
      const { height, width } = windows;
      const [batch, , , channels] = x.shape;
      if (tiled(windows)) {
        const cut = cropped(g, x, windows);
        const shape = [batch, height.places, height.size, width.places, width.size, channels];
        return reduce(g, 'ReduceMean', reshape(g, cut, shape), [2, 4]);
      }
      const pool = g.node(
        'AveragePool',
        [channelsFirst(g, x)],
        { dtype: x.dtype, shape: [batch, channels, height.places, width.places] },
        { ...windowAttributes(height, width), count_include_pad: { int: 0 } },
      );
      return channelsLast(g, pool);
    },
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

const tiled = ({ height, width }: ImageWindows): boolean => areTiles(height) && areTiles(width);

const offsetsOf = (length: number) => Array.from({ length }, (_, offset) => offset);

function maxAlong(g: GraphBuilder, x: Value, axis: number, window: ImageWindows['height']): Value {
  return offsetsOf(window.size)
    .map(offset => atOffset(g, x, axis, window, offset))
    .reduce((a, b) => binary(g, 'Max', a, b));
}

/** For each offset in the window, row by row, what lies there in all windows. */
function tiles(g: GraphBuilder, x: Value, { height, width }: ImageWindows): readonly Value[] {
  return offsetsOf(height.size).flatMap(row => {
    const rows = atOffset(g, x, 1, height, row);
    return offsetsOf(width.size).map(column => atOffset(g, rows, 2, width, column));
  });
}

/** Without the elements after the last window. */
function cropped(g: GraphBuilder, x: Value, { height, width }: ImageWindows): Value {
  const shape = [x.shape[0], height.places * height.size, width.places * width.size, x.shape[3]];
  return slice(g, x, { starts: [0, 0, 0, 0], ends: shape, steps: [1, 1, 1, 1] }, shape);
}

/** With zeros in their place. */
const uncropped = (g: GraphBuilder, x: Value, { height, width }: ImageWindows): Value =>
  pad(g, x, [
    [0, 0],
    [0, -paddingAfter(height)],
    [0, -paddingAfter(width)],
    [0, 0],
  ]);

function maxOfTilesGradient(
  g: GraphBuilder,
  dy: Value,
  input: Value,
  output: Value,
  windows: ImageWindows,
): Value {
  const values = tiles(g, input, windows);
  const zero = g.uniform(0);
  // What no element has taken yet; dy − dy is 0, exactly.
  let rest = dy;
  const taken = values.map((value, i) => {
    if (i === values.length - 1) return rest;
    const share = where(g, binary(g, 'Equal', value, output, 'bool'), rest, zero);
    rest = sub(g, rest, share);
    return share;
  });
  const across = windows.width.size;
  const rows = offsetsOf(windows.height.size).map(row =>
    concat(g, taken.slice(row * across, (row + 1) * across), 3),
  );
  const [batch, height, width, channels] = dy.shape;
  const shape = [batch, height * windows.height.size, width * across, channels];
  return uncropped(g, reshape(g, concat(g, rows, 2), shape), windows);
}

function maxOfPatchesGradient(
  g: GraphBuilder,
  dy: Value,
  input: Value,
  { height, width }: ImageWindows,
): Value {
  const [batch, rows, columns, channels] = dy.shape;
  const size = height.size * width.size;
  const flat = sizeOf([batch, rows, columns]);
  const windows = reshape(g, patches(g, input, height, width, Number.NEGATIVE_INFINITY), [
    flat,
    size,
    channels,
  ]);
  const where = g.node(
    'ArgMax',
    [windows],
    { dtype: 'int64', shape: [flat, 1, channels] },
    { axis: { int: 1 }, keepdims: { int: 1 } },
  );
  const first = binary(
    g,
    'Equal',
    cast(g, where, 'int32'),
    reshape(g, positions(g, size), [size, 1]),
    'bool',
  );
  const shares = mul(g, cast(g, first, 'float32'), reshape(g, dy, [flat, 1, channels]));
  const apart = transpose(g, reshape(g, shares, [batch, rows, columns, size, channels]), [0, 4, 3, 1, 2]);
  const stacked = reshape(g, apart, [batch * channels, size, rows, columns]);
  const home = Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const weights = g.constant(home, [size, 1, height.size, width.size], 'float32');
  return together(g, spread(g, stacked, weights, height, width), channels);
}
