import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { awayFromZero, bools, check, fixed, floats, type Given, ints, kernel } from './case.ts';

type Two = (a: Tensor, b: Tensor) => Tensor;

const matrix = awayFromZero([2, 3]);
const row = awayFromZero([3]);
const column = awayFromZero([2, 1]);
const scalar = awayFromZero([]);

/** An operation with operands of one shape, and with those that broadcast. */
const broadcasts = (name: string, run: Two, left: Given = matrix) => [
  check(name, [left, matrix], run as never),
  check(`${name} with a row`, [left, row], run as never),
  check(`${name} with a column`, [left, column], run as never),
  check(`${name} with a scalar`, [left, scalar], run as never),
  check(`${name} of a row and a column`, [row, column], run as never),
];

const wholes = (name: string, run: Two) =>
  check(
    `${name} of int32`,
    [ints([2, 4], -9, 9), ints([4], 1, 5)],
    run as never,
    'whole numbers have no gradient',
  );

const compared = (name: string, run: Two) => [
  check(name, [fixed([1, 2, 3, 4]), fixed([4, 2, 3, 1])], run as never, 'truths have no gradient'),
  check(`${name} of int32`, [ints([3, 4], 0, 3), ints([4], 0, 3)], run as never, 'truths have no gradient'),
  check(`${name} of bool`, [bools([6]), bools([6])], run as never, 'truths have no gradient'),
];

export const arithmeticCases = [
  ...broadcasts('add', tf.add),
  ...broadcasts('sub', tf.sub),
  ...broadcasts('mul', tf.mul),
  ...broadcasts('div', tf.div),
  ...broadcasts('maximum', tf.maximum),
  ...broadcasts('minimum', tf.minimum),
  ...broadcasts('squaredDifference', tf.squaredDifference),
  ...broadcasts('pow', tf.pow, floats([2, 3], 0.4, 2)),
  ...broadcasts('atan2', tf.atan2),
  check(
    'atan2 of nothing',
    [fixed([0, 0, 0, 1, -1]), fixed([0, 1, -1, 0, 0])],
    tf.atan2,
    '0 / 0 has no gradient',
  ),
  ...broadcasts('mod', tf.mod),
  ...broadcasts('floorDiv', tf.floorDiv).map(item => ({
    ...item,
    forwardOnly: 'whole numbers have no gradient',
  })),
  wholes('add', tf.add),
  wholes('sub', tf.sub),
  wholes('mul', tf.mul),
  wholes('div', tf.div),
  wholes('maximum', tf.maximum),
  wholes('minimum', tf.minimum),
  wholes('squaredDifference', tf.squaredDifference),
  wholes('floorDiv', tf.floorDiv),
  wholes('mod', tf.mod),
  wholes('pow', (a, b) => tf.pow(tf.abs(a), b)),
  wholes('floorDiv by a constant', a => tf.floorDiv(a, tf.scalar(4, 'int32'))),
  wholes('floorDiv by a negative constant', a => tf.floorDiv(a, tf.scalar(-4, 'int32'))),
  wholes('mod by a constant', a => tf.mod(a, tf.scalar(4, 'int32'))),
  wholes('mod by a negative constant', a => tf.mod(a, tf.tensor1d([-4, 3, 2, -7], 'int32'))),
  check(
    'bitwiseAnd',
    [ints([5], 0, 100), ints([5], 0, 100)],
    tf.bitwiseAnd,
    'whole numbers have no gradient',
  ),
  check(
    'mul of bool',
    [bools([6]), bools([6])],
    (a: Tensor, b: Tensor) => kernel('Multiply', { a, b }),
    'truths have no gradient',
  ),
  check('addN', [matrix, matrix, matrix], (a: Tensor, b: Tensor, c: Tensor) => tf.addN([a, b, c])),
  check('add of zeros that are larger', [row], (a: Tensor) => tf.add(a, tf.zeros([2, 3]))),
  check('mul by ones that are larger', [row], (a: Tensor) => tf.mul(tf.ones([2, 3]), a)),
  check('a broadcast of two broadcasts', [row, column], (a: Tensor, b: Tensor) =>
    tf.mul(tf.broadcastTo(a, [2, 3]), tf.broadcastTo(b, [2, 3])),
  ),
  check('scalars that meet', [matrix], (a: Tensor) => tf.div(tf.mul(tf.neg(tf.mul(a, 3)), 0.25), -8)),
  ...compared('greater', tf.greater),
  ...compared('greaterEqual', tf.greaterEqual),
  ...compared('less', tf.less),
  ...compared('lessEqual', tf.lessEqual),
  ...compared('equal', tf.equal),
  ...compared('notEqual', tf.notEqual),
  check('logicalAnd', [bools([8]), bools([8])], tf.logicalAnd, 'truths have no gradient'),
  check('logicalOr', [bools([2, 4]), bools([4])], tf.logicalOr, 'truths have no gradient'),
  check('logicalXor', [bools([8]), bools([8])], tf.logicalXor, 'truths have no gradient'),
  check('logicalNot', [bools([8])], tf.logicalNot, 'truths have no gradient'),
  ...[tf.isNaN, tf.isInf, tf.isFinite].flatMap((test, i) => {
    const name = ['isNaN', 'isInf', 'isFinite'][i];
    const odd = fixed([0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    return [
      check(name, [odd], test, 'truths have no gradient'),
      check(`${name} of int32`, [ints([3], 0, 3)], test, 'truths have no gradient'),
    ];
  }),
  check('where', [bools([2, 3]), matrix, matrix], tf.where),
  check('where with scalars', [bools([2, 3]), scalar, scalar], (c: Tensor, a: Tensor, b: Tensor) =>
    tf.where(c as never, tf.broadcastTo(a, [2, 3]), tf.broadcastTo(b, [2, 3])),
  ),
  check('where of a comparison', [matrix], (x: Tensor) => tf.where(tf.greater(x, 0), x, tf.mul(x, 3))),
  check('where of int32', [bools([4]), ints([4], 0, 9), ints([4], 0, 9)], tf.where),
];
