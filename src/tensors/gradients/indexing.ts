import * as tf from '../tfjs.ts';
import { flat, type Row, row, rowOfSeveral, zeros } from './row.ts';

/** Rows chosen by number: gradients are added up where a row was chosen more than once. */
export const indexing: readonly Row[] = [
  row<{ axis: number; batchDims: number }>(
    'GatherV2',
    { inputs: ['x', 'indices'] },
    (dy, [x, indices], attributes) => ({
      x: () => scattered(dy, x, indices, attributes.axis, attributes.batchDims),
      indices: () => zeros(indices.shape),
    }),
  ),
  row('GatherNd', { inputs: ['params', 'indices'] }, (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices, dy, params.shape),
    indices: () => zeros(indices.shape),
  })),
  row('ScatterNd', { inputs: ['indices'] }, (dy, [indices]) => ({
    updates: () => tf.gatherND(dy, indices),
    indices: () => zeros(indices.shape),
  })),
  row('UnsortedSegmentSum', { inputs: ['segmentIds'] }, (dy, [segmentIds]) => ({
    x() {
      // Segments that there are not have taken nothing.
      const valid = tf.logicalAnd(tf.greaterEqual(segmentIds, 0), tf.less(segmentIds, dy.shape[0]));
      const inside = tf.clipByValue(segmentIds, 0, dy.shape[0] - 1);
      const slopes = tf.gather(dy, tf.cast(inside, 'int32'));
      return tf.where(tf.reshape(valid, [valid.size, ...slopes.shape.slice(1).map(() => 1)]), slopes, 0);
    },
    segmentIds: () => zeros(segmentIds.shape),
  })),
  rowOfSeveral<object>('TopK', { inputs: ['x'], outputs: [false, true] }, ([dy], [x, indices]) => ({
    x: () => scattered(dy, x, indices, x.rank - 1, x.rank - 1),
  })),
  flat('OneHot', 'indices'),
];

/**
 * The gradient of x where dy is that of rows gathered from it: one sum by segments, with segments of their own for
 * each of the batches, between two changes of the axes' order.
 */
function scattered(
  dy: tf.Tensor,
  x: tf.Tensor,
  indices: tf.Tensor,
  along: number,
  batchDims: number,
): tf.Tensor {
  const [axis] = tf.util.parseAxisParam(along, x.shape);
  const batchAxes = batchDims < 0 ? batchDims + indices.rank : batchDims;
  const sizeOf = tf.util.sizeFromShape;
  const batches = sizeOf(x.shape.slice(0, batchAxes));
  const outer = sizeOf(x.shape.slice(batchAxes, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const [rows, taken] = [x.shape[axis], indices.size / batches];
  const swap = (t: tf.Tensor, a: number, b: number): tf.Tensor =>
    outer === 1 ? t : tf.transpose(tf.reshape(t, [batches, a, b, inner]), [0, 2, 1, 3]);
  const slopes = tf.reshape(swap(dy, outer, taken), [batches * taken, outer * inner]);
  let segments = tf.reshape(indices, [batches, taken]);
  if (batches > 1) {
    const starts = Int32Array.from({ length: batches }, (_, batch) => batch * rows);
    segments = tf.add(segments, tf.tensor(starts, [batches, 1]));
  }
  const sums = tf.unsortedSegmentSum(
    slopes,
    tf.reshape(segments, [batches * taken]) as tf.Tensor1D,
    batches * rows,
  );
  return tf.reshape(swap(sums, rows, outer), x.shape);
}
