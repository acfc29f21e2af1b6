import { tf } from '../../../../src/tensors/index.ts';
import { at, beside, type Cases, indices, of } from './case.ts';

export const indexing: Cases = {
  GatherV2: [
    of('rows, some twice', [at(4, 3)], x => tf.gather(x, indices([2, 0, 2]) as tf.Tensor1D)),
    of('a matrix of rows', [at(4, 3)], x =>
      tf.gather(
        x,
        indices([
          [2, 0],
          [1, 2],
        ]),
      ),
    ),
    of('columns', [at(2, 4, 3)], x => tf.gather(x, indices([3, 3, 0]), 1)),
    of('along the last axis', [at(2, 4)], x => tf.gather(x, indices([3, 1, 3]), -1)),
    of('for each of a batch', [at(2, 4, 3)], x =>
      tf.gather(
        x,
        indices([
          [3, 1],
          [0, 0],
        ]),
        1,
        1,
      ),
    ),
    of('for each of a batch, counted from the end', [at(2, 4, 3)], x =>
      tf.gather(
        x,
        indices([
          [3, 1],
          [0, 0],
        ]),
        1,
        -1,
      ),
    ),
    of('for each of a batch, further on', [at(2, 3, 4)], x =>
      tf.gather(
        x,
        indices([
          [3, 1],
          [0, 0],
        ]),
        2,
        1,
      ),
    ),
    of('numbers that depend on x', [at(4, 3)], x => tf.gather(x, tf.cast(tf.argMax(x), 'int32'))),
  ],
  GatherNd: [
    of('numbers, one twice', [at(3, 4)], x =>
      tf.gatherND(
        x,
        indices([
          [0, 1],
          [2, 3],
          [0, 1],
        ]),
      ),
    ),
    of('rows', [at(3, 4)], x => tf.gatherND(x, indices([[2], [2]]))),
  ],
  ScatterNd: [of('rows, some twice', [at(3, 2)], x => tf.scatterND(indices([[1], [4], [1]]), x, [5, 2]))],
  UnsortedSegmentSum: [
    of('rows', [at(4, 3)], x => tf.unsortedSegmentSum(x, indices([2, 0, 2, 1]) as tf.Tensor1D, 3)),
    of('dropping some', [at(4, 2)], x => tf.unsortedSegmentSum(x, indices([-1, 0, 5, 0]) as tf.Tensor1D, 3)),
  ],
  TopK: [
    of('of a vector', [at(6)], x => tf.topk(x, 3).values),
    of('of rows', [at(2, 3, 4)], x => tf.topk(x, 2).values),
  ],
  OneHot: [
    of('of whole numbers made of x', [at(2, 3)], x =>
      beside(tf.sum(x), tf.sum(tf.oneHot(tf.argMax(tf.cast(tf.cast(x, 'int32'), 'int32')), 3))),
    ),
  ],
};
