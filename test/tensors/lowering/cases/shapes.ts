import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { bools, check, floats, ints, kernel, NO_GRADIENT } from './case.ts';

const matrix = floats([2, 3]);
const cube = floats([2, 3, 4]);
const image = floats([1, 4, 6, 3]);

type X = Tensor;

export const shapeCases = [
  check('reshape', [cube], (x: X) => tf.reshape(x, [4, -1])),
  check('reshape twice', [cube], (x: X) => tf.reshape(tf.reshape(x, [24]), [6, 4])),
  check('expandDims', [matrix], (x: X) => [tf.expandDims(x, 0), tf.expandDims(x, -1)]),
  check('squeeze', [floats([1, 3, 1])], (x: X) => tf.squeeze(x)),
  check('clone', [matrix], (x: X) => tf.clone(x)),
  check('transpose', [cube], (x: X) => tf.transpose(x, [2, 0, 1])),
  check('transpose twice', [cube], (x: X) => tf.transpose(tf.transpose(x, [2, 0, 1]), [0, 2, 1])),
  check('transpose of an axis of one element', [floats([3, 1, 4])], (x: X) => tf.transpose(x, [1, 0, 2])),
  check('transpose of int32', [ints([2, 3], 0, 9)], (x: X) => tf.transpose(x)),
  check('concat', [matrix, floats([4, 3])], (a: X, b: X) => tf.concat([a, b], 0)),
  check('concat of the last axis', [matrix, floats([2, 2])], (a: X, b: X) => tf.concat([a, b], -1)),
  check('concat with nothing', [matrix], (a: X) => tf.concat([a, tf.zeros([0, 3])], 0)),
  check('stack', [matrix, matrix], (a: X, b: X) => [
    tf.stack([a, b]),
    tf.stack([a, b], -1),
    tf.stack([a, b], 1),
  ]),
  check('unstack', [cube], (x: X) => tf.unstack(x, 1)),
  check('unstack of the last axis', [cube], (x: X) => tf.unstack(x, -1)),
  check('split', [cube], (x: X) => tf.split(x, 2, 2)),
  check('split into lengths', [cube], (x: X) => tf.split(x, [1, 3], -1)),
  check('split with a rest', [cube], (x: X) => tf.split(x, [1, -1], 2)),
  check('split of a concat', [matrix, floats([2, 2])], (a: X, b: X) =>
    tf.split(tf.concat([a, b], 1), [3, 2], 1),
  ),
  check('concat of a split', [cube], (x: X) => tf.concat(tf.split(x, 2, 2), 2)),
  check('slice', [cube], (x: X) => tf.slice(x, [0, 1, 2], [2, 1, -1])),
  check('slice of a slice', [floats([9])], (x: X) => tf.slice(tf.slice(x, 2, 6), 1, 3)),
  check('slice of int32', [ints([5], 0, 9)], (x: X) => tf.slice(x, 1, 3)),
  check('stridedSlice', [floats([5, 6])], (x: X) => tf.stridedSlice(x, [0, 1], [5, 6], [2, 3])),
  check('stridedSlice backwards', [floats([5, 6])], (x: X) => tf.stridedSlice(x, [4, 5], [0, 0], [-2, -1])),
  check('stridedSlice backwards to the start', [floats([5])], (x: X) =>
    tf.stridedSlice(x, [4], [-9], [-1], 0, 1),
  ),
  check('stridedSlice with masks', [cube], (x: X) =>
    tf.stridedSlice(x, [0, 1, 0], [1, 2, 3], [1, 1, 1], 1, 1, 0, 0, 2),
  ),
  check('stridedSlice with an ellipsis and a new axis', [cube], (x: X) =>
    tf.stridedSlice(x, [0, 0, 1], [0, 0, 3], [1, 1, 1], 0, 0, 1, 2, 0),
  ),
  check('broadcastTo', [floats([3, 1])], (x: X) => tf.broadcastTo(x, [2, 3, 4])),
  check('tile', [matrix], (x: X) => tf.tile(x, [2, 3])),
  check('tile of axes of one element', [floats([3, 1])], (x: X) => tf.tile(x, [1, 4])),
  check('tile of int32', [ints([2, 2], 0, 9)], (x: X) => tf.tile(x, [3, 1])),
  check('pad', [matrix], (x: X) =>
    tf.pad(x, [
      [1, 2],
      [0, 1],
    ]),
  ),
  check('pad with a number', [matrix], (x: X) =>
    tf.pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  ),
  check('pad of int32', [ints([3], 0, 9)], (x: X) => tf.pad(x, [[1, 1]], 7)),
  check('mirrorPad, reflect', [floats([3, 4])], (x: X) =>
    tf.mirrorPad(
      x,
      [
        [1, 2],
        [3, 0],
      ],
      'reflect',
    ),
  ),
  check('mirrorPad, symmetric', [floats([3, 4])], (x: X) =>
    tf.mirrorPad(
      x,
      [
        [1, 3],
        [4, 0],
      ],
      'symmetric',
    ),
  ),
  check('reverse', [cube], (x: X) => tf.reverse(x, [0, 2])),
  check('reverse of all', [matrix], (x: X) => tf.reverse(x)),
  check('flipLeftRight', [image], (x: Tensor4D) => tf.image.flipLeftRight(x), NO_GRADIENT),
  check('spaceToBatchND', [image], (x: X) =>
    tf.spaceToBatchND(
      x,
      [2, 3],
      [
        [1, 1],
        [0, 3],
      ],
    ),
  ),
  check('batchToSpaceND', [floats([6, 2, 2, 3])], (x: X) =>
    tf.batchToSpaceND(
      x,
      [2, 3],
      [
        [1, 0],
        [2, 1],
      ],
    ),
  ),
  check('depthToSpace', [floats([2, 2, 3, 8])], (x: Tensor4D) => tf.depthToSpace(x, 2)),
  check('diag', [floats([3])], (x: X) => tf.diag(x), NO_GRADIENT),
  check('diag of a matrix', [matrix], (x: X) => tf.diag(x), NO_GRADIENT),
  check('zerosLike and onesLike', [matrix], (x: X) => [
    tf.add(x, tf.zerosLike(x)),
    tf.mul(x, tf.onesLike(x)),
  ]),
  check('onesLike of bool', [bools([3])], (x: X) => tf.onesLike(x)),
  check('fill', [matrix], (x: X) =>
    tf.add(x, kernel('Fill', {}, { shape: [2, 3], value: 0.7, dtype: 'float32' })),
  ),
  check('range', [floats([5])], (x: X) => [tf.mul(x, tf.range(0, 5)), tf.add(x, tf.range(3, 0.5, -0.5))]),
  check('range of int32', [ints([5], 0, 9)], (x: X) => tf.add(x, tf.range(10, 20, 2, 'int32'))),
  check('linspace', [floats([5])], (x: X) => tf.mul(x, tf.linspace(-1, 1, 5))),
  check('an image without its batch axis', [floats([4, 4, 2])], (x: Tensor3D) =>
    tf.avgPool(x, 2, 2, 'valid'),
  ),
];
