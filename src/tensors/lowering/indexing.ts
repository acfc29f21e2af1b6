import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { cast, clip, mul, where } from '../graph/elementwise.ts';
import { gatherNd, isPosition, scatterNd } from '../graph/indexing.ts';
import { matMul } from '../graph/linear.ts';
import { reduce } from '../graph/reduce.ts';
import { gather, reshape, slice, transpose } from '../graph/shapes.ts';
import type { Value } from '../graph/values.ts';
import { axesOf, type Row, row } from './row.ts';

export const indexingRows: readonly Row[] = [
  row<'x' | 'indices', { axis: number; batchDims?: number }>(
    'GatherV2',
    'Gather; with batch axes GatherND',
    (g, { x, indices }, { axis, batchDims }) => {
      const [along] = axesOf(axis, x.shape.length);
      const batch = batchDims ?? 0;
      const batchAxes = batch < 0 ? batch + indices.shape.length : batch;
      if (batchAxes === 0) return gather(g, x, cast(g, indices, 'int32'), along);
      return gatherBatched(g, x, indices, along, batchAxes);
    },
    'an index out of range ends the run with an error; a negative one counts from the end',
  ),
  row<'params' | 'indices'>('GatherNd', 'GatherND', (g, { params, indices }) => gatherNd(g, params, indices)),
  row<'indices' | 'updates', { shape: number[] }>(
    'ScatterNd',
    'ScatterND that adds, onto zeros',
    (g, { indices, updates }, { shape }) =>
      scatterNd(g, g.uniform(0, shape, updates.dtype), indices, updates, true),
  ),
  row<'tensor' | 'indices' | 'updates'>(
    'TensorScatterUpdate',
    'ScatterND',
    (g, { tensor, indices, updates }) => scatterNd(g, tensor, indices, updates, false),
    'where an index comes twice, the last one stays on the CPU, any of them on a GPU',
  ),
  row<'x' | 'segmentIds', { numSegments: number }>(
    'UnsortedSegmentSum',
    'ScatterND that adds, with one row more for what belongs nowhere; Slice',
    (g, { x, segmentIds }, { numSegments }) => {
      const rest = x.shape.slice(segmentIds.shape.length);
      const zeros = g.uniform(0, [numSegments + 1, ...rest], x.dtype);
      // The row after the last one is also the one before the first, as ONNX counts: −1.
      const ids = clip(g, segmentIds, -1, numSegments);
      const sums = scatterNd(g, zeros, reshape(g, ids, [...ids.shape, 1]), x, true);
      const shape = [numSegments, ...rest];
      const range = { starts: shape.map(() => 0), ends: shape, steps: shape.map(() => 1) };
      return slice(g, sums, range, shape);
    },
    'ids outside of 0 … numSegments − 1 are dropped',
  ),
  row<'indices', { depth: number; onValue: number; offValue: number; dtype: 'float32' | 'int32' | 'bool' }>(
    'OneHot',
    'Cast of Equal with 0, 1, …; Where for other values than 1 and 0',
    (g, { indices }, { depth, onValue, offValue, dtype }) => {
      const there = isPosition(g, cast(g, indices, 'int32'), depth);
      if (onValue === 1 && offValue === 0) return cast(g, there, dtype);
      return where(g, there, g.uniform(onValue, [], dtype), g.uniform(offValue, [], dtype));
    },
    'onnxruntime has no OneHot of int32 indices and depth',
  ),
  row<'x' | 'weights', { size: number }>(
    'Bincount',
    'Equal with 0, 1, …; MatMul with the weights or ReduceSum',
    (g, { x, weights }, { size }) => counted(g, reshape(g, x, [sizeOf(x.shape)]), weights, size, false),
  ),
  row<'x' | 'weights', { size: number; binaryOutput?: boolean }>(
    'DenseBincount',
    'as Bincount, for each row',
    (g, { x, weights }, { size, binaryOutput }) => counted(g, x, weights, size, binaryOutput ?? false),
    'tfjs ignores binaryOutput for vectors',
  ),
];

/** Brings the axis that is gathered along next to the batch axes and back. */
function gatherBatched(g: GraphBuilder, x: Value, indices: Value, along: number, batchAxes: number): Value {
  const axes = x.shape.map((_, axis) => axis);
  const [batch, between] = [axes.slice(0, batchAxes), axes.slice(batchAxes, along)];
  const first = transpose(g, x, [...batch, along, ...between, ...axes.slice(along + 1)]);
  const gathered = gatherNd(g, first, reshape(g, indices, [...indices.shape, 1]), batchAxes);
  const positions = gathered.shape.map((_, axis) => axis);
  const inner = indices.shape.length;
  const order = [
    ...batch,
    ...positions.slice(inner, inner + between.length),
    ...positions.slice(batchAxes, inner),
    ...positions.slice(inner + between.length),
  ];
  return transpose(g, gathered, order);
}

/** How often each number comes along the last axis, or the sum of the weights there, if there are any. */
function counted(g: GraphBuilder, x: Value, weights: Value, size: number, once: boolean): Value {
  const there = cast(g, isPosition(g, cast(g, x, 'int32'), size), weights.dtype);
  const axis = x.shape.length - 1;
  if (once) return reduce(g, 'ReduceMax', there, [axis]);
  if (sizeOf(weights.shape) === 0) return reduce(g, 'ReduceSum', there, [axis]);
  if (weights.dtype !== 'float32') {
    const columns = reshape(g, weights, [...x.shape, 1]);
    return reduce(g, 'ReduceSum', mul(g, columns, there), [axis]);
  }
  const rows = reshape(g, weights, [...x.shape.slice(0, -1), 1, x.shape[axis]]);
  return reshape(g, matMul(g, rows, there), [...x.shape.slice(0, -1), size]);
}
