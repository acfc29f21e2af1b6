import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { check, fixed, floats, ints, kernel, NO_GRADIENT } from './case.ts';

type X = Tensor;

const table = floats([5, 3]);
const DUPLICATES = fixed([1, 0, 4, 1], [4], 'int32');

export const indexingCases = [
  check('gather', [table, DUPLICATES], (x: X, i: X) => tf.gather(x, i as Tensor1D)),
  check('gather of the last axis', [table, ints([4], 0, 3)], (x: X, i: X) => tf.gather(x, i as Tensor1D, -1)),
  check('gather with a matrix of indices', [table, ints([2, 3], 0, 5)], (x: X, i: X) =>
    tf.gather(x, i as Tensor1D),
  ),
  check('gather of int32', [ints([6], 0, 99), ints([3], 0, 6)], (x: X, i: X) => tf.gather(x, i as Tensor1D)),
  check('gather with a batch axis', [floats([4, 3]), ints([4, 1], 0, 3)], (x: X, i: X) =>
    tf.gather(x, i as never, 1, 1),
  ),
  check('gather of one for each row', [floats([4, 3]), ints([4], 0, 3)], (x: X, i: X) =>
    tf.gather(x, i as never, 1, 1),
  ),
  check('gather with a batch axis and more', [floats([2, 5, 3]), ints([2, 4], 0, 5)], (x: X, i: X) =>
    tf.gather(x, i as never, 1, 1),
  ),
  check('gather with a batch axis, further on', [floats([2, 3, 5, 2]), ints([2, 4], 0, 5)], (x: X, i: X) =>
    tf.gather(x, i as never, 2, 1),
  ),
  check('gatherND', [floats([3, 4, 2]), ints([5, 2], 0, 3)], (x: X, i: X) => tf.gatherND(x, i)),
  check('gatherND of elements', [floats([3, 3]), ints([2, 2, 2], 0, 3)], (x: X, i: X) => tf.gatherND(x, i)),
  check('scatterND', [fixed([1, 3, 1], [3, 1], 'int32'), floats([3, 2])], (i: X, u: X) =>
    tf.scatterND(i, u, [5, 2]),
  ),
  check('scatterND of int32', [fixed([1, 3, 1], [3, 1], 'int32'), ints([3], 0, 9)], (i: X, u: X) =>
    tf.scatterND(i, u, [5]),
  ),
  check('tensorScatterUpdate', [table, fixed([4, 1], [2, 1], 'int32'), floats([2, 3])], (t: X, i: X, u: X) =>
    tf.tensorScatterUpdate(t, i, u),
  ),
  check('unsortedSegmentSum', [floats([6, 2]), fixed([2, 0, 2, 1, 3, 0], [6], 'int32')], (x: X, i: X) =>
    tf.unsortedSegmentSum(x, i as Tensor1D, 4),
  ),
  check(
    'unsortedSegmentSum drops other ids',
    [floats([6, 2]), fixed([2, -1, -3, 1, 3, 5], [6], 'int32')],
    (x: X, i: X) => tf.unsortedSegmentSum(x, i as Tensor1D, 3),
  ),
  check('unsortedSegmentSum of numbers', [floats([4]), fixed([2, 0, 2, 1], [4], 'int32')], (x: X, i: X) =>
    tf.unsortedSegmentSum(x, i as Tensor1D, 3),
  ),
  check('oneHot', [fixed([0, 2, -1, 3], [4], 'int32')], (i: X) => tf.oneHot(i, 3)),
  check('oneHot of floats', [ints([2, 2], 0, 4)], (i: X) => tf.oneHot(i, 4, 1, 0, 'float32')),
  check('oneHot with other values', [ints([4], 0, 3)], (i: X) => tf.oneHot(i, 3, 0.9, 0.05, 'float32')),
  check('one of each row by oneHot', [table, ints([5], 0, 3)], (x: X, i: X) =>
    tf.sum(tf.mul(x, tf.oneHot(i, 3, 1, 0, 'float32')), 1),
  ),
  check('bincount', [ints([9], 0, 5)], (x: X) => tf.bincount(x as Tensor1D, tf.tensor1d([]), 4)),
  check(
    'bincount with weights',
    [ints([9], 0, 5), floats([9])],
    (x: X, w: X) => tf.bincount(x as Tensor1D, w as Tensor1D, 5),
    NO_GRADIENT,
  ),
  check('bincount with whole weights', [ints([9], 0, 5), ints([9], 1, 4)], (x: X, w: X) =>
    kernel('Bincount', { x, weights: w }, { size: 5 }),
  ),
  check('denseBincount', [ints([2, 7], 0, 5)], (x: X) => tf.denseBincount(x as Tensor1D, tf.tensor1d([]), 4)),
  check(
    'denseBincount with weights',
    [ints([2, 7], 0, 5), floats([2, 7])],
    (x: X, w: X) => tf.denseBincount(x as Tensor1D, w as Tensor1D, 5),
    NO_GRADIENT,
  ),
  check('denseBincount of presence', [ints([2, 7], 0, 5)], (x: X) =>
    tf.denseBincount(x as Tensor1D, tf.tensor1d([]), 5, true),
  ),
];
