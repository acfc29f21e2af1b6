import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { awayFromZero, bools, check, fixed, floats, ints, NOT_DIFFERENTIABLE } from './case.ts';

const cube = awayFromZero([2, 3, 4]);

type Reduction = (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor;

const reductions = (name: string, run: Reduction) => [
  check(`${name} of all`, [cube], (x: Tensor) => run(x)),
  check(`${name} over one axis`, [cube], (x: Tensor) => run(x, 1)),
  check(`${name} over the last axes`, [cube], (x: Tensor) => run(x, [-2, -1])),
  check(`${name} that keeps the axes`, [cube], (x: Tensor) => run(x, [0, 2], true)),
  check(`${name} over axes of one element`, [awayFromZero([1, 3, 1])], (x: Tensor) => run(x, [0, 2])),
  check(`${name} of int32`, [ints([3, 4], -4, 5)], (x: Tensor) => run(x, 1)),
];

export const reductionCases = [
  ...reductions('sum', tf.sum),
  ...reductions('mean', tf.mean),
  ...reductions('max', tf.max),
  ...reductions('min', tf.min),
  ...reductions('prod', tf.prod as Reduction),
  check('sum of bool', [bools([2, 5])], (x: Tensor) => tf.sum(x, 1)),
  check('mean of bool', [bools([2, 5])], (x: Tensor) => tf.mean(x, 1)),
  check('sum of a product with a number', [cube], (x: Tensor) => tf.sum(tf.mul(x, 0.3), 1)),
  check('sum of a broadcast', [awayFromZero([3])], (x: Tensor) => tf.sum(tf.broadcastTo(x, [4, 3]), 0)),
  check('mean of a mean', [cube], (x: Tensor) => tf.mean(tf.mean(x, 2), 0)),
  check('logSumExp', [cube], (x: Tensor) => tf.logSumExp(x, 1)),
  check('moments', [cube], (x: Tensor) => Object.values(tf.moments(x, [0, 2])) as Tensor[]),
  check('norm', [cube], (x: Tensor) => tf.norm(x)),
  check('all', [bools([4, 2])], (x: Tensor) => tf.all(x, 1), 'truths have no gradient'),
  check('any', [bools([4, 2])], (x: Tensor) => tf.any(x, 1), 'truths have no gradient'),
  check(
    'all of everything',
    [fixed([1, 1, 1], [3], 'bool')],
    (x: Tensor) => tf.all(x),
    'truths have no gradient',
  ),
  check(
    'any of nothing',
    [fixed([0, 0, 0], [3], 'bool')],
    (x: Tensor) => tf.any(x, 0, true),
    'truths have no gradient',
  ),
  check('argMax', [cube], (x: Tensor) => tf.argMax(x, 1), NOT_DIFFERENTIABLE),
  check('argMax of the last axis', [cube], (x: Tensor) => tf.argMax(x, -1), NOT_DIFFERENTIABLE),
  check('argMax takes the first', [fixed([1, 3, 3, 2])], (x: Tensor) => tf.argMax(x), NOT_DIFFERENTIABLE),
  check('argMin', [cube], (x: Tensor) => tf.argMin(x, 0), NOT_DIFFERENTIABLE),
  check('argMin of int32', [ints([3, 5], 0, 50)], (x: Tensor) => tf.argMin(x, 1), NOT_DIFFERENTIABLE),
  check('topk', [floats([3, 6])], (x: Tensor) => Object.values(tf.topk(x, 2)) as Tensor[]),
  check('topk of int32', [ints([6], 0, 99)], (x: Tensor) => Object.values(tf.topk(x, 3)) as Tensor[]),
  ...[false, true].flatMap(exclusive =>
    [false, true].flatMap(reverse => {
      const how = `${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`;
      return [
        check(`cumsum${how}`, [cube], (x: Tensor) => tf.cumsum(x, 2, exclusive, reverse)),
        check(`cumsum of another axis${how}`, [cube], (x: Tensor) => tf.cumsum(x, 0, exclusive, reverse)),
        check(`cumprod${how}`, [cube], (x: Tensor) => tf.cumprod(x, 2, exclusive, reverse)),
        check(`cumprod of another axis${how}`, [cube], (x: Tensor) => tf.cumprod(x, 1, exclusive, reverse)),
      ];
    }),
  ),
  check('cumsum of int32', [ints([5], 0, 9)], (x: Tensor) => tf.cumsum(x)),
];
