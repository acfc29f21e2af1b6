import type { StridedSliceAttrs } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { where } from '../graph/elementwise.ts';
import { mirrorPad, pad } from '../graph/padding.ts';
import { concat, gather, reshape, slice, split, tile, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import * as tf from '../ops.ts';
import { axesOf, type Row, row } from './row.ts';

export const shapeRows: readonly Row[] = [
  row('Identity', 'the value itself', (_, { x }) => x),
  row<'x', { shape: number[] }>('Reshape', 'Reshape', (g, { x }, { shape }) => {
    const known = sizeOf(shape.filter(length => length !== -1));
    return reshape(
      g,
      x,
      shape.map(length => (length === -1 ? sizeOf(x.shape) / known : length)),
    );
  }),
  row<'input', { dim: number }>('ExpandDims', 'Reshape', (g, { input }, { dim }) =>
    reshape(g, input, input.shape.toSpliced(dim < 0 ? dim + input.shape.length + 1 : dim, 0, 1)),
  ),
  row<'x', { perm: number[] }>('Transpose', 'Transpose', (g, { x }, { perm }) => transpose(g, x, perm)),
  row<string, { axis: number }>(
    'Concat',
    'Concat',
    (g, parts, { axis }) => {
      const values = Object.values(parts);
      return concat(g, values, axesOf(axis, values[0].shape.length)[0]);
    },
    'parts of length 0 are dropped',
  ),
  row<'x', { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    'Split',
    (g, { x }, { numOrSizeSplits, axis }) => {
      const [along] = axesOf(axis, x.shape.length);
      const whole = x.shape[along];
      if (typeof numOrSizeSplits === 'number') {
        return split(g, x, new Array<number>(numOrSizeSplits).fill(whole / numOrSizeSplits), along);
      }
      const known = numOrSizeSplits.reduce((sum, length) => sum + Math.max(0, length), 0);
      return split(
        g,
        x,
        numOrSizeSplits.map(length => (length < 0 ? whole - known : length)),
        along,
      );
    },
    'one length may be −1',
  ),
  row<'x', { begin: number | number[]; size: number | number[] }>(
    'Slice',
    'Slice',
    (g, { x }, { begin, size }) => {
      const starts = x.shape.map((_, axis) => [begin].flat()[axis] ?? 0);
      const lengths = x.shape.map((length, axis) => {
        const given = [size].flat()[axis] ?? -1;
        return given === -1 ? length - starts[axis] : given;
      });
      const ends = starts.map((start, axis) => start + lengths[axis]);
      return slice(g, x, { starts, ends, steps: starts.map(() => 1) }, lengths);
    },
    'a size of −1 reaches to the end',
  ),
  row<'x', StridedSliceAttrs>(
    'StridedSlice',
    'Slice, Reshape',
    (g, { x }, a) => {
      const { begin, end, strides, finalShape } = tf.slice_util.sliceInfo(
        [...x.shape],
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      // A negative end counts from the back in ONNX: what lies before the first element has a number of its own.
      const ends = end.map((to, axis) => (strides[axis] < 0 && to < 0 ? -(2 ** 31) : to));
      const shape = tf.slice_util.computeOutShape(begin, end, strides).map(length => Math.max(0, length));
      return reshape(g, slice(g, x, { starts: begin, ends, steps: strides }, shape), finalShape);
    },
    'backwards to the first element: the end is −2³¹',
  ),
  row<'x', { dims: number | number[] }>('Reverse', 'Slice with steps of −1', (g, { x }, { dims }) =>
    reversed(g, x, axesOf(dims, x.shape.length)),
  ),
  row<'image'>('FlipLeftRight', 'Slice with a step of −1', (g, { image }) => reversed(g, image, [2])),
  row<'x', { reps: number[] }>('Tile', 'Tile', (g, { x }, { reps }) => tile(g, x, reps)),
  row<'x', { paddings: [number, number][]; constantValue: number }>(
    'PadV2',
    'Pad',
    (g, { x }, { paddings, constantValue }) => pad(g, x, paddings, constantValue),
    'the value has the input’s type',
  ),
  row<'x', { paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    'Pad; Gather where the edge comes twice',
    (g, { x }, { paddings, mode }) => mirrorPad(g, x, paddings, mode === 'symmetric'),
  ),
  row<string, { axis: number }>('Pack', 'Reshape, Concat', (g, parts, { axis }) => {
    const values = Object.values<Value>(parts);
    const { shape } = values[0];
    const along = axis < 0 ? axis + shape.length + 1 : axis;
    return concat(
      g,
      values.map(value => reshape(g, value, shape.toSpliced(along, 0, 1))),
      along,
    );
  }),
  row<'value', { axis: number }>('Unpack', 'Gather of each', (g, { value }, { axis }) => {
    const [along] = axesOf(axis, value.shape.length);
    const at = (i: number) => gather(g, value, g.uniform(i, [], 'int64'), along);
    return Array.from({ length: value.shape[along] }, (_, i) => at(i));
  }),
  row<'x', { blockShape: number[]; paddings: [number, number][] }>(
    'SpaceToBatchND',
    'Pad, Reshape, Transpose, Reshape',
    (g, { x }, { blockShape, paddings }) => {
      const rest = new Array<[number, number]>(x.shape.length - 1 - blockShape.length).fill([0, 0]);
      const whole = pad(g, x, [[0, 0], ...paddings, ...rest]);
      const blocks = sizeOf(blockShape);
      const shape = tf.backend_util.getReshaped([...whole.shape], blockShape, blocks, false);
      const order = tf.backend_util.getPermuted(shape.length, blockShape.length, false);
      const after = tf.backend_util.getReshapedPermuted([...whole.shape], blockShape, blocks, false);
      return reshape(g, transpose(g, reshape(g, whole, shape), order), after);
    },
  ),
  row<'x', { blockShape: number[]; crops: [number, number][] }>(
    'BatchToSpaceND',
    'Reshape, Transpose, Reshape, Slice',
    (g, { x }, { blockShape, crops }) => {
      const blocks = sizeOf(blockShape);
      const shape = tf.backend_util.getReshaped([...x.shape], blockShape, blocks);
      const order = tf.backend_util.getPermuted(shape.length, blockShape.length);
      const whole = tf.backend_util.getReshapedPermuted([...x.shape], blockShape, blocks);
      const cut = whole.map((_, axis) => crops[axis - 1] ?? [0, 0]);
      return pad(
        g,
        reshape(g, transpose(g, reshape(g, x, shape), order), whole),
        cut.map(([before, after]) => [-before, -after]),
      );
    },
  ),
  row<'x', { blockSize: number; dataFormat: 'NHWC' | 'NCHW' }>(
    'DepthToSpace',
    'Reshape, Transpose, Reshape',
    (g, { x }, { blockSize: block, dataFormat }) => {
      if (dataFormat !== 'NHWC') throw usageError(`DepthToSpace: dataFormat ${dataFormat}, expected NHWC`);
      const [batch, height, width, depth] = x.shape;
      const channels = depth / (block * block);
      const parts = reshape(g, x, [batch, height, width, block, block, channels]);
      const shape = [batch, height * block, width * block, channels];
      return reshape(g, transpose(g, parts, [0, 1, 3, 2, 4, 5]), shape);
    },
    'ONNX’ own wants the channels first',
  ),
  row('Diag', 'Where on the diagonal', (g, { x }) => {
    const size = sizeOf(x.shape);
    const diagonal = Uint8Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
    const values = where(
      g,
      g.constant(diagonal, [size, size], 'bool'),
      reshape(g, x, [size]),
      g.uniform(0, [], x.dtype),
    );
    return reshape(g, values, [...x.shape, ...x.shape]);
  }),
];

function reversed(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const along = (there: (length: number) => number, elsewhere: (length: number) => number) =>
    x.shape.map((length, axis) => (axes.includes(axis) && length > 1 ? there(length) : elsewhere(length)));
  const range = {
    starts: along(
      length => length - 1,
      () => 0,
    ),
    ends: along(
      () => -(2 ** 31),
      length => length,
    ),
    steps: along(
      () => -1,
      () => 1,
    ),
  };
  return slice(g, x, range, x.shape);
}
